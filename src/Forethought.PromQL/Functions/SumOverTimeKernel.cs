using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>sum_over_time</c> and <c>avg_over_time</c>, of floats or of native histograms; a window with both gives no result and a warning.</summary>
internal sealed class SumOverTimeKernel(bool isMean) : RangeKernel
{
    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<double> values = input.Floats(s);
            ReadOnlySpan<FloatHistogram> histograms = input.Histograms(s);
            if (histograms.IsEmpty)
            {
                if (!values.IsEmpty)
                    row.SetFloat(s, isMean ? Mean(values) : Sum(values));
            }
            else if (!values.IsEmpty)
            {
                input.Annotator.MixedFloatsHistograms(input.MetricName, input.Position);
            }
            else
            {
                EvaluateHistograms(input, s, histograms, row);
            }
        }
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        double compensation = 0;
        foreach (double value in values)
            KahanSum.Add(value, ref sum, ref compensation);
        return double.IsInfinity(sum) ? sum : sum + compensation;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var mean = new RunningMean(values[0]);
        foreach (double value in values[1..])
            mean.Add(value);
        return mean.Result;
    }

    private void EvaluateHistograms(RangeInput input, int step, ReadOnlySpan<FloatHistogram> histograms, SeriesRow row)
    {
        var sum = new HistogramSum(histograms[0], isMean);
        foreach (FloatHistogram histogram in histograms[1..])
        {
            if (sum.Add(histogram))
                continue;
            input.Annotator.MixedExponentialCustom(input.MetricName, input.Position);
            return;
        }

        row.SetHistogram(step, sum.Complete());
        if (sum.HasConflictingResets)
            input.Annotator.CounterResetCollision("aggregation", input.Position);
        if (sum.HasReconciledBounds)
            input.Annotator.CustomBucketsReconciled("aggregation", input.Position);
    }
}
