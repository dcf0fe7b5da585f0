using System.Collections.Immutable;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Oracle;

/// <summary>Binary operators between the vectors of one step.</summary>
internal static class ModelJoin
{
    public static List<ModelSample> Evaluate(BinaryExpr expr, List<ModelSample> left, List<ModelSample> right)
    {
        VectorMatching matching = expr.Matching!;
        switch (expr.Op)
        {
            case BinaryOperator.And:
                return [.. left.Where(sample => Contains(right, sample, matching))];
            case BinaryOperator.Unless:
                return [.. left.Where(sample => !Contains(right, sample, matching))];
            case BinaryOperator.Or:
                return [.. left, .. right.Where(sample => !Contains(left, sample, matching))];
            default:
                return Join(expr, matching, left, right);
        }
    }

    /// <summary>The result of an operator on two numbers; null if a comparison drops it.</summary>
    public static double? Calculate(BinaryOperator op, bool returnBool, double left, double right, double kept)
    {
        bool? holds = op switch
        {
            BinaryOperator.Equal => left == right,
            BinaryOperator.NotEqual => left != right,
            BinaryOperator.Less => left < right,
            BinaryOperator.LessOrEqual => left <= right,
            BinaryOperator.Greater => left > right,
            BinaryOperator.GreaterOrEqual => left >= right,
            _ => null,
        };
        if (holds is { } answer)
            return returnBool ? (answer ? 1 : 0) : answer ? kept : null;
        return op switch
        {
            BinaryOperator.Add => left + right,
            BinaryOperator.Sub => left - right,
            BinaryOperator.Mul => left * right,
            BinaryOperator.Div => left / right,
            BinaryOperator.Mod => left % right,
            BinaryOperator.Atan2 => Math.Atan2(left, right),
            _ => throw new InvalidOperationException(op.ToString()),
        };
    }

    public static bool IsComparison(BinaryOperator op) => op is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    private static bool Contains(List<ModelSample> vector, ModelSample sample, VectorMatching matching) =>
        vector.Exists(other => Signature(other, matching) == Signature(sample, matching));

    private static string Signature(ModelSample sample, VectorMatching matching) => ModelSample.Text(matching.On
        ? Keep(sample.Labels, matching.MatchingLabels)
        : sample.Labels.RemoveRange(matching.MatchingLabels).Remove("__name__"));

    private static ImmutableSortedDictionary<string, string> Keep(ImmutableSortedDictionary<string, string> labels, IReadOnlyList<string> names) =>
        labels.RemoveRange(labels.Keys.Except(names));

    private static List<ModelSample> Join(BinaryExpr expr, VectorMatching matching, List<ModelSample> left, List<ModelSample> right)
    {
        var results = new List<ModelSample>();
        if (left.Count == 0 || right.Count == 0)
            return results;
        bool oneIsLeft = matching.Cardinality == VectorMatchCardinality.OneToMany;
        (List<ModelSample> many, List<ModelSample> one) = oneIsLeft ? (right, left) : (left, right);
        if (one.Select(sample => Signature(sample, matching)).Distinct().Count() < one.Count)
            throw new ModelException("duplicate series on the one side");
        var matches = many.Select(sample => (Many: sample, One: one.Find(other => Signature(other, matching) == Signature(sample, matching))))
            .Where(static match => match.One is not null)
            .Select(match => (match.Many, One: match.One!, Labels: ResultLabels(expr, matching, match.Many, match.One!)))
            .ToList();
        bool ambiguous = matching.Cardinality == VectorMatchCardinality.OneToOne
            ? matches.Select(match => Signature(match.Many, matching)).Distinct().Count() < matches.Count
            : matches.Select(match => Signature(match.Many, matching) + ModelSample.Text(match.Labels)).Distinct().Count() < matches.Count;
        if (ambiguous)
            throw new ModelException("multiple matches");
        foreach ((ModelSample manySide, ModelSample oneSide, ImmutableSortedDictionary<string, string> labels) in matches)
        {
            (ModelSample l, ModelSample r) = oneIsLeft ? (oneSide, manySide) : (manySide, oneSide);
            if (Calculate(expr.Op, expr.ReturnBool, l.Value, r.Value, kept: l.Value) is { } value)
                results.Add(new ModelSample(labels, value));
        }

        return results;
    }

    private static ImmutableSortedDictionary<string, string> ResultLabels(BinaryExpr expr, VectorMatching matching, ModelSample many, ModelSample one)
    {
        ImmutableSortedDictionary<string, string> labels = many.Labels;
        if (expr.ReturnBool || !IsComparison(expr.Op))
            labels = labels.Remove("__name__");
        if (matching.Cardinality == VectorMatchCardinality.OneToOne)
            labels = matching.On ? Keep(labels, matching.MatchingLabels) : labels.RemoveRange(matching.MatchingLabels);
        foreach (string name in matching.Include)
            labels = one.Labels.TryGetValue(name, out string? value) ? labels.SetItem(name, value) : labels.Remove(name);
        return labels;
    }
}
