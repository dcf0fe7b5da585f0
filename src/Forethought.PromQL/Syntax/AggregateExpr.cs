namespace Forethought.PromQL.Syntax;

/// <summary>An aggregation: <c>topk by (job) (5, x)</c>.</summary>
public sealed class AggregateExpr : Expr
{
    internal AggregateExpr(AggregateOperator op, Expr expr, Expr? parameter, IReadOnlyList<string> grouping, bool without, PositionRange positionRange)
        : base(positionRange, 1 + Math.Max(expr.Height, parameter?.Height ?? 0))
    {
        Op = op;
        Expr = expr;
        Parameter = parameter;
        Grouping = grouping;
        Without = without;
    }

    /// <summary>The operator.</summary>
    public AggregateOperator Op { get; }

    /// <summary>The vector that is aggregated.</summary>
    public Expr Expr { get; }

    /// <summary>The parameter, present exactly for the operators that take one.</summary>
    public Expr? Parameter { get; }

    /// <summary>The label names of the <c>by</c> or <c>without</c> clause as written, possibly none.</summary>
    public IReadOnlyList<string> Grouping { get; }

    /// <summary>Whether the clause is <c>without</c>.</summary>
    public bool Without { get; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.Vector;
}
