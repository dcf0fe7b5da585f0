using Forethought.Encoding;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Planning;

/// <summary>Plans the functions that look into histograms of either kind.</summary>
internal static class HistogramCalls
{
    /// <summary>The operator of <c>histogram_quantile</c>, <c>histogram_fraction</c> or <c>histogram_quantiles</c>.</summary>
    public static VectorOperator Plan(QueryPlanner planner, Call call, EvaluationScope scope) => call.Function.Name switch
    {
        "histogram_quantile" => PlanQuantile(planner, call, scope),
        "histogram_fraction" => PlanFraction(planner, call, scope),
        _ => PlanQuantiles(planner, call, scope),
    };

    private static HistogramFunction<QuantileMeasure> PlanQuantile(QueryPlanner planner, Call call, EvaluationScope scope)
    {
        ScalarOperator quantile = planner.PlanScalar(call.Arguments[0], scope);
        VectorOperator input = planner.PlanVector(call.Arguments[1], scope);
        Annotator annotator = planner.NextAnnotator();
        PositionRange position = StepInvariance.Unwrap(call.Arguments[1]).PositionRange;
        PositionRange quantilePosition = StepInvariance.Unwrap(call.Arguments[0]).PositionRange;
        return new HistogramFunction<QuantileMeasure>(scope, input, [quantile], MakeOutputs, annotator, position);

        HistogramOutput<QuantileMeasure>[] MakeOutputs() =>
            [new(new QuantileMeasure(Checked(quantile, scope, annotator, quantilePosition), annotator, position), null, "", null)];
    }

    private static HistogramFunction<QuantileMeasure> PlanQuantiles(QueryPlanner planner, Call call, EvaluationScope scope)
    {
        VectorOperator input = planner.PlanVector(call.Arguments[0], scope);
        byte[] label = StringUnquoting.ToBytes(LabelCalls.TextOf(call.Arguments[1]));
        ScalarOperator[] scalars = [.. call.Arguments.Skip(2).Select(argument => planner.PlanScalar(argument, scope))];
        Annotator annotator = planner.NextAnnotator();
        PositionRange position = StepInvariance.Unwrap(call.Arguments[0]).PositionRange;
        return new HistogramFunction<QuantileMeasure>(scope, input, scalars, MakeOutputs, annotator, position);

        HistogramOutput<QuantileMeasure>[] MakeOutputs() => [.. scalars.SelectMany(MakeOutputsOf)];

        IEnumerable<HistogramOutput<QuantileMeasure>> MakeOutputsOf(ScalarOperator scalar, int index)
        {
            PositionRange argument = StepInvariance.Unwrap(call.Arguments[index + 2]).PositionRange;
            double[] quantiles = Checked(scalar, scope, annotator, argument);
            var measure = new QuantileMeasure(quantiles, annotator, position);

            // The value becomes a label, so one that changes from step to step makes several series.
            foreach (double quantile in quantiles.Take(scope.Grid.Count).Distinct())
            {
                ulong[] steps = new ulong[StepBits.Words(quantiles.Length)];
                for (int s = 0; s < scope.Grid.Count; s++)
                {
                    if (quantiles[s].Equals(quantile))
                        StepBits.Set(steps, s);
                }

                yield return new HistogramOutput<QuantileMeasure>(measure, label, LabelValueOf(quantile), steps);
            }
        }
    }

    private static string LabelValueOf(double quantile)
    {
        Span<byte> text = stackalloc byte[GoNumber.MaxLength];
        return System.Text.Encoding.UTF8.GetString(text[..GoNumber.FormatLabelValue(quantile, text)]);
    }

    private static double[] Checked(ScalarOperator scalar, EvaluationScope scope, Annotator annotator, PositionRange position)
    {
        double[] quantiles = scalar.Evaluate();
        for (int s = 0; s < scope.Grid.Count; s++)
        {
            if (!(quantiles[s] is >= 0 and <= 1))
                annotator.InvalidQuantile(quantiles[s], position);
        }

        return quantiles;
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
            () => [new(new FractionMeasure(lower.Evaluate(), upper.Evaluate(), annotator, position), null, "", null)], annotator, position);
    }
}
