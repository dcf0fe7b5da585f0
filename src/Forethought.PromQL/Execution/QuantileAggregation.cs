using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary><c>quantile</c> of each group at each step. Collects.</summary>
internal sealed class QuantileAggregation(
    EvaluationScope scope, VectorOperator input, ScalarOperator parameter, LabelProjection groups, AggregateExpr expr, Annotator annotator)
    : VectorOperator(scope, input, parameter)
{
    private readonly CollectedGroups _groups = new(groups);
    private List<SeriesRow>[] _rowsOf = [];
    private StepParameter? _quantiles;
    private double[] _scratch = [];
    private int _next;

    protected override bool ConsumesInputsFirst => true;

    protected override SeriesRow? Produce()
    {
        if (_quantiles is null)
            Collect();
        while (_next < _rowsOf.Length)
        {
            SeriesRow row = Compute(_next++);
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Collect()
    {
        _quantiles = new StepParameter(parameter, Grid.Count);
        _groups.Collect(input);
        if (_quantiles.HasNaN)
            annotator.InvalidQuantile(double.NaN, expr.Parameter!.PositionRange);
        if (_quantiles.Max > 1)
            annotator.InvalidQuantile(_quantiles.Max, expr.Parameter!.PositionRange);
        if (_quantiles.Min < 0)
            annotator.InvalidQuantile(_quantiles.Min, expr.Parameter!.PositionRange);
        _rowsOf = new List<SeriesRow>[_groups.GroupCount];
        for (int i = 0; i < _groups.Rows.Count; i++)
        {
            if (_groups.Rows[i].RemoveHistograms())
                annotator.HistogramIgnoredInAggregation("quantile", expr.Expr.PositionRange);
            (_rowsOf[_groups.GroupOf[i]] ??= []).Add(_groups.Rows[i]);
        }

        _scratch = new double[_groups.Rows.Count];
    }

    private SeriesRow Compute(int group)
    {
        SeriesRow result = Rows.Rent();
        result.SetLabels(_groups.LabelsOf(group));
        for (int s = 0; s < Grid.Count; s++)
        {
            int count = 0;
            foreach (SeriesRow row in _rowsOf[group])
            {
                if (StepBits.Has(row.Present, s))
                    _scratch[count++] = row.Values[s];
            }

            if (count > 0)
                result.SetFloat(s, Quantiles.Of(_quantiles!.Values[s], _scratch.AsSpan(0, count)));
        }

        foreach (SeriesRow row in _rowsOf[group])
        {
            result.DropName |= row.DropName;
            Rows.Return(row);
        }

        return result;
    }
}
