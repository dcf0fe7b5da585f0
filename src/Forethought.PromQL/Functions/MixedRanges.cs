using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>Tells that a function of floats passed over histograms.</summary>
internal static class MixedRanges
{
    /// <summary>Adds the info if any step with a result had histograms in its window, too.</summary>
    public static void Report(RangeInput input, SeriesRow row)
    {
        if (input.Columns.HistogramCount == 0)
            return;
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (input.Histograms(step).IsEmpty)
                continue;
            input.Annotator.HistogramIgnoredInMixedRange(input.MetricName, input.Position);
            return;
        }
    }
}
