using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>A float out of a histogram, native or classic, at a step; a struct, so that the call is inlined.</summary>
internal interface IHistogramMeasure
{
    double OfNative(FloatHistogram histogram, int step, string metricName);

    /// <param name="buckets">At least one, sorted by bound; may be changed.</param>
    /// <param name="step">The step.</param>
    /// <param name="timeMs">The time of the step.</param>
    /// <param name="metricName">For annotations.</param>
    double OfClassic(Span<ClassicBucket> buckets, int step, long timeMs, string metricName);
}
