namespace Forethought.PromQL.Syntax;

/// <summary>A sign in front of an expression. Signs of number literals are part of the literal instead.</summary>
public sealed class UnaryExpr : Expr
{
    internal UnaryExpr(bool negate, Expr expr, int startPosition)
        : base(new PositionRange(startPosition, expr.PositionRange.End), 1 + expr.Height)
    {
        Negate = negate;
        Expr = expr;
        Type = expr.Type;
    }

    /// <summary>Whether the sign is minus.</summary>
    public bool Negate { get; }

    /// <summary>The operand.</summary>
    public Expr Expr { get; }

    /// <inheritdoc/>
    public override ExprType Type { get; }
}
