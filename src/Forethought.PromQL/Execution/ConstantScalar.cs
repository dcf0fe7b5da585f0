namespace Forethought.PromQL.Execution;

/// <summary>The same float at every step.</summary>
internal sealed class ConstantScalar(EvaluationScope scope, double value) : ScalarOperator(scope)
{
    protected override void Fill(double[] values) => values.AsSpan().Fill(value);
}
