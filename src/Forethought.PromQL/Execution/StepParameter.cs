using Forethought.PromQL.Functions;

using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>The parameter of an aggregation by step, with what upstream checks of it before it looks at a series.</summary>
internal sealed class StepParameter
{
    public StepParameter(ScalarOperator scalar, int steps)
    {
        Values = scalar.Evaluate();
        for (int s = 0; s < steps; s++)
        {
            Max = GoMath.Max(Max, Values[s]);
            Min = GoMath.Min(Min, Values[s]);
            HasNaN |= double.IsNaN(Values[s]);
        }
    }

    public double[] Values { get; }

    public double Max { get; } = -double.MaxValue;

    public double Min { get; } = double.MaxValue;

    public bool HasNaN { get; }

    /// <summary>Checks a number of series; false if it is below one at all steps, so that the result is empty.</summary>
    /// <exception cref="PromQlException">It is NaN or beyond 64-bit integers at some step.</exception>
    public bool CheckCount()
    {
        if (Max < 1)
            return false;
        if (HasNaN)
            throw new PromQlException("Parameter value is NaN");
        if (Min <= long.MinValue)
            throw new PromQlException($"Scalar value {NumberText.General(Min)} underflows int64");
        if (Max >= long.MaxValue)
            throw new PromQlException($"Scalar value {NumberText.General(Max)} overflows int64");
        return true;
    }
}
