using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>A quantile by step.</summary>
internal readonly struct QuantileMeasure(double[] quantiles, Annotator annotator, PositionRange position) : IHistogramMeasure
{
    private readonly NativeQuantiles _native = new();

    public double OfNative(FloatHistogram histogram, int step, string metricName) =>
        _native.Quantile(quantiles[step], histogram, metricName, annotator, position);

    public double OfClassic(Span<ClassicBucket> buckets, int step, long timeMs, string metricName)
    {
        double result = ClassicBuckets.Quantile(quantiles[step], buckets, out MonotonicityFix fix);
        if (fix.IsForced)
            annotator.ForcedMonotonicity(metricName, position, timeMs, fix.MinBucket, fix.MaxBucket, fix.MaxDifference);
        return result;
    }
}
