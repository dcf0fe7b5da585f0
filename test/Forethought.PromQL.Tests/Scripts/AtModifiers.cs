using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Fixes the selectors of an expression to one time, so that it yields the same whenever it is evaluated.</summary>
internal static class AtModifiers
{
    private static readonly HashSet<string> DependOnTime =
    [
        "days_in_month", "day_of_month", "day_of_week", "day_of_year", "end", "hour", "minute", "month", "year",
        "predict_linear", "range", "start", "step", "time", "timestamp",
    ];

    /// <summary>Sets <c>@</c> on every selector and subquery without one; false if the result depends on the time all the same.</summary>
    public static bool TryFix(Expr expr, long timeMs)
    {
        switch (expr)
        {
            case VectorSelector selector:
                selector.TimestampMs ??= timeMs;
                return true;
            case MatrixSelector matrix:
                return TryFix(matrix.VectorSelector, timeMs);
            case SubqueryExpr subquery:
                // What is inside follows the subquery and, as upstream, is not looked at.
                subquery.TimestampMs ??= timeMs;
                return true;
            case AggregateExpr aggregate:
                return TryFix(aggregate.Expr, timeMs) & (aggregate.Parameter is null || TryFix(aggregate.Parameter, timeMs));
            case BinaryExpr binary:
                return TryFix(binary.Left, timeMs) & TryFix(binary.Right, timeMs);
            case Call call:
                bool fixable = !DependOnTime.Contains(call.Function.Name);
                foreach (Expr argument in call.Arguments)
                    fixable &= TryFix(argument, timeMs);
                return fixable;
            case ParenExpr paren:
                return TryFix(paren.Expr, timeMs);
            case UnaryExpr unary:
                return TryFix(unary.Expr, timeMs);
            default:
                return true;
        }
    }
}
