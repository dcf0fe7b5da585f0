using System.Diagnostics;
using System.Runtime.Intrinsics;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>Binary operators on columns of floats; all columns have the same length, a multiple of eight.</summary>
internal static class BinaryMath
{
    /// <summary>Whether the operator computes rather than compares or trims.</summary>
    public static bool IsArithmetic(BinaryOperator op) => op <= BinaryOperator.Atan2;

    /// <summary>Computes an arithmetic operator; <paramref name="result"/> may be one of the operands.</summary>
    public static void Compute(BinaryOperator op, double[] left, double[] right, double[] result)
    {
        switch (op)
        {
            case BinaryOperator.Add:
                for (int s = 0; s < result.Length; s += 8)
                    (Vector512.Create(left, s) + Vector512.Create(right, s)).CopyTo(result, s);
                break;
            case BinaryOperator.Sub:
                for (int s = 0; s < result.Length; s += 8)
                    (Vector512.Create(left, s) - Vector512.Create(right, s)).CopyTo(result, s);
                break;
            case BinaryOperator.Mul:
                for (int s = 0; s < result.Length; s += 8)
                    (Vector512.Create(left, s) * Vector512.Create(right, s)).CopyTo(result, s);
                break;
            case BinaryOperator.Div:
                for (int s = 0; s < result.Length; s += 8)
                    (Vector512.Create(left, s) / Vector512.Create(right, s)).CopyTo(result, s);
                break;
            case BinaryOperator.Mod:
                for (int s = 0; s < result.Length; s++)
                    result[s] = left[s] % right[s];
                break;
            case BinaryOperator.Pow:
                for (int s = 0; s < result.Length; s++)
                    result[s] = ElementaryMath.Pow(left[s], right[s]);
                break;
            case BinaryOperator.Atan2:
                for (int s = 0; s < result.Length; s++)
                    result[s] = ElementaryMath.Atan2(left[s], right[s]);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Compares; the bits of the steps where the comparison holds are set in <paramref name="holds"/>, the others cleared.</summary>
    public static void Compare(BinaryOperator op, double[] left, double[] right, ulong[] holds)
    {
        holds.AsSpan().Clear();
        for (int s = 0; s < left.Length; s += 8)
        {
            Vector512<double> a = Vector512.Create(left, s);
            Vector512<double> b = Vector512.Create(right, s);
            Vector512<double> lanes = op switch
            {
                BinaryOperator.Equal => Vector512.Equals(a, b),
                BinaryOperator.NotEqual => ~Vector512.Equals(a, b),
                BinaryOperator.Less => Vector512.LessThan(a, b),
                BinaryOperator.LessOrEqual => Vector512.LessThanOrEqual(a, b),
                BinaryOperator.Greater => Vector512.GreaterThan(a, b),
                BinaryOperator.GreaterOrEqual => Vector512.GreaterThanOrEqual(a, b),
                _ => throw new UnreachableException(),
            };
            holds[s >> 6] |= lanes.ExtractMostSignificantBits() << (s & 63);
        }
    }
}
