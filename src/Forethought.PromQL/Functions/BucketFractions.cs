using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>How observations are taken to be spread within a bucket of a native histogram.</summary>
internal static class BucketFractions
{
    /// <summary>
    /// The share of a bucket's width at or below a value strictly within its finite bounds: linear with custom bounds and in the
    /// zero bucket, else on a logarithmic scale, mirrored for negative buckets.
    /// </summary>
    public static double Below(HistogramBucket bucket, double value, bool linear)
    {
        if (linear)
            return (value - bucket.Lower) / (bucket.Upper - bucket.Lower);
        double logLower = ElementaryMath.Log2(Math.Abs(bucket.Lower));
        double logUpper = ElementaryMath.Log2(Math.Abs(bucket.Upper));
        double logValue = ElementaryMath.Log2(Math.Abs(value));
        return value > 0
            ? (logValue - logLower) / (logUpper - logLower)
            : 1 - ((logValue - logUpper) / (logLower - logUpper));
    }
}
