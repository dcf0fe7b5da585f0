namespace Forethought.PromQL.Syntax;

/// <summary>A binary operation: <c>a / on (job) group_left b</c>.</summary>
public sealed class BinaryExpr : Expr
{
    internal BinaryExpr(BinaryOperator op, Expr left, Expr right, VectorMatching? matching, bool returnBool)
        : base(left.PositionRange.To(right.PositionRange), 1 + Math.Max(left.Height, right.Height))
    {
        Op = op;
        Left = left;
        Right = right;
        Matching = matching;
        ReturnBool = returnBool;
        Type = left.Type == ExprType.Scalar && right.Type == ExprType.Scalar ? ExprType.Scalar : ExprType.Vector;
    }

    /// <summary>The operator.</summary>
    public BinaryOperator Op { get; }

    /// <summary>The left operand.</summary>
    public Expr Left { get; }

    /// <summary>The right operand.</summary>
    public Expr Right { get; }

    /// <summary>How series match; null unless both operands are instant vectors.</summary>
    public VectorMatching? Matching { get; internal set; }

    /// <summary>Whether a comparison returns 0 or 1 rather than filtering (<c>bool</c>).</summary>
    public bool ReturnBool { get; }

    /// <inheritdoc/>
    public override ExprType Type { get; }
}
