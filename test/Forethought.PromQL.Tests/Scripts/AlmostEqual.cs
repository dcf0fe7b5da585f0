using Forethought.Model;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Whether results agree within the scripts' tolerance of a millionth.</summary>
internal static class AlmostEqual
{
    private const double Epsilon = 0.000001;
    private const double SmallestNormal = 2.2250738585072014E-308;

    public static bool Floats(double x, double y)
    {
        if (StaleMarker.IsStale(x) || StaleMarker.IsStale(y))
            return StaleMarker.IsStale(x) && StaleMarker.IsStale(y);
        if ((double.IsNaN(x) && double.IsNaN(y)) || x == y)
            return true;
        double sum = Math.Abs(x) + Math.Abs(y);
        double difference = Math.Abs(x - y);
        return x == 0 || y == 0 || sum < SmallestNormal
            ? difference < Epsilon * SmallestNormal
            : difference / Math.Min(sum, double.MaxValue) < Epsilon;
    }

    /// <summary>Whether numbers differ by no more than two units in the last place, the signs of zeros aside.</summary>
    public static bool WithinTwoUnits(double x, double y) =>
        x == y || (double.IsNaN(x) && double.IsNaN(y)) || Math.Abs(x - y) <= 2 * (Math.BitIncrement(Math.Abs(x)) - Math.Abs(x));

    /// <summary>Histograms are compared compacted, their hints only if the expected one was given.</summary>
    public static bool Histograms(FloatHistogram expected, FloatHistogram actual, bool compareHint)
    {
        (expected, actual) = (expected.Clone(), actual.Clone());
        expected.Compact();
        actual.Compact();
        return expected.Schema == actual.Schema
            && Floats(expected.Count, actual.Count)
            && Floats(expected.Sum, actual.Sum)
            && expected.ZeroThreshold == actual.ZeroThreshold
            && Floats(expected.ZeroCount, actual.ZeroCount)
            && (!expected.UsesCustomBuckets || expected.CustomValues.AsSpan().SequenceEqual(actual.CustomValues))
            && Buckets(expected.NegativeSpans, expected.NegativeBuckets, actual.NegativeSpans, actual.NegativeBuckets)
            && Buckets(expected.PositiveSpans, expected.PositiveBuckets, actual.PositiveSpans, actual.PositiveBuckets)
            && (!compareHint || expected.CounterResetHint == actual.CounterResetHint);
    }

    private static bool Buckets(HistogramSpan[] spans, double[] buckets, HistogramSpan[] otherSpans, double[] otherBuckets)
    {
        if (buckets.Length != otherBuckets.Length)
            return false;
        var i = new BucketCursor(spans, buckets.Length);
        var j = new BucketCursor(otherSpans, otherBuckets.Length);
        while (i.MoveNext() && j.MoveNext())
        {
            if (i.Index != j.Index || !Floats(buckets[i.Position], otherBuckets[j.Position]))
                return false;
        }

        return true;
    }
}
