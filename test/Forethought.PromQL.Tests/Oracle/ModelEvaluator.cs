using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>
/// Evaluates a query for one time after the other by walking its tree: so plain that it is right by inspection. It knows floats
/// only, and of the language what <see cref="ModelQueries"/> makes.
/// </summary>
internal sealed class ModelEvaluator(IReadOnlyList<ModelSeries> series, long queryStartMs, long queryEndMs)
{
    private const long LookbackMs = 5 * 60_000;

    public List<ModelSample> Vector(Expr expr, long timeMs)
    {
        List<ModelSample> result = expr switch
        {
            ParenExpr paren => Vector(paren.Expr, timeMs),
            VectorSelector selector => Select(selector, timeMs),
            UnaryExpr unary => [.. Vector(unary.Expr, timeMs).Select(sample => unary.Negate ? sample.WithoutName() with { Value = -sample.Value } : sample)],
            AggregateExpr aggregate => ModelAggregations.Evaluate(
                aggregate, aggregate.Parameter is null ? 0 : Scalar(aggregate.Parameter, timeMs), Vector(aggregate.Expr, timeMs)),
            BinaryExpr binary => Binary(binary, timeMs),
            Call { Function.Name: "abs" } call => [.. Vector(call.Arguments[0], timeMs).Select(static sample => sample.WithoutName() with { Value = Math.Abs(sample.Value) })],
            Call { Function.Name: "timestamp" } call => Timestamps((VectorSelector)call.Arguments[0], timeMs),
            Call { Function.Name: "vector" } call => [new ModelSample(ModelSample.NoLabels, Scalar(call.Arguments[0], timeMs))],
            Call { Function.Name: "absent" } call => Vector(call.Arguments[0], timeMs).Count == 0 ? [new ModelSample(ModelSample.NoLabels, 1)] : [],
            Call call => OverRange(call, timeMs),
            _ => throw new InvalidOperationException(expr.ToString()),
        };
        if (result.Select(static sample => sample.Key).Distinct().Count() < result.Count)
            throw new ModelException("vector cannot contain metrics with the same labelset");
        return result;
    }

    private double Scalar(Expr expr, long timeMs) => expr switch
    {
        ParenExpr paren => Scalar(paren.Expr, timeMs),
        NumberLiteral number => number.Value,
        UnaryExpr unary => unary.Negate ? -Scalar(unary.Expr, timeMs) : Scalar(unary.Expr, timeMs),
        Call { Function.Name: "time" } => timeMs / 1000.0,
        Call { Function.Name: "scalar" } call => Vector(call.Arguments[0], timeMs) is [var sample] ? sample.Value : double.NaN,
        BinaryExpr binary => ModelJoin.Calculate(binary.Op, returnBool: true, Scalar(binary.Left, timeMs), Scalar(binary.Right, timeMs), 0)!.Value,
        _ => throw new InvalidOperationException(expr.ToString()),
    };

    private List<ModelSample> Binary(BinaryExpr binary, long timeMs)
    {
        if (binary.Left.Type == ExprType.Vector && binary.Right.Type == ExprType.Vector)
            return ModelJoin.Evaluate(binary, Vector(binary.Left, timeMs), Vector(binary.Right, timeMs));
        bool vectorIsLeft = binary.Left.Type == ExprType.Vector;
        double scalar = Scalar(vectorIsLeft ? binary.Right : binary.Left, timeMs);
        var results = new List<ModelSample>();
        foreach (ModelSample sample in Vector(vectorIsLeft ? binary.Left : binary.Right, timeMs))
        {
            (double left, double right) = vectorIsLeft ? (sample.Value, scalar) : (scalar, sample.Value);
            if (ModelJoin.Calculate(binary.Op, binary.ReturnBool, left, right, kept: sample.Value) is { } value)
                results.Add((ModelJoin.IsComparison(binary.Op) && !binary.ReturnBool ? sample : sample.WithoutName()) with { Value = value });
        }

        return results;
    }

    private List<ModelSample> Select(VectorSelector selector, long timeMs) =>
        [.. Newest(selector, timeMs).Select(static found => new ModelSample(found.Series.Labels, found.Value))];

    private List<ModelSample> Timestamps(VectorSelector selector, long timeMs) =>
        [.. Newest(selector, timeMs).Select(static found => new ModelSample(found.Series.Labels, found.TimeMs / 1000.0).WithoutName())];

    private IEnumerable<(ModelSeries Series, long TimeMs, double Value)> Newest(VectorSelector selector, long timeMs)
    {
        long atMs = (FixedTime(selector.TimestampMs, selector.StartOrEnd) ?? timeMs) - (long)selector.OriginalOffset.TotalMilliseconds;
        foreach (ModelSeries each in Matching(selector))
        {
            var visible = each.Samples.Where(sample => sample.TimeMs <= atMs && sample.TimeMs > atMs - LookbackMs).ToList();
            if (visible.Count > 0 && visible[^1].Value is { } value)
                yield return (each, visible[^1].TimeMs, value);
        }
    }

    private List<ModelSample> OverRange(Call call, long timeMs)
    {
        Expr range = call.Arguments[^1];
        double parameter = call.Arguments.Count > 1 ? Scalar(call.Arguments[0], timeMs) : 0;
        (long startMs, long endMs, var windows) = range is MatrixSelector matrix ? Window(matrix, timeMs) : Window((SubqueryExpr)range, timeMs);
        var results = new List<ModelSample>();
        foreach ((ModelSample labels, List<(long TimeMs, double Value)> window) in windows)
        {
            if (ModelRanges.Evaluate(call.Function.Name, parameter, startMs, endMs, window) is { } value)
                results.Add((call.Function.Name == "last_over_time" ? labels : labels.WithoutName()) with { Value = value });
        }

        return results;
    }

    private (long StartMs, long EndMs, List<(ModelSample Labels, List<(long TimeMs, double Value)> Window)> Windows) Window(MatrixSelector matrix, long timeMs)
    {
        VectorSelector selector = matrix.VectorSelector;
        long endMs = (FixedTime(selector.TimestampMs, selector.StartOrEnd) ?? timeMs) - (long)selector.OriginalOffset.TotalMilliseconds;
        long startMs = endMs - (long)matrix.Range.TotalMilliseconds;
        var windows = Matching(selector).Select(each => (
            new ModelSample(each.Labels, 0),
            each.Samples.Where(sample => sample.TimeMs > startMs && sample.TimeMs <= endMs && sample.Value is not null)
                .Select(static sample => (sample.TimeMs, sample.Value!.Value)).ToList())).ToList();
        return (startMs, endMs, windows);
    }

    /// <summary>Steps of a subquery are multiples of its step within its range.</summary>
    private (long StartMs, long EndMs, List<(ModelSample Labels, List<(long TimeMs, double Value)> Window)> Windows) Window(SubqueryExpr subquery, long timeMs)
    {
        long endMs = (FixedTime(subquery.TimestampMs, subquery.StartOrEnd) ?? timeMs) - (long)subquery.OriginalOffset.TotalMilliseconds;
        long startMs = endMs - (long)subquery.Range.TotalMilliseconds;
        long stepMs = (long)subquery.Step.TotalMilliseconds;
        var windows = new Dictionary<string, (ModelSample Labels, List<(long, double)> Window)>();
        for (long atMs = (long)Math.Floor((double)startMs / stepMs) * stepMs; atMs <= endMs; atMs += stepMs)
        {
            if (atMs <= startMs)
                continue;
            foreach (ModelSample sample in Vector(subquery.Expr, atMs))
            {
                if (!windows.TryGetValue(sample.Key, out var window))
                    windows.Add(sample.Key, window = (sample, []));
                window.Window.Add((atMs, sample.Value));
            }
        }

        return (startMs, endMs, [.. windows.Values]);
    }

    private IEnumerable<ModelSeries> Matching(VectorSelector selector) => series.Where(each => selector.Matchers.All(matcher =>
        matcher.Matches(System.Text.Encoding.UTF8.GetBytes(each.Labels.GetValueOrDefault(matcher.Name, "")))));

    private long? FixedTime(long? timestampMs, AtModifier at) => at switch
    {
        AtModifier.Start => queryStartMs,
        AtModifier.End => queryEndMs,
        _ => timestampMs,
    };
}
