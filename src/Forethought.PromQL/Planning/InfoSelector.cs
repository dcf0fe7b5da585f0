using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>The info series that a call of <c>info</c> joins with: which, and as of when.</summary>
internal sealed class InfoSelector
{
    /// <param name="call">The call.</param>
    /// <param name="durations">The query's durations.</param>
    public InfoSelector(Call call, QueryDurations durations)
    {
        IReadOnlyList<Matcher> matchers = call.Arguments.Count > 1
            ? ((VectorSelector)StepInvariance.Unwrap(call.Arguments[1])).Matchers
            : [new Matcher(Model.MatchType.Equal, "__name__", "target_info")];
        DataMatchers = [.. matchers.Where(static matcher => matcher.Name != "__name__")];
        NameMatchers = EffectiveNames([.. matchers.Where(static matcher => matcher.Name == "__name__")]);
        Selector = new VectorSelector("", [.. DataMatchers, .. NameMatchers], call.PositionRange) { BypassEmptyMatcherCheck = true };
        (Times, _) = TimesOf(call.Arguments[0], durations) ?? (default, false);
    }

    /// <summary>The matchers of labels to copy; empty for all labels.</summary>
    public IReadOnlyList<Matcher> DataMatchers { get; }

    /// <summary>The matchers of the info metrics' names.</summary>
    public IReadOnlyList<Matcher> NameMatchers { get; }

    /// <summary>A selector of all info series that may match.</summary>
    public VectorSelector Selector { get; }

    /// <summary>When the info series are looked at: as the first selector of the argument.</summary>
    public SelectorTimes Times { get; }

    // Without a matcher that says which names are wanted, all that end in _info are, or target_info alone.
    private static List<Matcher> EffectiveNames(List<Matcher> names)
    {
        if (names.Exists(static matcher => matcher.Type is Model.MatchType.Equal or Model.MatchType.RegexMatch))
            return names;
        return names.Count > 0
            ? [new Matcher(Model.MatchType.RegexMatch, "__name__", ".+_info"), .. names]
            : [new Matcher(Model.MatchType.Equal, "__name__", "target_info")];
    }

    // Offsets of subqueries around the selector add up until an @ fixes the time. True once it is fixed.
    private static (SelectorTimes Times, bool IsFixed)? TimesOf(Expr expr, QueryDurations durations)
    {
        switch (expr)
        {
            case VectorSelector selector:
                return (new SelectorTimes(durations.Offset(selector), durations.At(selector)), durations.At(selector) is not null);
            case SubqueryExpr subquery when TimesOf(subquery.Expr, durations) is { } inner:
                if (inner.IsFixed)
                    return inner;
                return (new SelectorTimes(inner.Times.OffsetMs + durations.Offset(subquery), durations.At(subquery)), durations.At(subquery) is not null);
            case MatrixSelector matrix:
                return TimesOf(matrix.VectorSelector, durations);
            case ParenExpr paren:
                return TimesOf(paren.Expr, durations);
            case UnaryExpr unary:
                return TimesOf(unary.Expr, durations);
            case AggregateExpr aggregate:
                return TimesOf(aggregate.Expr, durations) ?? (aggregate.Parameter is null ? null : TimesOf(aggregate.Parameter, durations));
            case BinaryExpr binary:
                return TimesOf(binary.Left, durations) ?? TimesOf(binary.Right, durations);
            case Call call:
                return call.Arguments.Select(argument => TimesOf(argument, durations)).FirstOrDefault(static times => times is not null);
            default:
                return null;
        }
    }
}
