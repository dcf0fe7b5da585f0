using Forethought.PromQL.Functions;

namespace Forethought.PromQL.Execution;

/// <summary>A function of each float; histograms are dropped.</summary>
/// <param name="scope">Where it runs.</param>
/// <param name="input">The vector.</param>
/// <param name="map">The function.</param>
/// <param name="scalars">The scalar arguments.</param>
/// <param name="isClamp">Whether a step has no result where the second scalar is smaller than the first.</param>
internal sealed class MapFunction(EvaluationScope scope, VectorOperator input, StepMap map, ScalarOperator[] scalars, bool isClamp)
    : ElementwiseFunction(scope, input, LabelProjection.DroppingMetadata(), scalars)
{
    private double[][]? _scalars;

    protected override void Apply(SeriesRow row)
    {
        _scalars ??= Array.ConvertAll(scalars, static scalar => scalar.Evaluate());
        row.RemoveHistograms();
        map(row.Values, _scalars);
        if (!isClamp)
            return;
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (_scalars[1][step] < _scalars[0][step])
                StepBits.Clear(row.Present, step);
        }
    }
}
