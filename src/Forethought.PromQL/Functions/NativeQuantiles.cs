using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>
/// Quantiles and fractions of native histograms (upstream's <c>HistogramQuantile</c> and <c>HistogramFraction</c>): exponential
/// interpolation within regular buckets, linear in the zero bucket and with custom bounds. Not thread-safe.
/// </summary>
internal sealed class NativeQuantiles
{
    private readonly List<HistogramBucket> _buckets = [];

    /// <summary>The quantile, with annotations about NaN observations.</summary>
    public double Quantile(double quantile, FloatHistogram histogram, string metricName, Annotator annotator, PositionRange position)
    {
        if (quantile < 0)
            return double.NegativeInfinity;
        if (quantile > 1)
            return double.PositiveInfinity;
        if (histogram.Count == 0 || double.IsNaN(quantile))
            return StaleMarker.NormalNaN;
        ReadOnlySpan<HistogramBucket> buckets = Load(histogram);

        // NaN observations are in the count but in no bucket, so only the way up meets the right rank.
        bool forward = double.IsNaN(histogram.Sum) || quantile < 0.5;
        double rank = (forward ? quantile : 1 - quantile) * histogram.Count;
        int at = FindRank(buckets, rank, forward, out double count);
        HistogramBucket bucket = at < 0 ? default : buckets[at];
        if (histogram.UsesCustomBuckets)
        {
            if (double.IsNegativeInfinity(bucket.Lower))
            {
                if (bucket.Upper <= 0)
                    return bucket.Upper;
                bucket = bucket with { Lower = 0 };
            }
            else if (double.IsPositiveInfinity(bucket.Upper))
            {
                return bucket.Lower;
            }
        }
        else if (bucket.Lower < 0 && bucket.Upper > 0)
        {
            bucket = OneSided(bucket, histogram);
        }

        count = count > histogram.Count ? histogram.Count : count;
        if (count < rank)
        {
            if (!double.IsNaN(histogram.Sum))
                return bucket.Upper;
            annotator.QuantileIsNaN(metricName, position);
            return StaleMarker.NormalNaN;
        }

        double inBucket = forward ? rank - (count - bucket.Count) : count - rank;
        if (double.IsNaN(histogram.Sum) && SumFrom(buckets, at + 1, count) < histogram.Count)
            annotator.QuantileIsSkewed(metricName, position);
        return Interpolate(bucket, inBucket / bucket.Count, histogram.UsesCustomBuckets);
    }

    /// <summary>The fraction of observations between two values, with an annotation about NaN observations.</summary>
    public double Fraction(
        double lower, double upper, FloatHistogram histogram, string metricName, Annotator annotator, PositionRange position)
    {
        if (histogram.Count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
            return StaleMarker.NormalNaN;
        if (lower >= upper)
            return 0;
        ReadOnlySpan<HistogramBucket> buckets = Load(histogram);
        double count = histogram.Count;
        if (double.IsNaN(histogram.Sum))
        {
            count = SumFrom(buckets, 0, 0);
            if (count < histogram.Count)
                annotator.FractionExcludesNaN(metricName, position);
        }

        return (RankOf(upper, buckets, histogram, count) - RankOf(lower, buckets, histogram, count)) / histogram.Count;
    }

    private static double RankOf(double value, ReadOnlySpan<HistogramBucket> buckets, FloatHistogram histogram, double count)
    {
        double rank = 0;
        foreach (HistogramBucket each in buckets)
        {
            HistogramBucket bucket = each;
            bool isZero = bucket.Lower <= 0 && bucket.Upper >= 0;
            if (isZero)
                bucket = OneSided(bucket, histogram);
            if (bucket.Lower >= value)
                return rank > count ? count : rank;
            if (bucket.Upper > value)
            {
                double inside = double.IsNegativeInfinity(bucket.Lower) && (isZero || histogram.UsesCustomBuckets)
                    ? bucket.Count
                    : rank + (bucket.Count * BucketFractions.Below(bucket, value, isZero || histogram.UsesCustomBuckets));
                return inside > count ? count : inside;
            }

            rank += bucket.Count;
        }

        return count;
    }

    // The zero bucket of a histogram with observations on one side only ends at zero.
    private static HistogramBucket OneSided(HistogramBucket bucket, FloatHistogram histogram)
    {
        if (histogram.NegativeBuckets.Length == 0 && histogram.PositiveBuckets.Length > 0)
            return bucket with { Lower = 0 };
        if (histogram.PositiveBuckets.Length == 0 && histogram.NegativeBuckets.Length > 0)
            return bucket with { Upper = 0 };
        return bucket;
    }

    // Index of the bucket with the rank, else of the last bucket on the way, even if that is empty; −1 without buckets.
    private static int FindRank(ReadOnlySpan<HistogramBucket> buckets, double rank, bool forward, out double count)
    {
        count = 0;
        int step = forward ? 1 : -1;
        int last = -1;
        for (int i = forward ? 0 : buckets.Length - 1; i >= 0 && i < buckets.Length; i += step)
        {
            last = i;
            if (buckets[i].Count == 0)
                continue;
            count += buckets[i].Count;
            if (count >= rank)
                break;
        }

        return last;
    }

    private static double SumFrom(ReadOnlySpan<HistogramBucket> buckets, int first, double count)
    {
        for (int i = first; i < buckets.Length; i++)
            count += buckets[i].Count;
        return count;
    }

    private static double Interpolate(HistogramBucket bucket, double fraction, bool custom)
    {
        if (custom || (bucket.Lower <= 0 && bucket.Upper >= 0))
            return bucket.Lower + ((bucket.Upper - bucket.Lower) * fraction);
        double logLower = ElementaryMath.Log2(Math.Abs(bucket.Lower));
        double logUpper = ElementaryMath.Log2(Math.Abs(bucket.Upper));
        return bucket.Lower > 0
            ? ElementaryMath.Exp2(logLower + ((logUpper - logLower) * fraction))
            : -ElementaryMath.Exp2(logUpper + ((logLower - logUpper) * (1 - fraction)));
    }

    private ReadOnlySpan<HistogramBucket> Load(FloatHistogram histogram)
    {
        _buckets.Clear();
        histogram.CopyBucketsTo(_buckets);
        return CollectionsMarshal.AsSpan(_buckets);
    }
}
