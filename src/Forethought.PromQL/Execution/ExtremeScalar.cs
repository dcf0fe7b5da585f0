using Forethought.PromQL.Functions;

namespace Forethought.PromQL.Execution;

/// <summary><c>min_of</c> and <c>max_of</c>.</summary>
internal sealed class ExtremeScalar(EvaluationScope scope, ScalarOperator left, ScalarOperator right, bool least)
    : ScalarOperator(scope, left, right)
{
    protected override void Fill(double[] values)
    {
        double[] leftValues = left.Evaluate();
        double[] rightValues = right.Evaluate();
        for (int s = 0; s < values.Length; s++)
            values[s] = least ? GoMath.Min(leftValues[s], rightValues[s]) : GoMath.Max(leftValues[s], rightValues[s]);
    }
}
