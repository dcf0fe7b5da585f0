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
    private readonly Dictionary<Call, InfoSelector> _infos = new(ReferenceEqualityComparer.Instance);
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

    /// <summary>The info series of a call of <c>info</c>.</summary>
    public InfoSelector InfoOf(Call call) => _infos[call];

    private void Visit(Expr expr, long rangeMs)
    {
        if (expr is VectorSelector selector)
        {
            _numbers.Add(selector, _leaves.Count);
            bool onlyStatistics = NeedsOnlyStatistics();
            _leaves.Add(new SelectorLeaf(selector, HintsFor(selector, rangeMs, onlyStatistics), onlyStatistics));
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

    // The second argument of info() says which labels of which series to add; those are read as of the first argument's time.
    private void VisitArguments(Call call)
    {
        bool isInfo = call.Function.Name == "info";
        for (int i = 0; i < (isInfo ? 1 : call.Arguments.Count); i++)
            Visit(call.Arguments[i], 0);
        if (!isInfo)
            return;
        var info = new InfoSelector(call, Durations);
        (long start, long end) = TimesFor(info.Times, 0, anchored: false, smoothed: false);
        _infos.Add(call, info);
        _numbers.Add(info.Selector, _leaves.Count);
        _leaves.Add(new SelectorLeaf(
            info.Selector, new SelectHints { StartMs = start, EndMs = end, StepMs = StepFor(), Function = "info" }, StatisticsOnly: false));
    }

    // Subqueries repeat and skip samples, so resets have to be found in their results, which takes the buckets.
    private bool NeedsOnlyStatistics()
    {
        bool onlyStatistics = false;
        for (int i = _path.Count - 1; i >= 0; i--)
        {
            switch (_path[i])
            {
                case SubqueryExpr:
                case Call { Function.Name: "histogram_quantile" or "histogram_quantiles" or "histogram_fraction" }:
                case BinaryExpr { Op: BinaryOperator.TrimUpper or BinaryOperator.TrimLower }:
                    return false;
                case Call { Function.Name: "histogram_count" or "histogram_sum" or "histogram_avg" }:
                    onlyStatistics = true;
                    break;
            }
        }

        return onlyStatistics;
    }

    private SelectHints HintsFor(VectorSelector selector, long rangeMs, bool onlyStatistics)
    {
        var times = new SelectorTimes(Durations.Offset(selector), Durations.At(selector));
        (long start, long end) = TimesFor(times, rangeMs, selector.Anchored, selector.Smoothed);
        return new SelectHints
        {
            StartMs = start,
            EndMs = end,
            StepMs = StepFor(),
            RangeMs = rangeMs,
            Function = FunctionAround(),
            // Where only statistics are looked at, counter resets are found by looking at the sample before.
            NewestOnly = rangeMs == 0 && !selector.Anchored && !selector.Smoothed && !onlyStatistics && IsLookedAtOnce(times),
        };
    }

    private bool IsLookedAtOnce(SelectorTimes times) =>
        times.FixedMs is not null || (_query.StartMs == _query.EndMs && !_path.Exists(static expr => expr is SubqueryExpr));

    private (long StartMs, long EndMs) TimesFor(SelectorTimes times, long rangeMs, bool anchored, bool smoothed)
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

        if (times.FixedMs is { } fixedMs)
            (start, end) = (fixedMs, fixedMs);
        else
            (start, end) = (start - offset - range, end - offset);
        bool widensLeft = rangeMs > 0 && (anchored || smoothed);
        start -= (rangeMs == 0 || widensLeft ? _lookbackMs : 0) + rangeMs - 1;
        if (smoothed)
            end += _lookbackMs;
        return (start - times.OffsetMs, end - times.OffsetMs);
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
