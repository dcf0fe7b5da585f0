namespace Forethought.PromQL.Execution;

/// <summary>A scalar that is the same at all steps, evaluated once.</summary>
internal sealed class RepeatedScalar(EvaluationScope scope, EvaluationScope innerScope, ScalarOperator inner) : ScalarOperator(scope, inner)
{
    protected override void Fill(double[] values)
    {
        if (Grid.Count > 0)
            values.AsSpan().Fill(inner.Evaluate()[0]);
        RepeatedVector.CountRepeated(Scope.Statistics, innerScope.Statistics, Grid.Count);
    }
}
