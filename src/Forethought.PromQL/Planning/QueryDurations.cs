using System.Globalization;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>The ranges, offsets and subquery steps of one query, computed where they are expressions. All in milliseconds.</summary>
internal sealed class QueryDurations(PreparedQuery query)
{
    // What a Go duration holds in 63 bits of nanoseconds; the same bound as for literals.
    private const double LimitSeconds = 9223372036.854775808;

    /// <exception cref="PromQlException">The duration cannot be computed.</exception>
    public long Range(MatrixSelector selector) => Compute(selector.RangeExpr, selector.Range, allowNegative: false);

    /// <exception cref="PromQlException">The duration cannot be computed.</exception>
    public long Range(SubqueryExpr subquery) => Compute(subquery.RangeExpr, subquery.Range, allowNegative: false);

    /// <summary>The step of a subquery, 0 for the default.</summary>
    /// <exception cref="PromQlException">The duration cannot be computed.</exception>
    public long Step(SubqueryExpr subquery) => Compute(subquery.StepExpr, subquery.Step, allowNegative: false);

    /// <exception cref="PromQlException">The duration cannot be computed.</exception>
    public long Offset(VectorSelector selector) => Compute(selector.OriginalOffsetExpr, selector.OriginalOffset, allowNegative: true);

    /// <exception cref="PromQlException">The duration cannot be computed.</exception>
    public long Offset(SubqueryExpr subquery) => Compute(subquery.OriginalOffsetExpr, subquery.OriginalOffset, allowNegative: true);

    /// <summary>The time of a selector's <c>@</c>, null without.</summary>
    public long? At(VectorSelector selector) => At(selector.StartOrEnd, selector.TimestampMs);

    /// <summary>The time of a subquery's <c>@</c>, null without.</summary>
    public long? At(SubqueryExpr subquery) => At(subquery.StartOrEnd, subquery.TimestampMs);

    private long? At(AtModifier bound, long? timestampMs) => bound switch
    {
        AtModifier.Start => query.StartMs,
        AtModifier.End => query.EndMs,
        _ => timestampMs,
    };

    private long Compute(DurationExpr? expr, TimeSpan constant, bool allowNegative)
    {
        if (expr is null)
            return constant.Ticks / TimeSpan.TicksPerMillisecond;
        double seconds = Evaluate(expr);
        if (!double.IsFinite(seconds))
            throw Error(expr, "duration is NaN or infinite");
        if (seconds <= 0 && !allowNegative)
            throw Error(expr, "duration must be greater than 0");
        if (Math.Abs(seconds) > LimitSeconds)
            throw Error(expr, "duration is out of range");
        return (long)(seconds * 1000);
    }

    private double Evaluate(Expr expr)
    {
        if (expr is NumberLiteral literal)
            return literal.Value;
        var duration = (DurationExpr)expr;
        double left = duration.Left is null ? 0 : Evaluate(duration.Left);
        double right = duration.Right is null ? 0 : Evaluate(duration.Right);
        return duration.Op switch
        {
            DurationOperator.Step => query.StepMs / 1000.0,
            DurationOperator.Range => (query.EndMs - query.StartMs) / 1000.0,
            DurationOperator.MinOf => Functions.GoMath.Min(left, right),
            DurationOperator.MaxOf => Functions.GoMath.Max(left, right),
            DurationOperator.Add => left + right,
            DurationOperator.Sub => left - right,
            DurationOperator.Mul => left * right,
            DurationOperator.Div => right == 0 ? throw Error(expr, "division by zero") : left / right,
            DurationOperator.Mod => right == 0 ? throw Error(expr, "modulo by zero") : left % right,
            _ => Math.Pow(left, right),
        };
    }

    private static PromQlException Error(Expr expr, string message) => new(string.Create(
        CultureInfo.InvariantCulture, $"{expr.PositionRange.Start}:{expr.PositionRange.End}: {message}"));
}
