namespace Forethought.PromQL.Syntax;

/// <summary>
/// A duration that has to be computed before the query runs: in a range, a subquery's range or step, or an offset. Operands
/// are number literals (seconds) or further duration expressions.
/// </summary>
public sealed class DurationExpr : Expr
{
    internal DurationExpr(DurationOperator op, Expr? left, Expr? right, PositionRange positionRange)
        : base(positionRange, 1 + Math.Max(left?.Height ?? 0, right?.Height ?? 0))
    {
        Op = op;
        Left = left;
        Right = right;
    }

    /// <summary>The operator.</summary>
    public DurationOperator Op { get; }

    /// <summary>The left operand; null for a sign, <c>step()</c> and <c>range()</c>.</summary>
    public Expr? Left { get; }

    /// <summary>The right operand; null for <c>step()</c> and <c>range()</c>.</summary>
    public Expr? Right { get; }

    /// <summary>Whether the expression was in parentheses.</summary>
    public bool Wrapped { get; internal set; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.Scalar;
}
