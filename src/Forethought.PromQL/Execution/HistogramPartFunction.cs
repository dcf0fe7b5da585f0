using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>A float out of each native histogram; floats are dropped.</summary>
internal sealed class HistogramPartFunction(EvaluationScope scope, VectorOperator input, Func<FloatHistogram, double> part)
    : ElementwiseFunction(scope, input, LabelProjection.Dropping("__name__"))
{
    protected override void Apply(SeriesRow row)
    {
        FloatHistogram?[]? histograms = row.Histograms;
        row.Histograms = null;
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (histograms?[step] is { } histogram)
                row.Values[step] = part(histogram);
            else
                StepBits.Clear(row.Present, step);
        }
    }
}
