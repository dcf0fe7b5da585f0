using System.Collections.Immutable;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>Aggregations of the vector of one step.</summary>
internal static class ModelAggregations
{
    public static List<ModelSample> Evaluate(AggregateExpr expr, double parameter, List<ModelSample> vector)
    {
        var results = new List<ModelSample>();
        foreach (IGrouping<string, ModelSample> group in vector.GroupBy(sample => ModelSample.Text(GroupLabels(expr, sample))))
        {
            if (expr.Op is AggregateOperator.Topk or AggregateOperator.Bottomk)
                results.AddRange(Ranked(group, expr.Op == AggregateOperator.Topk).Take((int)parameter));
            else
                results.Add(new ModelSample(GroupLabels(expr, group.First()), Value(expr.Op, parameter, [.. group.Select(static sample => sample.Value)])));
        }

        return results;
    }

    private static ImmutableSortedDictionary<string, string> GroupLabels(AggregateExpr expr, ModelSample sample) => expr.Without
        ? sample.Labels.RemoveRange(expr.Grouping).Remove("__name__")
        : sample.Labels.RemoveRange(sample.Labels.Keys.Except(expr.Grouping));

    private static double Value(AggregateOperator op, double parameter, double[] values) => op switch
    {
        AggregateOperator.Sum => values.Sum(),
        AggregateOperator.Avg => values.Sum() / values.Length,
        AggregateOperator.Min => ModelRanges.Extreme(values, Math.Min),
        AggregateOperator.Max => ModelRanges.Extreme(values, Math.Max),
        AggregateOperator.Count => values.Length,
        AggregateOperator.Group => 1,
        AggregateOperator.Stddev => Math.Sqrt(ModelRanges.Variance(values)),
        AggregateOperator.Stdvar => ModelRanges.Variance(values),
        AggregateOperator.Quantile => ModelRanges.Quantile(parameter, values),
        _ => throw new InvalidOperationException(op.ToString()),
    };

    private static IEnumerable<ModelSample> Ranked(IEnumerable<ModelSample> group, bool largest)
    {
        IEnumerable<ModelSample> numbersFirst = group.OrderBy(static sample => double.IsNaN(sample.Value));
        return ((IOrderedEnumerable<ModelSample>)numbersFirst).ThenBy(sample => largest ? -sample.Value : sample.Value);
    }
}
