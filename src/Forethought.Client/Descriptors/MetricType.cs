namespace Forethought.Client;

/// <summary>What a family's samples mean, as its <c># TYPE</c> line says it.</summary>
public enum MetricType
{
    /// <summary>Nothing is known: <c>untyped</c> in the text format, <c>unknown</c> in OpenMetrics.</summary>
    Untyped,

    /// <summary>A value that only grows, apart from restarts.</summary>
    Counter,

    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>Count, sum and, where wanted, quantiles of observations.</summary>
    Summary,

    /// <summary>Count, sum and cumulative buckets of observations.</summary>
    Histogram,

    /// <summary>A histogram whose buckets may shrink; the text format calls it <c>histogram</c>.</summary>
    GaugeHistogram,
}
