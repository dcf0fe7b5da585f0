using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>
/// Tells whether the operator of an expression may hand out the same labels in several rows, each with other steps: a union of
/// two sides, rewritten labels, or names dropped from series of several names.
/// </summary>
internal static class RepeatedLabels
{
    public static bool MayOccur(Expr expr) => StepInvariance.Unwrap(expr) switch
    {
        // Groups are distinct; what only chooses among series leaves their labels as they are.
        AggregateExpr aggregate => Chooses(aggregate.Op) && MayOccur(aggregate.Expr),
        UnaryExpr unary => MayOccurWithoutNames(unary.Expr),
        BinaryExpr binary => MayOccur(binary),
        Call call => MayOccur(call),
        _ => false,
    };

    private static bool MayOccur(BinaryExpr binary)
    {
        if (binary.Op == BinaryOperator.Or)
            return true;
        if (binary.Op is BinaryOperator.And or BinaryOperator.Unless)
            return MayOccur(binary.Left);

        // A join makes each label set once.
        if (binary.Left.Type == binary.Right.Type)
            return false;
        return MayOccurWithoutNames(binary.Left.Type == ExprType.Vector ? binary.Left : binary.Right);
    }

    private static bool MayOccur(Call call)
    {
        if (call.Function.Name is "label_replace" or "label_join" or "info")
            return true;
        return call.Arguments.Any(static argument => argument.Type == ExprType.Vector && MayOccurWithoutNames(argument));
    }

    private static bool MayOccurWithoutNames(Expr expr) => StepInvariance.Unwrap(expr) switch
    {
        VectorSelector selector => !HasOneName(selector),
        AggregateExpr aggregate => Chooses(aggregate.Op) ? MayOccurWithoutNames(aggregate.Expr) : aggregate.Grouping.Contains("__name__"),
        BinaryExpr { Op: BinaryOperator.And or BinaryOperator.Unless } binary => MayOccurWithoutNames(binary.Left),
        BinaryExpr binary when binary.Left.Type == binary.Right.Type => true,
        Call { Function.Name: "first_over_time" or "last_over_time" } => true,
        var other => MayOccur(other),
    };

    private static bool HasOneName(VectorSelector selector) =>
        selector.Matchers.Any(static matcher => matcher is { Type: Model.MatchType.Equal, Name: "__name__", Value.Length: > 0 });

    private static bool Chooses(AggregateOperator op) =>
        op is AggregateOperator.Topk or AggregateOperator.Bottomk or AggregateOperator.Limitk or AggregateOperator.LimitRatio;
}
