namespace Forethought.PromQL.Execution;

/// <summary>A function that turns each sample of a vector into one float and drops the metric name. Streams.</summary>
internal abstract class ElementwiseFunction : VectorOperator
{
    private readonly VectorOperator _input;
    private readonly LabelProjection _drop;
    private readonly LabelGuard? _guard;

    /// <param name="scope">Where it runs.</param>
    /// <param name="input">The vector.</param>
    /// <param name="drop">The labels that go with the name.</param>
    /// <param name="scalars">The scalar arguments, for the account.</param>
    protected ElementwiseFunction(EvaluationScope scope, VectorOperator input, LabelProjection drop, params PlanOperator[] scalars)
        : base(scope, [input, .. scalars])
    {
        _input = input;
        _drop = drop;
        _guard = scope.Run.Options.DelayedNameRemoval ? null : new LabelGuard(perStep: true);
    }

    /// <summary>Replaces the samples of a row, or removes them.</summary>
    protected abstract void Apply(SeriesRow row);

    protected override SeriesRow? Produce()
    {
        while (_input.Next() is { } row)
        {
            Apply(row);
            if (DropIfEmpty(row))
                continue;
            row.DropName = true;
            if (_guard is not null)
            {
                row.SetLabels(_drop.Apply(row.Labels));
                _guard.Check(row);
            }

            return row;
        }

        return null;
    }
}
