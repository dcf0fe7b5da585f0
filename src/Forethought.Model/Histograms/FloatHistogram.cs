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

    /// <summary>Where the positive buckets lie. Shared between histograms: replaced, never written to.</summary>
    public HistogramSpan[] PositiveSpans { get; set; } = [];

    /// <summary>Where the negative buckets lie. Shared between histograms: replaced, never written to.</summary>
    public HistogramSpan[] NegativeSpans { get; set; } = [];

    /// <summary>Counts of the positive buckets.</summary>
    public double[] PositiveBuckets { get; set; } = [];

    /// <summary>Counts of the negative buckets.</summary>
    public double[] NegativeBuckets { get; set; } = [];

    /// <summary>Upper bounds of custom buckets (schema −53), strictly increasing; +Inf is implied. Shared: never written to.</summary>
    public double[] CustomValues { get; set; } = [];

    /// <summary>Whether the sample is a stale marker.</summary>
    public bool IsStale => StaleMarker.IsStale(Sum);

    /// <summary>Whether the buckets have custom bounds.</summary>
    public bool UsesCustomBuckets => HistogramSchema.IsCustomBuckets(Schema);

    /// <summary>An independent copy.</summary>
    public FloatHistogram Clone()
    {
        var copy = new FloatHistogram();
        CopyTo(copy);
        return copy;
    }

    /// <summary>Makes <paramref name="target"/> equal to this; its arrays are reused where their lengths fit.</summary>
    public void CopyTo(FloatHistogram target)
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

    /// <summary>Makes this the empty histogram.</summary>
    public void Clear()
    {
        CounterResetHint = CounterResetHint.Unknown;
        Schema = 0;
        ZeroThreshold = ZeroCount = Count = Sum = 0;
        PositiveSpans = NegativeSpans = [];
        PositiveBuckets = NegativeBuckets = CustomValues = [];
    }

    /// <summary>Multiplies all counts and the sum; a negative factor makes a gauge.</summary>
    public void Multiply(double factor)
    {
        ZeroCount *= factor;
        Count *= factor;
        Sum *= factor;
        foreach (ref double count in PositiveBuckets.AsSpan())
            count *= factor;
        foreach (ref double count in NegativeBuckets.AsSpan())
            count *= factor;
        if (factor < 0)
            CounterResetHint = CounterResetHint.Gauge;
    }

    /// <summary>Divides all counts and the sum; dividing by zero drops the buckets, a negative divisor makes a gauge.</summary>
    public void Divide(double divisor)
    {
        ZeroCount /= divisor;
        Count /= divisor;
        Sum /= divisor;
        if (divisor == 0)
        {
            PositiveSpans = NegativeSpans = [];
            PositiveBuckets = NegativeBuckets = [];
            return;
        }

        foreach (ref double count in PositiveBuckets.AsSpan())
            count /= divisor;
        foreach (ref double count in NegativeBuckets.AsSpan())
            count /= divisor;
        if (divisor < 0)
            CounterResetHint = CounterResetHint.Gauge;
    }

    /// <summary>Removes empty buckets and joins adjacent spans, as <c>Compact(0)</c> upstream.</summary>
    public void Compact() => HistogramAddition.Compact(this, null);

    /// <summary>Whether any count, the sum or a bound is infinite.</summary>
    public bool HasOverflow() =>
        double.IsInfinity(ZeroCount) || double.IsInfinity(Count) || double.IsInfinity(Sum)
        || Array.Exists(PositiveBuckets, double.IsInfinity)
        || Array.Exists(NegativeBuckets, double.IsInfinity)
        || Array.Exists(CustomValues, double.IsInfinity);

    /// <summary>
    /// Whether both hold the same data: schema, thresholds, bit-equal counts, sum and buckets, and spans that describe the same
    /// layout. The counter-reset hint is not compared.
    /// </summary>
    public bool DataEquals(FloatHistogram other) =>
        Schema == other.Schema
        && SameBits(Count, other.Count)
        && SameBits(Sum, other.Sum)
        && ZeroThreshold == other.ZeroThreshold
        && SameBits(ZeroCount, other.ZeroCount)
        && (!UsesCustomBuckets || CustomValues.AsSpan().SequenceEqual(other.CustomValues))
        && SameLayout(PositiveSpans, PositiveBuckets.Length, other.PositiveSpans, other.PositiveBuckets.Length)
        && SameLayout(NegativeSpans, NegativeBuckets.Length, other.NegativeSpans, other.NegativeBuckets.Length)
        && SameBits(PositiveBuckets, other.PositiveBuckets)
        && SameBits(NegativeBuckets, other.NegativeBuckets);

    /// <summary>
    /// Adds to <paramref name="buckets"/> all buckets in ascending order: negative, zero (when populated), positive, empty ones
    /// included. Bounds of regular buckets that the zero bucket overlaps are set to the zero threshold.
    /// </summary>
    public void CopyBucketsTo(List<HistogramBucket> buckets)
    {
        int first = buckets.Count;
        var negative = new BucketCursor(NegativeSpans, NegativeBuckets.Length);
        while (negative.MoveNext())
            buckets.Add(NegativeBucket(negative.Index, NegativeBuckets[negative.Position]));
        buckets.Reverse(first, buckets.Count - first);
        if (ZeroCount > 0)
            buckets.Add(new HistogramBucket(-ZeroThreshold, ZeroThreshold, true, true, ZeroCount, 0));
        var positive = new BucketCursor(PositiveSpans, PositiveBuckets.Length);
        while (positive.MoveNext())
            buckets.Add(PositiveBucket(positive.Index, PositiveBuckets[positive.Position]));
    }

    private HistogramBucket PositiveBucket(int index, double count)
    {
        double lower = HistogramBounds.Upper(index - 1, Schema, CustomValues);
        double upper = HistogramBounds.Upper(index, Schema, CustomValues);
        bool custom = UsesCustomBuckets;
        bool lowerInclusive = custom ? index == 0 : lower < 0;
        if (lower > 0 && lower < ZeroThreshold)
            lower = ZeroThreshold;
        return new HistogramBucket(lower, upper, lowerInclusive, custom || upper > 0, count, index);
    }

    private HistogramBucket NegativeBucket(int index, double count)
    {
        double lower = -HistogramBounds.Upper(index, Schema, CustomValues);
        double upper = -HistogramBounds.Upper(index - 1, Schema, CustomValues);
        bool upperInclusive = upper > 0;
        if (upper < 0 && upper > -ZeroThreshold)
            upper = -ZeroThreshold;
        return new HistogramBucket(lower, upper, lower < 0, upperInclusive, count, index);
    }

    private static double[] CopyInto(double[] source, double[] target)
    {
        if (target.Length != source.Length || ReferenceEquals(source, target))
            return (double[])source.Clone();
        source.CopyTo(target, 0);
        return target;
    }

    private static bool SameBits(double left, double right) =>
        BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);

    private static bool SameBits(ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(left)
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(right));

    private static bool SameLayout(HistogramSpan[] left, int leftCount, HistogramSpan[] right, int rightCount)
    {
        if (leftCount != rightCount)
            return false;
        var i = new BucketCursor(left, leftCount);
        var j = new BucketCursor(right, rightCount);
        while (i.MoveNext())
        {
            if (!j.MoveNext() || i.Index != j.Index)
                return false;
        }

        return !j.MoveNext();
    }
}
