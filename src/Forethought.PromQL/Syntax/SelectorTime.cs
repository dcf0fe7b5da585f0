namespace Forethought.PromQL.Syntax;

/// <summary>The time modifiers of a selector or subquery, wherever it keeps them.</summary>
internal sealed class SelectorTime
{
    private readonly Expr _expr;
    private readonly VectorSelector? _selector;
    private readonly SubqueryExpr? _subquery;

    private SelectorTime(Expr expr, VectorSelector? selector, SubqueryExpr? subquery)
    {
        _expr = expr;
        _selector = selector;
        _subquery = subquery;
    }

    /// <summary>Whether there is an offset.</summary>
    internal bool HasOffset => _selector is not null
        ? _selector.OriginalOffset != TimeSpan.Zero || _selector.OriginalOffsetExpr is not null
        : _subquery!.OriginalOffset != TimeSpan.Zero || _subquery.OriginalOffsetExpr is not null;

    /// <summary>Whether there is an <c>@</c>.</summary>
    internal bool HasAt => _selector is not null
        ? _selector.TimestampMs is not null || _selector.StartOrEnd != AtModifier.None
        : _subquery!.TimestampMs is not null || _subquery.StartOrEnd != AtModifier.None;

    /// <summary>The time modifiers of an expression; null if it takes none.</summary>
    internal static SelectorTime? Of(Expr expr) => expr switch
    {
        VectorSelector selector => new SelectorTime(expr, selector, null),
        MatrixSelector { Selector: VectorSelector selector } => new SelectorTime(expr, selector, null),
        SubqueryExpr subquery => new SelectorTime(expr, null, subquery),
        _ => null,
    };

    /// <summary>Sets the offset: a number of seconds or an expression.</summary>
    internal void SetOffset(Expr offset)
    {
        TimeSpan constant = offset is NumberLiteral literal ? DurationLiterals.ToTimeSpan(literal.Value) : TimeSpan.Zero;
        if (_selector is not null)
        {
            _selector.OriginalOffset = constant;
            _selector.OriginalOffsetExpr = offset as DurationExpr;
        }
        else
        {
            _subquery!.OriginalOffset = constant;
            _subquery.OriginalOffsetExpr = offset as DurationExpr;
        }
    }

    /// <summary>Sets the <c>@</c>: a time or a bound of the query.</summary>
    internal void SetAt(long? timestampMs, AtModifier startOrEnd)
    {
        if (_selector is not null)
        {
            _selector.TimestampMs = timestampMs;
            _selector.StartOrEnd = startOrEnd;
        }
        else
        {
            _subquery!.TimestampMs = timestampMs;
            _subquery.StartOrEnd = startOrEnd;
        }
    }

    /// <summary>Moves the end of the whole expression behind its modifiers.</summary>
    internal void SetEnd(int end) => _expr.PositionRange = _expr.PositionRange with { End = end };
}
