using System.Collections.Frozen;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>Finds the parts of a query that yield the same at every step and are evaluated once: <c>@</c> on everything below.</summary>
internal static class StepInvariance
{
    // Their results depend on the time of the step or of their samples even where their arguments do not.
    private static readonly FrozenSet<string> DependOnTime = new[]
    {
        "days_in_month", "day_of_month", "day_of_week", "day_of_year", "end", "hour", "minute", "month", "year",
        "predict_linear", "range", "start", "step", "time", "timestamp",
    }.ToFrozenSet();

    /// <summary>Whether an expression yields the same at every step.</summary>
    public static bool IsInvariant(Expr expr) => expr switch
    {
        VectorSelector selector => HasAt(selector.TimestampMs, selector.StartOrEnd),
        MatrixSelector matrix => IsInvariant(matrix.VectorSelector),
        SubqueryExpr subquery => HasAt(subquery.TimestampMs, subquery.StartOrEnd),

        // As upstream, the parameter is not asked.
        AggregateExpr aggregate => IsInvariant(aggregate.Expr),
        BinaryExpr binary => IsInvariant(binary.Left) && IsInvariant(binary.Right),
        ParenExpr paren => IsInvariant(paren.Expr),
        UnaryExpr unary => IsInvariant(unary.Expr),
        Call call => IsInvariant(call),
        _ => true,
    };

    private static bool IsInvariant(Call call)
    {
        bool arguments = call.Arguments.All(IsInvariant);
        if (!DependOnTime.Contains(call.Function.Name))
            return arguments;

        // The time of a plain selector's samples does not change from step to step.
        return call.Function.Name == "timestamp" && arguments && call.Arguments.All(static argument => Unwrap(argument) is VectorSelector);
    }

    /// <summary>An expression without parentheses around it.</summary>
    public static Expr Unwrap(Expr expr)
    {
        while (expr is ParenExpr paren)
            expr = paren.Expr;
        return expr;
    }

    private static bool HasAt(long? timestampMs, AtModifier bound) => timestampMs is not null || bound != AtModifier.None;
}
