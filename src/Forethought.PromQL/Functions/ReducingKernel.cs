using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>A function of the floats of a window; histograms in a window with floats are passed over with an info.</summary>
internal sealed class ReducingKernel<TReducer> : RangeKernel
    where TReducer : struct, IWindowReducer
{
    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        int[] lows = input.Windows.FloatLow;
        int[] highs = input.Windows.FloatHigh;
        double[] values = input.Columns.Floats;
        long[] times = input.Columns.FloatTimes;
        for (int s = 0; s < lows.Length; s++)
        {
            if (highs[s] > lows[s])
                row.SetFloat(s, TReducer.Reduce(values.AsSpan(lows[s]..highs[s]), times.AsSpan(lows[s]..highs[s])));
        }

        MixedRanges.Report(input, row);
    }
}
