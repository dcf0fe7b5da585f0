using System.Globalization;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>Syntax trees as text that shows every property but positions, to compare them.</summary>
internal static class TreeText
{
    internal static string Of(Expr? expr) => expr switch
    {
        null => "-",
        NumberLiteral { Value: double.NaN } => "NaN",
        NumberLiteral number => $"{BitConverter.DoubleToUInt64Bits(number.Value):x}{(number.IsDuration ? "d" : "")}",
        StringLiteral text => $"'{text.Value}'",
        VectorSelector selector => Of(selector),
        MatrixSelector matrix => $"[{Of(matrix.VectorSelector)} {matrix.Range} {Of(matrix.RangeExpr)}]",
        SubqueryExpr sub => $"[{Of(sub.Expr)} {sub.Range} {Of(sub.RangeExpr)} : {sub.Step} {Of(sub.StepExpr)}"
            + $" {sub.OriginalOffset} {Of(sub.OriginalOffsetExpr)} {sub.TimestampMs} {sub.StartOrEnd}]",
        Call call => $"{call.Function.Name}({string.Join(' ', call.Arguments.Select(Of))})",
        AggregateExpr aggregate => $"{aggregate.Op} {aggregate.Without} {string.Join(',', aggregate.Grouping)} ({Of(aggregate.Parameter)} {Of(aggregate.Expr)})",
        BinaryExpr binary => $"({Of(binary.Left)} {binary.Op} {binary.ReturnBool} {Of(binary.Matching)} {Of(binary.Right)})",
        UnaryExpr unary => $"{(unary.Negate ? "neg" : "pos")} {Of(unary.Expr)}",
        ParenExpr paren => $"({Of(paren.Expr)})",
        DurationExpr duration => $"<{duration.Op} {duration.Wrapped} {Of(duration.Left)} {Of(duration.Right)}>",
        _ => throw new InvalidOperationException(expr.GetType().Name),
    };

    internal static IEnumerable<Expr> Children(Expr expr)
    {
        IEnumerable<Expr?> children = expr switch
        {
            SubqueryExpr sub => [sub.Expr, sub.RangeExpr, sub.StepExpr],
            Call call => (Expr?[])[.. call.Arguments],
            AggregateExpr aggregate => [aggregate.Parameter, aggregate.Expr],
            BinaryExpr binary => [binary.Left, binary.Right],
            UnaryExpr unary => [unary.Expr],
            ParenExpr paren => [paren.Expr],
            MatrixSelector matrix => [matrix.VectorSelector, matrix.RangeExpr],
            DurationExpr duration => [duration.Left, duration.Right],
            _ => [],
        };
        return children.OfType<Expr>();
    }

    private static string Of(VectorSelector selector)
    {
        string matchers = string.Join(',', selector.Matchers.Select(matcher => matcher.ToString()).Order(StringComparer.Ordinal));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{selector.Name}{{{matchers}}} {selector.OriginalOffset} {Of(selector.OriginalOffsetExpr)} {selector.TimestampMs} "
            + $"{selector.StartOrEnd} {selector.Anchored} {selector.Smoothed}");
    }

    private static string Of(VectorMatching? matching) => matching is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{matching.Cardinality} {matching.On} {string.Join(',', matching.MatchingLabels)} / {string.Join(',', matching.Include)} {matching.FillLeft} {matching.FillRight}");
}
