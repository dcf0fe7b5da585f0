namespace Forethought.PromQL.Syntax;

/// <summary>An expression evaluated on a grid of its own: <c>rate(x[5m])[1h:1m]</c>.</summary>
public sealed class SubqueryExpr : Expr
{
    internal SubqueryExpr(Expr expr, TimeSpan range, DurationExpr? rangeExpr, TimeSpan step, DurationExpr? stepExpr, PositionRange positionRange)
        : base(positionRange, 1 + Math.Max(expr.Height, Math.Max(rangeExpr?.Height ?? 0, stepExpr?.Height ?? 0)))
    {
        Expr = expr;
        Range = range;
        RangeExpr = rangeExpr;
        Step = step;
        StepExpr = stepExpr;
    }

    /// <summary>The inner expression.</summary>
    public Expr Expr { get; }

    /// <summary>The width of the window; zero if <see cref="RangeExpr"/> has to be computed.</summary>
    public TimeSpan Range { get; }

    /// <summary>The width of the window if it has to be computed.</summary>
    public DurationExpr? RangeExpr { get; }

    /// <summary>The step of the grid; zero means the default step, unless <see cref="StepExpr"/> is set.</summary>
    public TimeSpan Step { get; }

    /// <summary>The step of the grid if it has to be computed.</summary>
    public DurationExpr? StepExpr { get; }

    /// <summary>The constant of the offset modifier, zero if there is none; positive looks into the past.</summary>
    public TimeSpan OriginalOffset { get; internal set; }

    /// <summary>The offset modifier if it has to be computed.</summary>
    public DurationExpr? OriginalOffsetExpr { get; internal set; }

    /// <summary>The time of the <c>@</c> modifier in milliseconds since 1970.</summary>
    public long? TimestampMs { get; internal set; }

    /// <summary>Whether the <c>@</c> modifier is <c>start()</c> or <c>end()</c>.</summary>
    public AtModifier StartOrEnd { get; internal set; }

    /// <inheritdoc/>
    public override ExprType Type => ExprType.Matrix;
}
