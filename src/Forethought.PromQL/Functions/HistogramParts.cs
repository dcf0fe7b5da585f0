using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>Floats out of native histograms: <c>histogram_count</c>, <c>_sum</c>, <c>_avg</c>, <c>_stddev</c>, <c>_stdvar</c>.</summary>
internal static class HistogramParts
{
    /// <summary>The function with a name, null if there is none of this kind.</summary>
    public static Func<FloatHistogram, double>? Find(string name) => name switch
    {
        "histogram_count" => static histogram => histogram.Count,
        "histogram_sum" => static histogram => histogram.Sum,
        "histogram_avg" => static histogram => histogram.Sum / histogram.Count,
        "histogram_stddev" => static histogram => Math.Sqrt(Variance(histogram)),
        "histogram_stdvar" => Variance,
        _ => null,
    };

    /// <summary>
    /// The variance with all observations of a bucket at its geometric mean; at the arithmetic mean with custom bounds, at zero
    /// in the zero bucket.
    /// </summary>
    private static double Variance(FloatHistogram histogram)
    {
        double mean = histogram.Sum / histogram.Count;
        double variance = 0;
        double compensation = 0;
        var buckets = new List<HistogramBucket>();
        histogram.CopyBucketsTo(buckets);
        foreach (HistogramBucket bucket in buckets)
        {
            if (bucket.Count == 0)
                continue;
            double delta = Center(histogram, bucket) - mean;
            KahanSum.Add(bucket.Count * delta * delta, ref variance, ref compensation);
        }

        return (variance + compensation) / histogram.Count;
    }

    private static double Center(FloatHistogram histogram, HistogramBucket bucket)
    {
        if (histogram.UsesCustomBuckets)
            return (bucket.Upper + bucket.Lower) / 2.0;
        if (bucket.Lower <= 0 && bucket.Upper >= 0)
            return 0;
        double center = Math.Sqrt(bucket.Upper * bucket.Lower);
        return bucket.Upper < 0 ? -center : center;
    }
}
