using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>count_over_time</c>; and <c>present_over_time</c> and <c>absent_over_time</c>, which want to know only whether there is a sample.</summary>
internal sealed class CountKernel(bool presence, bool absence) : RangeKernel
{
    public override bool NeedsDistinctLabels => !absence;

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        bool hasHistograms = input.Columns.HistogramCount > 0;
        RangeWindows windows = input.Windows;
        for (int s = 0; s < windows.FloatLow.Length; s++)
        {
            int count = windows.FloatHigh[s] - windows.FloatLow[s];
            if (hasHistograms)
                count += windows.HistogramHigh[s] - windows.HistogramLow[s];
            if (count > 0)
                row.SetFloat(s, presence ? 1 : count);
        }
    }
}
