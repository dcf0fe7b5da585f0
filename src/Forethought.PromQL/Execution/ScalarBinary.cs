using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>A binary operation between scalars; comparisons yield 0 or 1.</summary>
internal sealed class ScalarBinary(EvaluationScope scope, ScalarOperator left, ScalarOperator right, BinaryOperator op)
    : ScalarOperator(scope, left, right)
{
    protected override void Fill(double[] values)
    {
        double[] leftValues = left.Evaluate();
        double[] rightValues = right.Evaluate();
        if (BinaryMath.IsArithmetic(op))
        {
            BinaryMath.Compute(op, leftValues, rightValues, values);
            return;
        }

        ulong[] holds = new ulong[StepBits.Words(values.Length)];
        BinaryMath.Compare(op, leftValues, rightValues, holds);
        for (int s = 0; s < values.Length; s++)
            values[s] = StepBits.Has(holds, s) ? 1 : 0;
    }
}
