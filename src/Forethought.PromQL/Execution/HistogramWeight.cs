using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>What a native histogram counts for against the sample limit.</summary>
internal static class HistogramWeight
{
    // The size of upstream's struct (model/histogram.FloatHistogram.Size), so that the same queries hit the limit.
    private const int FixedBytes = 168;

    /// <summary>The number of float samples that the histogram counts for (<c>promql.HPoint.size</c>): its bytes and its timestamp's in units of 16.</summary>
    public static int Of(FloatHistogram histogram) => (Bytes(histogram) + 8) / 16;

    private static int Bytes(FloatHistogram histogram) =>
        FixedBytes + (8 * (histogram.PositiveSpans.Length + histogram.NegativeSpans.Length
            + histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length + histogram.CustomValues.Length));
}
