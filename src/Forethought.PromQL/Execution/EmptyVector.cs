namespace Forethought.PromQL.Execution;

/// <summary>No series at all; the input is read for its errors.</summary>
internal sealed class EmptyVector(EvaluationScope scope, VectorOperator input) : VectorOperator(scope, input)
{
    protected override SeriesRow? Produce()
    {
        while (input.Next() is { } row)
            Rows.Return(row);
        return null;
    }
}
