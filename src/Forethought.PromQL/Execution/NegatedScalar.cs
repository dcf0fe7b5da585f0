namespace Forethought.PromQL.Execution;

/// <summary>A minus sign in front of a scalar.</summary>
internal sealed class NegatedScalar(EvaluationScope scope, ScalarOperator input) : ScalarOperator(scope, input)
{
    protected override void Fill(double[] values)
    {
        double[] source = input.Evaluate();
        for (int s = 0; s < values.Length; s++)
            values[s] = -source[s];
    }
}
