namespace Forethought.Exposition;

/// <summary>The type of a metric family, numbered as in the metadata records of the write-ahead log.</summary>
public enum MetricType : byte
{
    /// <summary><c>unknown</c>; <c>untyped</c> in the text format.</summary>
    Unknown,

    /// <summary><c>counter</c>.</summary>
    Counter,

    /// <summary><c>gauge</c>.</summary>
    Gauge,

    /// <summary><c>histogram</c>.</summary>
    Histogram,

    /// <summary><c>gaugehistogram</c>.</summary>
    GaugeHistogram,

    /// <summary><c>summary</c>.</summary>
    Summary,

    /// <summary><c>info</c>.</summary>
    Info,

    /// <summary><c>stateset</c>.</summary>
    StateSet,
}
