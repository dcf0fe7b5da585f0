using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>
/// Quantiles and fractions of classic histograms, whose buckets are cumulative and interpolated linearly (upstream's
/// <c>BucketQuantile</c> and <c>BucketFraction</c>). Buckets must be sorted by bound; they are changed.
/// </summary>
internal static class ClassicBuckets
{
    // Differences this small between neighbouring counts come from floating-point sums, not from decreases.
    private const double SmallDifference = 1e-12;
    private const double SmallestNormal = 2.2250738585072014E-308;

    /// <summary>The quantile, with what had to be done to make the counts increase.</summary>
    public static double Quantile(double quantile, Span<ClassicBucket> buckets, out MonotonicityFix fix)
    {
        fix = default;
        if (double.IsNaN(quantile))
            return StaleMarker.NormalNaN;
        if (quantile < 0)
            return double.NegativeInfinity;
        if (quantile > 1)
            return double.PositiveInfinity;
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound))
            return StaleMarker.NormalNaN;
        buckets = MergeEqualBounds(buckets);
        fix = MakeMonotonic(buckets);
        if (buckets.Length < 2 || buckets[^1].Count == 0)
            return StaleMarker.NormalNaN;
        double rank = quantile * buckets[^1].Count;
        int b = FindRank(buckets, rank);
        if (b == buckets.Length - 1)
            return buckets[^2].UpperBound;
        if (b == 0 && buckets[0].UpperBound <= 0)
            return buckets[0].UpperBound;
        double start = 0;
        double end = buckets[b].UpperBound;
        double count = buckets[b].Count;
        if (b > 0)
        {
            start = buckets[b - 1].UpperBound;
            count -= buckets[b - 1].Count;
            rank -= buckets[b - 1].Count;
        }

        return start + ((end - start) * (rank / count));
    }

    /// <summary>The fraction of observations between two values.</summary>
    public static double Fraction(double lower, double upper, Span<ClassicBucket> buckets)
    {
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound))
            return StaleMarker.NormalNaN;
        buckets = MergeEqualBounds(buckets);
        double count = buckets[^1].Count;
        if (count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
            return StaleMarker.NormalNaN;
        if (lower >= upper)
            return 0;
        return (RankOf(upper, buckets, count) - RankOf(lower, buckets, count)) / count;
    }

    // The observations below a value; those of a bucket without lower or upper bound count as at its finite one.
    private static double RankOf(double value, ReadOnlySpan<ClassicBucket> buckets, double count)
    {
        double rank = 0;
        double start = buckets[0].UpperBound <= 0 ? double.NegativeInfinity : 0;
        foreach (ClassicBucket bucket in buckets)
        {
            if (start >= value)
                return Math.Min(rank, count);
            if (bucket.UpperBound > value)
            {
                double inside = double.IsNegativeInfinity(start)
                    ? bucket.Count
                    : rank + ((bucket.Count - rank) * (value - start) / (bucket.UpperBound - start));
                return inside > count ? count : inside;
            }

            rank = bucket.Count;
            start = bucket.UpperBound;
        }

        return count;
    }

    private static int FindRank(ReadOnlySpan<ClassicBucket> buckets, double rank)
    {
        int low = 0;
        int high = buckets.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (buckets[middle].Count >= rank)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static Span<ClassicBucket> MergeEqualBounds(Span<ClassicBucket> buckets)
    {
        int last = 0;
        for (int i = 1; i < buckets.Length; i++)
        {
            if (buckets[i].UpperBound == buckets[last].UpperBound)
                buckets[last] = buckets[last] with { Count = buckets[last].Count + buckets[i].Count };
            else
                buckets[++last] = buckets[i];
        }

        return buckets[..(last + 1)];
    }

    private static MonotonicityFix MakeMonotonic(Span<ClassicBucket> buckets)
    {
        var fix = new MonotonicityFix(false, double.PositiveInfinity, double.NegativeInfinity, 0);
        double previous = buckets[0].Count;
        for (int i = 1; i < buckets.Length; i++)
        {
            double count = buckets[i].Count;
            if (count == previous)
                continue;
            if (AlmostEqual(previous, count))
            {
                buckets[i] = buckets[i] with { Count = previous };
                continue;
            }

            if (!(count < previous))
            {
                previous = count;
                continue;
            }

            double bound = buckets[i].UpperBound;
            buckets[i] = buckets[i] with { Count = previous };
            fix = new MonotonicityFix(
                true, Math.Min(fix.MinBucket, bound), Math.Max(fix.MaxBucket, bound), Math.Max(fix.MaxDifference, previous - count));
        }

        return fix;
    }

    private static bool AlmostEqual(double x, double y)
    {
        if (double.IsNaN(x) && double.IsNaN(y))
            return true;
        double sum = Math.Abs(x) + Math.Abs(y);
        double difference = Math.Abs(x - y);
        if (x == 0 || y == 0 || sum < SmallestNormal)
            return difference < SmallDifference * SmallestNormal;
        return difference / Math.Min(sum, double.MaxValue) < SmallDifference;
    }
}
