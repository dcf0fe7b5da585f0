using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>A function of the floats of a window; histograms in a window with floats are passed over with an info.</summary>
internal sealed class ReducingKernel<TReducer> : RangeKernel
    where TReducer : struct, IWindowReducer
{
    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<double> values = input.Floats(s);
            if (!values.IsEmpty)
                row.SetFloat(s, TReducer.Reduce(values, input.FloatTimes(s)));
        }

        MixedRanges.Report(input, row);
    }
}
