using System.Text;
using System.Text.Json;
using Forethought.Testing;

namespace Forethought.Regex.Tests;

/// <summary>The answers of the reference's own matchers and relabelling rules.</summary>
public sealed class GoldenMatcherTests
{
    [Fact]
    public void Matches_as_the_reference_does()
    {
        var failures = new List<string>();
        int rows = 0;
        foreach (string[] row in Conformance.Tsv("golden/matchers_regex.tsv"))
        {
            rows++;
            string expected = Encoding.UTF8.GetString(Conformance.Unescape(row[2]));
            string actual = Answer(row[0], row[1]);
            bool agrees = expected.EndsWith(" ...", StringComparison.Ordinal)
                ? actual.StartsWith(expected[..^6], StringComparison.Ordinal)
                : actual == expected;
            if (!agrees)
                failures.Add($"{row[0]} on {row[1]}: expected {expected}, got {actual}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(rows > 400, $"only {rows} rows");
    }

    [Fact]
    public void Relabelling_rules_have_the_error_text_of_the_wrapped_pattern()
    {
        int errors = 0;
        foreach (string line in File.ReadLines(Conformance.Path("golden/relabel.jsonl")))
        {
            JsonElement rule = JsonDocument.Parse(line).RootElement;
            if (!rule.TryGetProperty("error", out JsonElement error) || !error.GetString()!.Contains("error parsing regexp", StringComparison.Ordinal))
                continue;
            string config = rule.GetProperty("config").GetString()!;
            int start = config.IndexOf("regex: \"", StringComparison.Ordinal) + 8;
            string pattern = config[start..config.IndexOf('"', start)];
            var thrown = Assert.Throws<Re2SyntaxException>(() => Re2Regex.CompileAnchored(pattern));
            Assert.Equal(error.GetString(), thrown.Message);
            errors++;
        }

        Assert.True(errors > 0);
    }

    private static string Answer(string quotedPattern, string quotedInput)
    {
        LabelRegex regex;
        try
        {
            regex = new LabelRegex(ReadPattern(quotedPattern));
        }
        catch (Re2SyntaxException exception)
        {
            return "error: " + exception.Message;
        }

        return regex.IsMatch(Unquote(quotedInput)) ? "yes" : "no";
    }

    // One row writes its pattern as an expression: a thousand and one nested groups.
    private static byte[] ReadPattern(string quoted) => quoted.Contains("x1001", StringComparison.Ordinal)
        ? Encoding.UTF8.GetBytes(new string('(', 1001) + new string(')', 1001))
        : Unquote(quoted);

    private static byte[] Unquote(string quoted) => GoLiteral.Unquote(Encoding.UTF8.GetString(Conformance.Unescape(quoted)));
}
