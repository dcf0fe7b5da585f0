using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>
/// The operators <c>&lt;/</c> and <c>&gt;/</c>: drop the observations of a native histogram above or below a value. A bucket
/// around the value is split by interpolation; count and sum are estimated from what is left.
/// </summary>
internal static class HistogramTrim
{
    /// <summary>A trimmed copy.</summary>
    public static FloatHistogram Trim(FloatHistogram source, double bound, bool keepBelow)
    {
        FloatHistogram histogram = source.Clone();
        var buckets = new List<HistogramBucket>();
        histogram.CopyBucketsTo(buckets);
        int negatives = histogram.NegativeBuckets.Length;
        int zero = histogram.ZeroCount > 0 ? 1 : 0;
        var trim = new Trimmed();
        bool hasPositive = false;
        bool hasNegative = false;
        for (int i = 0; i < histogram.PositiveBuckets.Length; i++)
        {
            HistogramBucket bucket = buckets[negatives + zero + i];
            hasPositive |= bucket.Count != 0;
            histogram.PositiveBuckets[i] = trim.Keep(bucket, bound, keepBelow, positive: true, histogram.UsesCustomBuckets);
        }

        for (int i = 0; i < negatives; i++)
        {
            // Buckets come in ascending order, the negative side is stored from zero outwards.
            HistogramBucket bucket = buckets[negatives - 1 - i];
            hasNegative |= bucket.Count != 0;
            histogram.NegativeBuckets[i] = trim.Keep(bucket, bound, keepBelow, positive: false, histogram.UsesCustomBuckets);
        }

        if (zero == 1)
            histogram.ZeroCount = trim.KeepZero(histogram, bound, keepBelow, hasNegative, hasPositive);
        if (!trim.Changed)
            return histogram;
        histogram.Count = trim.Count;
        histogram.Sum = trim.Sum;
        histogram.Compact();
        return histogram;
    }

    private static (double Kept, double Center) Split(HistogramBucket bucket, double bound, bool keepBelow, bool positive, bool linear)
    {
        if (double.IsNegativeInfinity(bucket.Lower))
            return SplitLowest(bucket, bound, keepBelow);
        if (double.IsPositiveInfinity(bucket.Upper))
            return !keepBelow && bound >= bucket.Lower ? (bucket.Count, bound) : (0, bucket.Lower);
        double below = bucket.Count * BucketFractions.Below(bucket, bound, linear);
        return keepBelow
            ? (below, Center(bucket.Lower, bound, positive, linear))
            : (bucket.Count - below, Center(bound, bucket.Upper, positive, linear));
    }

    // Nothing is known of where observations lie in a bucket without lower bound, except that one with a positive upper bound
    // is taken to begin at zero.
    private static (double Kept, double Center) SplitLowest(HistogramBucket bucket, double bound, bool keepBelow)
    {
        bool beginsAtZero = bucket.Upper > 0 && !double.IsPositiveInfinity(bucket.Upper);
        double fallback = double.IsInfinity(bucket.Upper) ? 0 : bucket.Upper;
        if (keepBelow)
        {
            if (bound > 0 && beginsAtZero)
                return (bucket.Count * bound / bucket.Upper, bound / 2);
            return bucket.Upper <= 0 ? (bucket.Count, bound) : (0, fallback);
        }

        return bound >= 0 && beginsAtZero
            ? (bucket.Count * (1 - (bound / bucket.Upper)), (bound + bucket.Upper) / 2)
            : (0, fallback);
    }

    private static double Center(double lower, double upper, bool positive, bool linear)
    {
        if (double.IsInfinity(lower))
            return double.IsInfinity(upper) ? 0 : upper > 0 ? upper / 2 : upper;
        if (double.IsInfinity(upper))
            return lower;
        if (linear)
            return (lower + upper) / 2;
        double center = Math.Sqrt(Math.Abs(lower * upper));
        return positive ? center : -center;
    }

    /// <summary>What is left so far.</summary>
    private struct Trimmed
    {
        public double Count { get; private set; }

        public double Sum { get; private set; }

        public bool Changed { get; private set; }

        public double Keep(HistogramBucket bucket, double bound, bool keepBelow, bool positive, bool linear)
        {
            if (bucket.Count == 0)
                return 0;
            bool whole = keepBelow ? bucket.Upper <= bound : bucket.Lower >= bound;
            bool part = keepBelow ? bucket.Lower < bound : bucket.Upper > bound;
            (double kept, double center) = whole
                ? (bucket.Count, HistogramTrim.Center(bucket.Lower, bucket.Upper, positive, linear))
                : part ? Split(bucket, bound, keepBelow, positive, linear) : (0, 0);
            Note(bucket.Count, kept, center);
            return kept;
        }

        public double KeepZero(FloatHistogram histogram, double bound, bool keepBelow, bool hasNegative, bool hasPositive)
        {
            double lower = hasPositive && !hasNegative ? 0 : -histogram.ZeroThreshold;
            double upper = hasNegative && !hasPositive ? 0 : histogram.ZeroThreshold;
            double count = histogram.ZeroCount;
            bool outside = keepBelow ? bound <= lower : bound >= upper;
            bool inside = keepBelow ? bound >= upper : bound <= lower;
            (double kept, double center) = outside ? (0, 0)
                : inside ? (count, (lower + upper) / 2)
                : keepBelow ? (count * ((bound - lower) / (upper - lower)), (lower + bound) / 2)
                : (count * ((upper - bound) / (upper - lower)), (bound + upper) / 2);
            Note(count, kept, center);
            return kept;
        }

        private void Note(double count, double kept, double center)
        {
            Count += kept;
            Sum += center * kept;
            Changed |= kept != count;
        }
    }
}
