using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>The fraction of observations between two values by step.</summary>
internal readonly struct FractionMeasure(double[] lower, double[] upper, Annotator annotator, PositionRange position) : IHistogramMeasure
{
    private readonly NativeQuantiles _native = new();

    public double OfNative(FloatHistogram histogram, int step, string metricName) =>
        _native.Fraction(lower[step], upper[step], histogram, metricName, annotator, position);

    public double OfClassic(Span<ClassicBucket> buckets, int step, long timeMs, string metricName) =>
        ClassicBuckets.Fraction(lower[step], upper[step], buckets);
}
