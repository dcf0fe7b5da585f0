using Forethought.Encoding;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>limitk</c>: the first k series of each group; <c>limit_ratio</c>: the series whose hash lies in a share of all hashes,
/// which is the same on every server. Streams, with one counter a group and step.
/// </summary>
internal sealed class LimitAggregation(
    EvaluationScope scope, VectorOperator input, ScalarOperator parameter, LabelProjection groups, AggregateExpr expr, Annotator annotator)
    : VectorOperator(scope, input, parameter)
{
    private readonly LabelIndex _index = new();
    private readonly List<int[]> _counts = [];
    private StepParameter? _limits;
    private bool _isEmpty;

    protected override SeriesRow? Produce()
    {
        if (_limits is null)
        {
            _limits = new StepParameter(parameter, Grid.Count);
            _isEmpty = expr.Op == AggregateOperator.Limitk ? !_limits.CheckCount() : !CheckRatio(_limits);
        }

        while (input.Next() is { } row)
        {
            if (_isEmpty)
                row.Present.AsSpan().Clear();
            else if (expr.Op == AggregateOperator.Limitk)
                LimitCount(row, _limits.Values);
            else
                LimitRatio(row, _limits.Values);
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private bool CheckRatio(StepParameter ratios)
    {
        if (ratios is { Max: 0, Min: 0 })
            return false;
        if (ratios.HasNaN)
            throw new PromQlException("Ratio value is NaN");
        if (ratios.Max > 1)
            annotator.InvalidRatio(ratios.Max, 1, expr.Parameter!.PositionRange);
        if (ratios.Min < -1)
            annotator.InvalidRatio(ratios.Min, -1, expr.Parameter!.PositionRange);
        return true;
    }

    private void LimitCount(SeriesRow row, double[] limits)
    {
        int group = _index.GetOrAdd(groups.Apply(row.Labels));
        if (group == _counts.Count)
            _counts.Add(new int[Grid.Count]);
        int[] counts = _counts[group];
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (counts[step] < (long)limits[step])
                counts[step]++;
            else
                row.Remove(step);
        }
    }

    private static void LimitRatio(SeriesRow row, double[] ratios)
    {
        double offset = (double)XxHash64.Compute(row.Labels) / ulong.MaxValue;
        foreach (int step in StepBits.Walk(row.Present))
        {
            double ratio = Math.Clamp(ratios[step], -1, 1);
            bool kept = ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
            if (!kept)
                row.Remove(step);
        }
    }
}
