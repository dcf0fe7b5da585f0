using System.Diagnostics;
using System.Globalization;
using System.Text;
using Forethought.Model;
using Forethought.PromQL.Syntax;
using Forethought.Testing;

namespace Forethought.PromQL.Tests.Scripts.Recording;

/// <summary>
/// Native histograms in results, in series notation. The API tells buckets but not their schema; promtool's rule tests print
/// what they got instead of what they were told to expect, which is something that never comes.
/// </summary>
internal sealed class ReferenceHistograms
{
    private readonly Dictionary<(string Expression, long TimeMs), string> _results = [];

    private ReferenceHistograms()
    {
    }

    public static async Task<ReferenceHistograms> EvaluateAsync(string[] script, IReadOnlyList<(string Expression, long TimeMs)> evaluations)
    {
        var histograms = new ReferenceHistograms();
        if (evaluations.Count == 0)
            return histograms;
        using var directory = new TemporaryDirectory();
        string file = directory.File("test.yml");
        await File.WriteAllTextAsync(file, RuleTest(script, evaluations));
        string[] got = [.. (await RunPromtoolAsync(file)).Split('\n').Select(static line => line.Trim()).Where(static line => line.StartsWith("got: ", StringComparison.Ordinal))];
        if (got.Length != evaluations.Count)
            throw new InvalidOperationException($"promtool told {got.Length} results of {evaluations.Count}");
        for (int i = 0; i < got.Length; i++)
            histograms._results[evaluations[i]] = got[i]["got: ".Length..];
        return histograms;
    }

    /// <summary>The histogram of a series as <c>{{…}}</c>.</summary>
    public string Find(string expression, long timeMs, Labels labels)
    {
        string rest = _results[(expression, timeMs)];
        while (rest.Length > 0)
        {
            int end = EndOfLabels(rest) + 1;
            int next = rest.IndexOf(", {", end, StringComparison.Ordinal);
            string sample = next < 0 ? rest[end..] : rest[end..next];
            if (PromQlParser.ParseMetric(rest[..end]) == labels)
                return Notation(sample.Trim());
            rest = next < 0 ? "" : rest[(next + 2)..];
        }

        throw new InvalidOperationException($"{expression}: promtool has no {labels}");
    }

    /// <summary>What scripts can read, without what is known of counter resets, in which releases differ; gauges stay gauges.</summary>
    private static string Notation(string sample) => sample
        .Replace("+Inf", "Inf", StringComparison.Ordinal)
        .Replace(" counter_reset_hint:not_reset", "", StringComparison.Ordinal)
        .Replace(" counter_reset_hint:reset", "", StringComparison.Ordinal);

    private static int EndOfLabels(string text)
    {
        bool quoted = false;
        for (int i = 0; ; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '}' && !quoted)
                return i;
        }
    }

    private static string RuleTest(string[] script, IReadOnlyList<(string Expression, long TimeMs)> evaluations)
    {
        int load = Array.FindIndex(script, static line => line.StartsWith("load ", StringComparison.Ordinal));
        var text = new StringBuilder($"tests:\n  - interval: {script[load]["load ".Length..]}\n    input_series:\n");
        foreach (string line in script.Skip(load + 1).TakeWhile(static line => line.Trim().Length > 0))
        {
            string series = line.Trim();
            int end = series.Contains('{') && series.IndexOf('{') < series.IndexOf(' ') ? EndOfLabels(series) + 1 : series.IndexOf(' ');
            text.Append(CultureInfo.InvariantCulture, $"      - series: {Quote(series[..end])}\n        values: {Quote(series[end..].Trim())}\n");
        }

        text.Append("    promql_expr_test:\n");
        foreach ((string expression, long timeMs) in evaluations)
            text.Append(CultureInfo.InvariantCulture, $"      - expr: {Quote(expression)}\n        eval_time: {timeMs}ms\n        exp_samples: [{{labels: '{{never=\"comes\"}}', value: 0}}]\n");
        return text.ToString();
    }

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static async Task<string> RunPromtoolAsync(string file)
    {
        var start = new ProcessStartInfo(Peers.Require("promtool"), ["--enable-feature=promql-experimental-functions", "test", "rules", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return output;
    }
}
