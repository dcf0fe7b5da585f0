using Forethought.PromQL.Functions;

namespace Forethought.PromQL.Execution;

/// <summary>One series that a function makes of each histogram.</summary>
/// <param name="Measure">What it takes from the histogram.</param>
/// <param name="LabelName">A label that tells it from the others, or null.</param>
/// <param name="LabelValue">The label's value.</param>
/// <param name="Steps">The steps it has, null for all.</param>
internal sealed record HistogramOutput<TMeasure>(TMeasure Measure, byte[]? LabelName, string LabelValue, ulong[]? Steps)
    where TMeasure : struct, IHistogramMeasure
{
    public bool HasStep(int step) => Steps is null || StepBits.Has(Steps, step);
}
