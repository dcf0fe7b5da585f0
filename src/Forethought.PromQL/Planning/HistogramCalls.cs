using Forethought.PromQL.Execution;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>Plans the functions that look into histograms of either kind.</summary>
internal static class HistogramCalls
{
    /// <exception cref="PromQlException">The function is not supported.</exception>
    public static VectorOperator Plan(QueryPlanner planner, Call call, EvaluationScope scope) => call.Function.Name switch
    {
        "histogram_quantile" => PlanQuantile(planner, call, scope),
        "histogram_fraction" => PlanFraction(planner, call, scope),
        _ => throw new PromQlException($"function \"{call.Function.Name}\" is not supported yet"),
    };

    private static HistogramFunction<QuantileMeasure> PlanQuantile(QueryPlanner planner, Call call, EvaluationScope scope)
    {
        ScalarOperator quantile = planner.PlanScalar(call.Arguments[0], scope);
        VectorOperator input = planner.PlanVector(call.Arguments[1], scope);
        Annotator annotator = planner.NextAnnotator();
        PositionRange position = StepInvariance.Unwrap(call.Arguments[1]).PositionRange;
        PositionRange quantilePosition = StepInvariance.Unwrap(call.Arguments[0]).PositionRange;
        return new HistogramFunction<QuantileMeasure>(scope, input, [quantile], MakeMeasure, annotator, position);

        QuantileMeasure MakeMeasure()
        {
            double[] quantiles = quantile.Evaluate();
            for (int s = 0; s < scope.Grid.Count; s++)
            {
                if (!(quantiles[s] is >= 0 and <= 1))
                    annotator.InvalidQuantile(quantiles[s], quantilePosition);
            }

            return new QuantileMeasure(quantiles, annotator, position);
        }
    }

    private static HistogramFunction<FractionMeasure> PlanFraction(QueryPlanner planner, Call call, EvaluationScope scope)
    {
        ScalarOperator lower = planner.PlanScalar(call.Arguments[0], scope);
        ScalarOperator upper = planner.PlanScalar(call.Arguments[1], scope);
        VectorOperator input = planner.PlanVector(call.Arguments[2], scope);
        Annotator annotator = planner.NextAnnotator();
        PositionRange position = StepInvariance.Unwrap(call.Arguments[2]).PositionRange;
        return new HistogramFunction<FractionMeasure>(
            scope, input, [lower, upper],
            () => new FractionMeasure(lower.Evaluate(), upper.Evaluate(), annotator, position), annotator, position);
    }
}
