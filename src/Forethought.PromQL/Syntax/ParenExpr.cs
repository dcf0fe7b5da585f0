namespace Forethought.PromQL.Syntax;

/// <summary>An expression in parentheses.</summary>
public sealed class ParenExpr : Expr
{
    internal ParenExpr(Expr expr, PositionRange positionRange)
        : base(positionRange, 1 + expr.Height)
    {
        Expr = expr;
        Type = expr.Type;
    }

    /// <summary>The expression inside.</summary>
    public Expr Expr { get; }

    /// <inheritdoc/>
    public override ExprType Type { get; }
}
