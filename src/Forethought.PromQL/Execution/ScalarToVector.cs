namespace Forethought.PromQL.Execution;

/// <summary><c>vector(s)</c>: one series without labels.</summary>
internal sealed class ScalarToVector(EvaluationScope scope, ScalarOperator input) : VectorOperator(scope, input)
{
    private bool _done;

    protected override SeriesRow? Produce()
    {
        if (_done || Grid.Count == 0)
            return null;
        _done = true;
        SeriesRow row = Rows.Rent();
        input.Evaluate().CopyTo(row.Values, 0);
        StepBits.SetFirst(row.Present, Grid.Count);
        return row;
    }
}
