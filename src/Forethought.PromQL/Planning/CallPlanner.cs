using Forethought.PromQL.Execution;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>Turns function calls into operators.</summary>
internal sealed class CallPlanner(QueryPlanner planner)
{
    /// <summary>The operator of a function that returns a scalar.</summary>
    /// <exception cref="PromQlException">The function is not supported.</exception>
    public ScalarOperator PlanScalar(Call call, EvaluationScope scope)
    {
        PreparedQuery query = planner.Query;
        return call.Function.Name switch
        {
            "time" => new TimeScalar(scope),
            "pi" => new ConstantScalar(scope, Math.PI),
            "scalar" => new VectorToScalar(scope, planner.PlanVector(call.Arguments[0], scope)),
            "min_of" => Extreme(call, scope, least: true),
            "max_of" => Extreme(call, scope, least: false),
            "start" => new ConstantScalar(scope, query.StartMs / 1000.0),
            "end" => new ConstantScalar(scope, query.EndMs / 1000.0),
            "range" => new ConstantScalar(scope, (query.EndMs - query.StartMs) / 1000.0),
            "step" => new ConstantScalar(scope, query.StartMs == query.EndMs ? 0 : query.StepMs / 1000.0),
            _ => throw NotSupported(call),
        };
    }

    /// <summary>The operator of a function that returns an instant vector.</summary>
    /// <exception cref="PromQlException">The function is not supported.</exception>
    public VectorOperator PlanVector(Call call, EvaluationScope scope)
    {
        string name = call.Function.Name;
        if (RangeArgument(call) >= 0)
            return PlanRangeFunction(call, scope);
        if ((MathFunctions.Find(name) ?? DateFunctions.Find(name)) is { } map)
            return PlanMap(call, map, scope);
        if (HistogramParts.Find(name) is { } part)
            return new HistogramPartFunction(scope, Argument(call, 0, scope), part);
        return name switch
        {
            "absent" => new AbsentFunction(scope, Argument(call, 0, scope), AbsentLabels.Of(call.Arguments[0]), overTime: false),
            "histogram_quantile" or "histogram_fraction" or "histogram_quantiles" => HistogramCalls.Plan(planner, call, scope),
            "info" => PlanInfo(call, scope),
            "label_replace" => LabelCalls.PlanReplace(planner, call, scope),
            "label_join" => LabelCalls.PlanJoin(planner, call, scope),
            "sort" or "sort_desc" or "sort_by_label" or "sort_by_label_desc" => PlanSort(call, scope),
            "timestamp" => PlanTimestamp(call, scope),
            "start_timestamp" => PlanStartTimestamp(call, scope),
            "vector" => new ScalarToVector(scope, planner.PlanScalar(call.Arguments[0], scope)),
            _ => throw NotSupported(call),
        };
    }

    private static PromQlException NotSupported(Call call) => new($"function \"{call.Function.Name}\" is not supported yet");

    private static int RangeArgument(Call call)
    {
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (call.Arguments[i].Type == ExprType.Matrix)
                return i;
        }

        return -1;
    }

    private VectorOperator Argument(Call call, int index, EvaluationScope scope) => planner.PlanVector(call.Arguments[index], scope);

    private ExtremeScalar Extreme(Call call, EvaluationScope scope, bool least) =>
        new(scope, planner.PlanScalar(call.Arguments[0], scope), planner.PlanScalar(call.Arguments[1], scope), least);

    private MapFunction PlanMap(Call call, StepMap map, EvaluationScope scope)
    {
        // Date functions take the time of the step when they are given nothing.
        VectorOperator input = call.Arguments.Count > 0
            ? Argument(call, 0, scope)
            : new ScalarToVector(scope, new TimeScalar(scope));
        ScalarOperator[] scalars = [.. call.Arguments.Skip(1).Select(argument => planner.PlanScalar(argument, scope))];
        return new MapFunction(scope, input, map, scalars, isClamp: call.Function.Name == "clamp");
    }

    private SortFunction PlanSort(Call call, EvaluationScope scope)
    {
        VectorOperator input = Argument(call, 0, scope);
        if (!scope.IsInstant && scope.Grid.Count > 0)
            planner.NextAnnotator().SortInRangeQuery(call.PositionRange);
        bool descending = call.Function.Name.EndsWith("_desc", StringComparison.Ordinal);
        if (!call.Function.Name.StartsWith("sort_by_label", StringComparison.Ordinal))
            return new SortFunction(scope, input, SortOrders.ByValue(descending), dropsHistograms: true);
        string[] names = [.. call.Arguments.Skip(1).Select(static argument => LabelCalls.TextOf(argument))];
        return new SortFunction(scope, input, SortOrders.ByLabels(names, descending), dropsHistograms: false);
    }

    private InfoFunction PlanInfo(Call call, EvaluationScope scope)
    {
        InfoSelector info = planner.Selectors.InfoOf(call);
        VectorOperator input = Argument(call, 0, scope);
        InstantSelector series = planner.PlanSelector(info.Selector, info.Times, SelectorValue.InfoTime, scope);
        return new InfoFunction(scope, input, series, info.DataMatchers, info.NameMatchers);
    }

    private VectorOperator PlanTimestamp(Call call, EvaluationScope scope) =>
        StepInvariance.Unwrap(call.Arguments[0]) is VectorSelector selector
            ? planner.PlanSelector(selector, SelectorValue.Time, scope)
            : new TimestampFunction(scope, Argument(call, 0, scope));

    private VectorOperator PlanStartTimestamp(Call call, EvaluationScope scope)
    {
        if (planner.Options.UseStartTimestamps && StepInvariance.Unwrap(call.Arguments[0]) is VectorSelector selector)
            return planner.PlanSelector(selector, SelectorValue.StartTime, scope);

        // Without start timestamps, and of anything else, there is none.
        return new EmptyVector(scope, Argument(call, 0, scope));
    }

    private VectorOperator PlanRangeFunction(Call call, EvaluationScope scope)
    {
        string name = call.Function.Name;
        int rangeIndex = RangeArgument(call);
        Expr argument = StepInvariance.Unwrap(call.Arguments[rangeIndex]);
        RangeKernel kernel = (argument is MatrixSelector { VectorSelector: { Anchored: true } or { Smoothed: true } } extended
            ? RangeKernels.CreateExtended(name, extended.VectorSelector.Smoothed)
            : RangeKernels.Create(name, scope.Grid.Count)) ?? throw NotSupported(call);
        SampleSource source = planner.PlanSource(argument, scope);
        Expr[] scalarArguments = [.. call.Arguments.Where((_, i) => i != rangeIndex)];
        ScalarOperator[] scalars = Array.ConvertAll(scalarArguments, scalar => planner.PlanScalar(scalar, scope));
        var input = new RangeInput(
            scope.Run, source, planner.WindowsOf(argument, scope.Grid), scalars, planner.NextAnnotator(),
            PositionOf(call.Arguments[0]), PositionOf(call.Arguments[0]).To(PositionOf(call.Arguments[^1])),
            Array.ConvertAll(scalarArguments, static scalar => scalar.PositionRange))
        {
            UseStartTimes = kernel.UsesStartTimes && planner.Options.UseStartTimestamps,
        };
        var function = new RangeFunction(scope, source, kernel, input, planner.WideningOf(argument), scalars);
        return name == "absent_over_time" ? new AbsentFunction(scope, function, AbsentLabels.Of(argument), overTime: true) : function;
    }

    // Upstream replaces a subquery by its result, which has no place in the query.
    private static PositionRange PositionOf(Expr argument) =>
        StepInvariance.Unwrap(argument) is SubqueryExpr ? default : argument.PositionRange;
}
