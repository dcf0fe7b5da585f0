namespace Forethought.Model;

/// <summary>
/// A native histogram with integer counts, as clients expose it: bucket counts are deltas, the first absolute, each further one
/// relative to its predecessor. A mutable holder that is reused; whoever keeps one copies it. Not thread-safe.
/// </summary>
public sealed class Histogram
{
    /// <summary>What is known about a counter reset.</summary>
    public CounterResetHint CounterResetHint { get; set; }

    /// <summary>The resolution: −4…8, or −53 for custom bounds.</summary>
    public int Schema { get; set; }

    /// <summary>The zero bucket's width: observations in [−threshold, threshold] fall into it.</summary>
    public double ZeroThreshold { get; set; }

    /// <summary>Observations in the zero bucket.</summary>
    public ulong ZeroCount { get; set; }

    /// <summary>All observations.</summary>
    public ulong Count { get; set; }

    /// <summary>The sum of observations; the stale marker's bits make the sample stale.</summary>
    public double Sum { get; set; }

    /// <summary>Where the positive buckets lie. Shared between histograms: replaced, never written to.</summary>
    public HistogramSpan[] PositiveSpans { get; set; } = [];

    /// <summary>Where the negative buckets lie. Shared between histograms: replaced, never written to.</summary>
    public HistogramSpan[] NegativeSpans { get; set; } = [];

    /// <summary>Delta-coded counts of the positive buckets.</summary>
    public long[] PositiveBuckets { get; set; } = [];

    /// <summary>Delta-coded counts of the negative buckets.</summary>
    public long[] NegativeBuckets { get; set; } = [];

    /// <summary>Upper bounds of custom buckets (schema −53), strictly increasing; +Inf is implied. Shared: never written to.</summary>
    public double[] CustomValues { get; set; } = [];

    /// <summary>Whether the sample is a stale marker.</summary>
    public bool IsStale => StaleMarker.IsStale(Sum);

    /// <summary>Whether the buckets have custom bounds.</summary>
    public bool UsesCustomBuckets => HistogramSchema.IsCustomBuckets(Schema);

    /// <summary>Makes <paramref name="target"/> equal to this; its arrays of buckets are reused where their lengths fit.</summary>
    public void CopyTo(Histogram target)
    {
        target.CounterResetHint = CounterResetHint;
        target.Schema = Schema;
        target.ZeroThreshold = ZeroThreshold;
        target.ZeroCount = ZeroCount;
        target.Count = Count;
        target.Sum = Sum;
        target.PositiveSpans = PositiveSpans;
        target.NegativeSpans = NegativeSpans;
        target.PositiveBuckets = CopyInto(PositiveBuckets, target.PositiveBuckets);
        target.NegativeBuckets = CopyInto(NegativeBuckets, target.NegativeBuckets);
        target.CustomValues = CustomValues;
    }

    /// <summary>Makes <paramref name="target"/> the same histogram with absolute float counts; arrays of the right length are reused.</summary>
    public void CopyTo(FloatHistogram target)
    {
        bool custom = UsesCustomBuckets;
        target.CounterResetHint = CounterResetHint;
        target.Schema = Schema;
        target.Count = Count;
        target.Sum = Sum;
        target.ZeroThreshold = custom ? 0 : ZeroThreshold;
        target.ZeroCount = custom ? 0 : ZeroCount;
        target.CustomValues = custom ? CustomValues : [];
        target.PositiveSpans = PositiveSpans;
        target.PositiveBuckets = Absolute(PositiveBuckets, target.PositiveBuckets);
        target.NegativeSpans = custom ? [] : NegativeSpans;
        target.NegativeBuckets = custom ? [] : Absolute(NegativeBuckets, target.NegativeBuckets);
    }

    private static long[] CopyInto(long[] source, long[] target)
    {
        if (target.Length != source.Length || ReferenceEquals(source, target))
            return (long[])source.Clone();
        source.CopyTo(target, 0);
        return target;
    }

    private static double[] Absolute(long[] deltas, double[] counts)
    {
        if (counts.Length != deltas.Length)
            counts = new double[deltas.Length];
        double count = 0;
        for (int i = 0; i < deltas.Length; i++)
        {
            count += deltas[i];
            counts[i] = count;
        }

        return counts;
    }
}
