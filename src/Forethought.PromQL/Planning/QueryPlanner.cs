using System.Diagnostics;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.Storage;

namespace Forethought.PromQL.Planning;

/// <summary>Turns a syntax tree into operators. Makes the plan of one run; operators are used up by it.</summary>
internal sealed class QueryPlanner
{
    private readonly QueryRun _run;
    private readonly IReadOnlyList<ISeriesSet> _sets;
    private readonly CallPlanner _calls;
    private int _order;

    /// <param name="run">The run.</param>
    /// <param name="query">The query.</param>
    /// <param name="selectors">Its selectors.</param>
    /// <param name="sets">The series of each selector.</param>
    public QueryPlanner(QueryRun run, PreparedQuery query, SelectorPlan selectors, IReadOnlyList<ISeriesSet> sets)
    {
        _run = run;
        _sets = sets;
        Query = query;
        Selectors = selectors;
        _calls = new CallPlanner(this);
    }

    public PreparedQuery Query { get; }

    public SelectorPlan Selectors { get; }

    public QueryDurations Durations => Selectors.Durations;

    public QueryEngineOptions Options => _run.Options;

    /// <summary>An annotator for an operator whose inputs have been planned: operators are numbered in upstream's order of evaluation.</summary>
    public Annotator NextAnnotator() => new(_run.Annotations, _order++);

    /// <summary>The operator of an instant vector.</summary>
    /// <exception cref="PromQlException">The expression is not supported.</exception>
    public VectorOperator PlanVector(Expr expr, EvaluationScope scope)
    {
        expr = StepInvariance.Unwrap(expr);
        if (scope.Grid.Count > 1 && StepInvariance.IsInvariant(expr))
        {
            var once = new EvaluationScope(_run, scope.Grid.First, isInstant: true, perStepStatistics: false);
            return new RepeatedVector(scope, once, PlanVector(expr, once));
        }

        return expr switch
        {
            VectorSelector selector => PlanSelector(selector, SelectorValue.Sample, scope),
            AggregateExpr aggregate => PlanAggregation(aggregate, scope),
            BinaryExpr binary => PlanBinary(binary, scope),
            UnaryExpr unary => unary.Negate ? new Negation(scope, PlanVector(unary.Expr, scope)) : PlanVector(unary.Expr, scope),
            Call call => _calls.PlanVector(call, scope),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The operator of a scalar.</summary>
    /// <exception cref="PromQlException">The expression is not supported.</exception>
    public ScalarOperator PlanScalar(Expr expr, EvaluationScope scope)
    {
        expr = StepInvariance.Unwrap(expr);
        if (expr is NumberLiteral literal)
            return new ConstantScalar(scope, literal.Value);
        if (scope.Grid.Count > 1 && StepInvariance.IsInvariant(expr))
        {
            var once = new EvaluationScope(_run, scope.Grid.First, isInstant: true, perStepStatistics: false);
            return new RepeatedScalar(scope, once, PlanScalar(expr, once));
        }

        return expr switch
        {
            BinaryExpr binary => new ScalarBinary(scope, PlanScalar(binary.Left, scope), PlanScalar(binary.Right, scope), binary.Op),
            UnaryExpr unary => unary.Negate ? new NegatedScalar(scope, PlanScalar(unary.Expr, scope)) : PlanScalar(unary.Expr, scope),
            Call call => _calls.PlanScalar(call, scope),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The operator of an instant selector.</summary>
    public VectorOperator PlanSelector(VectorSelector selector, SelectorValue value, EvaluationScope scope) =>
        selector.Smoothed && value == SelectorValue.Sample
            ? new SmoothedSelector(scope, new SelectorSource(ReaderOf(selector)), TimesOf(selector), NextAnnotator(), selector.PositionRange)
            : PlanSelector(selector, TimesOf(selector), value, scope);

    /// <summary>The operator of an instant selector that looks at other times than its own.</summary>
    public InstantSelector PlanSelector(VectorSelector selector, SelectorTimes times, SelectorValue value, EvaluationScope scope) =>
        new(scope, ReaderOf(selector), times, value);

    /// <summary>How far beyond its windows a range vector reads.</summary>
    public RangeWidening WideningOf(Expr expr) => expr switch
    {
        MatrixSelector { VectorSelector.Smoothed: true } => new RangeWidening(_run.LookbackMs, _run.LookbackMs),
        MatrixSelector { VectorSelector.Anchored: true } => new RangeWidening(_run.LookbackMs, 0),
        _ => RangeWidening.None,
    };

    /// <summary>The series of a range vector: a matrix selector or a subquery.</summary>
    public SampleSource PlanSource(Expr expr, EvaluationScope scope) => expr switch
    {
        MatrixSelector matrix => new SelectorSource(ReaderOf(matrix.VectorSelector)),
        SubqueryExpr subquery => PlanSubquery(subquery, scope),
        _ => throw new UnreachableException(),
    };

    /// <summary>The windows of a range vector over a grid.</summary>
    public RangeWindows WindowsOf(Expr expr, StepGrid grid) => expr switch
    {
        MatrixSelector matrix => new RangeWindows(grid, TimesOf(matrix.VectorSelector), Durations.Range(matrix)),
        SubqueryExpr subquery => new RangeWindows(grid, TimesOf(subquery), Durations.Range(subquery)),
        _ => throw new UnreachableException(),
    };

    private SeriesReader ReaderOf(VectorSelector selector)
    {
        int number = Selectors.NumberOf(selector);
        return new SeriesReader(_run, _sets[number], Selectors.Leaves[number].StatisticsOnly);
    }

    private SelectorTimes TimesOf(VectorSelector selector) => new(Durations.Offset(selector), Durations.At(selector));

    private SelectorTimes TimesOf(SubqueryExpr subquery) => new(Durations.Offset(subquery), Durations.At(subquery));

    private SubquerySource PlanSubquery(SubqueryExpr subquery, EvaluationScope scope)
    {
        var inner = new EvaluationScope(
            _run, GridOf(subquery, scope.Grid, out bool isInstant), isInstant, perStepStatistics: true);
        VectorOperator vector = PlanVector(subquery.Expr, inner);
        if (RepeatedLabels.MayOccur(subquery.Expr))
            vector = new UnitedRows(inner, vector);
        return new SubquerySource(scope, inner, vector, Durations.Offset(subquery), Durations.Range(subquery));
    }

    // The union of the windows of all steps, at multiples of the subquery's own step.
    private StepGrid GridOf(SubqueryExpr subquery, StepGrid outer, out bool isInstant)
    {
        isInstant = false;
        long stepMs = Durations.Step(subquery);
        if (stepMs == 0)
            stepMs = Selectors.DefaultStep(subquery);
        if (outer.Count == 0)
            return new StepGrid(0, stepMs, 0);
        long offset = Durations.Offset(subquery);
        long first = (Durations.At(subquery) ?? outer.StartMs) - offset - Durations.Range(subquery);
        long end = (Durations.At(subquery) ?? outer.EndMs) - offset;
        long start = stepMs * (first / stepMs);
        if (start <= first)
            start += stepMs;
        isInstant = start == end;
        return StepGrid.Between(start, end, stepMs, Math.Max(1, Options.MaxSamples));
    }

    private VectorOperator PlanAggregation(AggregateExpr aggregate, EvaluationScope scope)
    {
        if (aggregate.Op == AggregateOperator.CountValues)
            return PlanCountValues(aggregate, scope);
        ScalarOperator? parameter = aggregate.Parameter is null ? null : PlanScalar(aggregate.Parameter, scope);
        VectorOperator input = PlanVector(aggregate.Expr, scope);
        LabelProjection groups = GroupsOf(aggregate);
        Annotator annotator = NextAnnotator();
        return aggregate.Op switch
        {
            AggregateOperator.Topk or AggregateOperator.Bottomk => new TopK(scope, input, parameter!, groups, aggregate, annotator),
            AggregateOperator.Limitk or AggregateOperator.LimitRatio =>
                new LimitAggregation(scope, input, parameter!, groups, aggregate, annotator),
            AggregateOperator.Quantile => new QuantileAggregation(scope, input, parameter!, groups, aggregate, annotator),
            _ => new Aggregation(
                scope, input, groups, aggregate.Op, annotator, StepInvariance.Unwrap(aggregate.Expr).PositionRange),
        };
    }

    private CountValues PlanCountValues(AggregateExpr aggregate, EvaluationScope scope)
    {
        var label = (StringLiteral)StepInvariance.Unwrap(aggregate.Parameter!);
        if (!Model.MetricNames.IsUtf8Name(StringUnquoting.ToBytes(label.Value)))
            throw new PromQlException($"invalid label name {label}");
        LabelProjection groups = aggregate.Without
            ? GroupsOf(aggregate)
            : LabelProjection.Keeping([.. aggregate.Grouping, label.Value]);
        return new CountValues(scope, PlanVector(aggregate.Expr, scope), groups, label.Value);
    }

    private static LabelProjection GroupsOf(AggregateExpr aggregate) => aggregate.Without
        ? LabelProjection.Dropping(["__name__", .. aggregate.Grouping])
        : LabelProjection.Keeping(aggregate.Grouping);

    private VectorOperator PlanBinary(BinaryExpr binary, EvaluationScope scope)
    {
        if (binary.Left.Type == ExprType.Scalar)
        {
            ScalarOperator left = PlanScalar(binary.Left, scope);
            return new VectorScalarBinary(scope, PlanVector(binary.Right, scope), left, binary, scalarIsLeft: true, NextAnnotator());
        }

        VectorOperator vector = PlanVector(binary.Left, scope);
        if (binary.Right.Type == ExprType.Scalar)
            return new VectorScalarBinary(scope, vector, PlanScalar(binary.Right, scope), binary, scalarIsLeft: false, NextAnnotator());
        VectorOperator right = PlanVector(binary.Right, scope);
        return binary.Op.IsSet()
            ? new SetOperation(scope, vector, right, binary.Op, binary.Matching!)
            : new Join(scope, vector, right, binary, NextAnnotator());
    }
}
