namespace Forethought.PromQL.Syntax;

/// <summary>Selects the samples of a window of each matching series: <c>http_requests_total[5m]</c>.</summary>
public sealed class MatrixSelector : Expr
{
    internal MatrixSelector(Expr selector, TimeSpan range, DurationExpr? rangeExpr, PositionRange positionRange)
        : base(positionRange, 1 + Math.Max(selector.Height, rangeExpr?.Height ?? 0))
    {
        Selector = selector;
        Range = range;
        RangeExpr = rangeExpr;
    }

    /// <summary>The series; it also carries the offset, <c>@</c>, <c>anchored</c> and <c>smoothed</c> written behind the brackets.</summary>
    public VectorSelector VectorSelector => (VectorSelector)Selector;

    /// <summary>The width of the window; zero if <see cref="RangeExpr"/> has to be computed.</summary>
    public TimeSpan Range { get; }

    /// <summary>The width of the window if it has to be computed.</summary>
    public DurationExpr? RangeExpr { get; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.Matrix;

    /// <summary>What stands before the brackets: another expression than a vector selector only beside a parse error.</summary>
    internal Expr Selector { get; }
}
