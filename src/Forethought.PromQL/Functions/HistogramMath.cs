using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>Binary operators with a native histogram on at least one side. Operands are not changed.</summary>
internal static class HistogramMath
{
    /// <summary>Computes or compares one pair.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="left">The left histogram, null for a float.</param>
    /// <param name="leftValue">The left float.</param>
    /// <param name="right">The right histogram, null for a float.</param>
    /// <param name="rightValue">The right float.</param>
    /// <param name="result">The resulting histogram; for a comparison the left one. Null if the pair has no result.</param>
    /// <param name="holds">Whether a comparison holds; true for arithmetic.</param>
    /// <returns>What there is to tell.</returns>
    public static BinaryNote Compute(
        BinaryOperator op, FloatHistogram? left, double leftValue, FloatHistogram? right, double rightValue,
        out FloatHistogram? result, out bool holds)
    {
        holds = true;
        result = null;
        if (left is null)
        {
            if (op != BinaryOperator.Mul)
                return BinaryNote.FloatHistogram;
            result = Scaled(right!, leftValue);
            return BinaryNote.None;
        }

        return right is null
            ? WithFloat(op, left, rightValue, out result)
            : WithHistogram(op, left, right, out result, out holds);
    }

    private static BinaryNote WithFloat(BinaryOperator op, FloatHistogram left, double right, out FloatHistogram? result)
    {
        result = null;
        switch (op)
        {
            case BinaryOperator.Mul:
                result = Scaled(left, right);
                return BinaryNote.None;
            case BinaryOperator.Div:
                result = left.Clone();
                result.Divide(right);
                result.Compact();
                return BinaryNote.None;
            case BinaryOperator.TrimUpper:
            case BinaryOperator.TrimLower:
                result = HistogramTrim.Trim(left, right, keepBelow: op == BinaryOperator.TrimUpper);
                return BinaryNote.None;
            default:
                return BinaryNote.HistogramFloat;
        }
    }

    private static BinaryNote WithHistogram(
        BinaryOperator op, FloatHistogram left, FloatHistogram right, out FloatHistogram? result, out bool holds)
    {
        holds = true;
        result = null;
        switch (op)
        {
            case BinaryOperator.Add:
            case BinaryOperator.Sub:
                return Combine(op, left, right, out result);
            case BinaryOperator.Equal:
            case BinaryOperator.NotEqual:
                result = left;
                holds = left.DataEquals(right) == (op == BinaryOperator.Equal);
                return BinaryNote.None;
            default:
                return BinaryNote.HistogramHistogram;
        }
    }

    private static BinaryNote Combine(BinaryOperator op, FloatHistogram left, FloatHistogram right, out FloatHistogram? result)
    {
        result = left.Clone();
        HistogramMergeResult merged = op == BinaryOperator.Add
            ? HistogramAddition.Add(result, right)
            : HistogramAddition.Subtract(result, right);
        if ((merged & HistogramMergeResult.Incompatible) != 0)
        {
            result = null;
            return BinaryNote.IncompatibleLayout;
        }

        if (op == BinaryOperator.Sub)
            result.CounterResetHint = CounterResetHint.Gauge;
        result.Compact();
        if ((merged & HistogramMergeResult.CounterResetCollision) != 0)
        {
            // Between vectors a collision costs the sample, not only a warning.
            result = null;
            return BinaryNote.CounterResetCollision;
        }

        return (merged & HistogramMergeResult.BoundsReconciled) != 0 ? BinaryNote.BoundsReconciled : BinaryNote.None;
    }

    private static FloatHistogram Scaled(FloatHistogram histogram, double factor)
    {
        FloatHistogram result = histogram.Clone();
        result.Multiply(factor);
        result.Compact();
        return result;
    }
}
