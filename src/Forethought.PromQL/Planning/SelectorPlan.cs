using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.Storage;

namespace Forethought.PromQL.Planning;

/// <summary>The selectors of a query in the order written, with the times each needs: they are selected before anything is evaluated.</summary>
internal sealed class SelectorPlan
{
    private readonly PreparedQuery _query;
    private readonly QueryEngineOptions _options;
    private readonly long _lookbackMs;
    private readonly Dictionary<VectorSelector, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly List<SelectorLeaf> _leaves = [];
    private readonly List<Expr> _path = [];

    /// <exception cref="PromQlException">A duration cannot be computed.</exception>
    public SelectorPlan(PreparedQuery query, QueryEngineOptions options, long lookbackMs)
    {
        _query = query;
        _options = options;
        _lookbackMs = lookbackMs;
        Durations = new QueryDurations(query);
        Visit(query.Expression, rangeMs: 0);
    }

    public QueryDurations Durations { get; }

    public IReadOnlyList<SelectorLeaf> Leaves => _leaves;

    /// <summary>The first and last time that any selector needs; zeros without selectors.</summary>
    public (long MinMs, long MaxMs) TimeRange => _leaves.Count == 0
        ? (0, 0)
        : (_leaves.Min(static leaf => leaf.Hints.StartMs), _leaves.Max(static leaf => leaf.Hints.EndMs));

    /// <summary>The index of a selector among <see cref="Leaves"/>.</summary>
    public int NumberOf(VectorSelector selector) => _numbers[selector];

    private void Visit(Expr expr, long rangeMs)
    {
        if (expr is VectorSelector selector)
        {
            _numbers.Add(selector, _leaves.Count);
            _leaves.Add(new SelectorLeaf(selector, HintsFor(selector, rangeMs)));
            return;
        }

        _path.Add(expr);
        switch (expr)
        {
            case AggregateExpr aggregate:
                Visit(aggregate.Expr, 0);
                if (aggregate.Parameter is not null)
                    Visit(aggregate.Parameter, 0);
                break;
            case BinaryExpr binary:
                Visit(binary.Left, 0);
                Visit(binary.Right, 0);
                break;
            case Call call:
                VisitArguments(call);
                break;
            case MatrixSelector matrix:
                Visit(matrix.VectorSelector, Durations.Range(matrix));
                break;
            case SubqueryExpr subquery:
                Visit(subquery.Expr, 0);
                break;
            case ParenExpr paren:
                Visit(paren.Expr, 0);
                break;
            case UnaryExpr unary:
                Visit(unary.Expr, 0);
                break;
        }

        _path.RemoveAt(_path.Count - 1);
    }

    // The second argument of info() only names labels.
    private void VisitArguments(Call call)
    {
        int count = call.Function.Name == "info" ? 1 : call.Arguments.Count;
        for (int i = 0; i < count; i++)
            Visit(call.Arguments[i], 0);
    }

    private SelectHints HintsFor(VectorSelector selector, long rangeMs)
    {
        (long start, long end) = TimesFor(selector, rangeMs);
        return new SelectHints
        {
            StartMs = start,
            EndMs = end,
            StepMs = StepFor(),
            RangeMs = rangeMs,
            Function = FunctionAround(),
        };
    }

    private (long StartMs, long EndMs) TimesFor(VectorSelector selector, long rangeMs)
    {
        (long start, long end) = (_query.StartMs, _query.EndMs);
        (long offset, long range) = (0, 0);
        foreach (SubqueryExpr subquery in _path.OfType<SubqueryExpr>())
        {
            long ownOffset = Durations.Offset(subquery);
            long ownRange = Durations.Range(subquery);
            if (Durations.At(subquery) is { } at)
            {
                // From here on inwards nothing depends on what is outside.
                (start, end) = (at, at);
                (offset, range) = (ownOffset, ownRange);
            }
            else
            {
                (offset, range) = (offset + ownOffset, range + ownRange);
            }
        }

        if (Durations.At(selector) is { } fixedMs)
            (start, end) = (fixedMs, fixedMs);
        else
            (start, end) = (start - offset - range, end - offset);
        bool widensLeft = rangeMs > 0 && (selector.Anchored || selector.Smoothed);
        start -= (rangeMs == 0 || widensLeft ? _lookbackMs : 0) + rangeMs - 1;
        if (selector.Smoothed)
            end += _lookbackMs;
        long own = Durations.Offset(selector);
        return (start - own, end - own);
    }

    private long StepFor()
    {
        if (_path.OfType<SubqueryExpr>().LastOrDefault() is not { } subquery)
            return _query.StepMs;
        long step = Durations.Step(subquery);
        return step > 0 ? step : DefaultStep(subquery);
    }

    /// <summary>The step in milliseconds of a subquery that gives none.</summary>
    public long DefaultStep(SubqueryExpr subquery) =>
        _options.DefaultSubqueryStep(TimeSpan.FromMilliseconds(Durations.Range(subquery))).Ticks / TimeSpan.TicksPerMillisecond;

    // The nearest function or aggregation around the selector, unless an operator comes first.
    private string FunctionAround()
    {
        for (int i = _path.Count - 1; i >= 0; i--)
        {
            switch (_path[i])
            {
                case AggregateExpr aggregate:
                    return aggregate.Op.Name();
                case Call call:
                    return call.Function.Name;
                case BinaryExpr:
                    return "";
            }
        }

        return "";
    }
}
