namespace Forethought.Model;

/// <summary>
/// A native histogram with float counts, as queries compute with: bucket counts are absolute. A mutable holder that batches
/// pool and reuse; whoever keeps one beyond its batch copies it. Not thread-safe.
/// </summary>
public sealed class FloatHistogram
{
    /// <summary>What is known about a counter reset.</summary>
    public CounterResetHint CounterResetHint { get; set; }

    /// <summary>The resolution: −4…8, or −53 for custom bounds.</summary>
    public int Schema { get; set; }

    /// <summary>The zero bucket's width.</summary>
    public double ZeroThreshold { get; set; }

    /// <summary>Observations in the zero bucket.</summary>
    public double ZeroCount { get; set; }

    /// <summary>All observations.</summary>
    public double Count { get; set; }

    /// <summary>The sum of observations; the stale marker's bits make the sample stale.</summary>
    public double Sum { get; set; }

    /// <summary>Where the positive buckets lie.</summary>
    public HistogramSpan[] PositiveSpans { get; set; } = [];

    /// <summary>Where the negative buckets lie.</summary>
    public HistogramSpan[] NegativeSpans { get; set; } = [];

    /// <summary>Counts of the positive buckets.</summary>
    public double[] PositiveBuckets { get; set; } = [];

    /// <summary>Counts of the negative buckets.</summary>
    public double[] NegativeBuckets { get; set; } = [];

    /// <summary>Upper bounds of custom buckets (schema −53), strictly increasing; +Inf is implied.</summary>
    public double[] CustomValues { get; set; } = [];

    /// <summary>Whether the sample is a stale marker.</summary>
    public bool IsStale => StaleMarker.IsStale(Sum);
}
