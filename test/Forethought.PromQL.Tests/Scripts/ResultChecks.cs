using System.Globalization;
using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Compares what came out with what a script expects; each check returns what is wrong, or null.</summary>
internal static class ResultChecks
{
    /// <summary>True if the outcome is decided by the query having failed, or not having.</summary>
    public static bool CheckFailure(EvalCommand command, string? error, out string? failure)
    {
        failure = null;
        if (error is null)
        {
            if (command.MustFail)
                failure = "expected an error but got none";
            return command.MustFail;
        }

        if (!command.MustFail)
            failure = "error: " + error;
        else if (command.Failure is { } expected && !expected.Accepts(error))
            failure = $"expected error {expected} but got: {error}";
        return true;
    }

    public static string? CheckAnnotations(EvalCommand command, QueryResult result, bool everyOneIsExpected)
    {
        (IReadOnlyList<string> warnings, IReadOnlyList<string> infos) = result.Annotations.ToTexts(0, 0);
        if (command.MustWarn && warnings.Count == 0)
            return "expected warnings";
        if (command.MustInform && infos.Count == 0)
            return "expected infos";
        if (command.MustNotWarn && warnings.Count > 0)
            return "unexpected warnings: " + string.Join("; ", warnings);
        if (command.MustNotInform && infos.Count > 0)
            return "unexpected infos: " + string.Join("; ", infos);
        return CheckTexts("warn", command.Warnings, warnings, everyOneIsExpected) ?? CheckTexts("info", command.Infos, infos, everyOneIsExpected);
    }

    public static string? CheckInstant(EvalCommand command, QueryResult result)
    {
        switch (result.Kind)
        {
            case QueryResultKind.Scalar:
                return CheckScalar(command, result.ScalarValue);
            case QueryResultKind.String:
                return result.StringValue == command.Text ? null : $"expected string \"{command.Text}\" but got \"{result.StringValue}\"";
            case QueryResultKind.Matrix:
                return CheckMatrix(command, result);
            default:
                return CheckVector(command, [.. result.Series.Select(static series => (series.Labels, Sample(series, 0)))]);
        }
    }

    /// <summary>Checks one step of a range query against what an instant query should return.</summary>
    public static string? CheckStep(EvalCommand command, QueryResultKind kind, QueryResult result, int step)
    {
        var vector = new List<(Labels, (double, FloatHistogram?))>();
        foreach (ResultSeries series in result.Series)
        {
            for (int i = series.NextIndex(-1); i >= 0; i = series.NextIndex(i))
            {
                if (i == step)
                    vector.Add((series.Labels, Sample(series, i)));
            }
        }

        return kind == QueryResultKind.Scalar ? CheckScalar(command, vector[0].Item2.Item1) : CheckVector(command, vector);
    }

    public static string? CheckMatrix(EvalCommand command, QueryResult result)
    {
        if (command.Scalar is not null)
            return "expected scalar result, but got matrix";
        if (!result.Series.Select(static series => series.Labels).SequenceEqual(result.Series.Select(static series => series.Labels).Order()))
            return "series are not sorted";
        foreach (ResultSeries series in result.Series)
        {
            if (!command.Series.TryGetValue(series.Labels, out (int Position, IReadOnlyList<SeriesValue> Values) expected))
                return $"unexpected metric {series.Labels} in result: {Format(result, series)}";
            if (CheckSeries(command, result, series, expected.Values) is { } failure)
                return $"{series.Labels}: {failure}; result has {Format(result, series)}";
        }

        return CheckMissing(command, result.Series.Select(static series => series.Labels));
    }

    private static string? CheckScalar(EvalCommand command, double value) =>
        command.Scalar is { } expected && AreEqual(command, expected, value) ? null : $"expected scalar {command.Scalar} but got {value}";

    private static string? CheckVector(EvalCommand command, List<(Labels Labels, (double Value, FloatHistogram? Histogram) Sample)> vector)
    {
        if (command.Scalar is not null)
            return "expected scalar result, but got vector";
        for (int i = 0; i < vector.Count; i++)
        {
            (Labels labels, (double value, FloatHistogram? histogram)) = vector[i];
            if (!command.Series.TryGetValue(labels, out (int Position, IReadOnlyList<SeriesValue> Values) expected))
                return $"unexpected metric {labels} in result, has {Format(value, histogram)}";
            if (command.IsOrdered && expected.Position != i + 1)
                return $"expected {labels} at position {expected.Position} but was at {i + 1}";
            if (!Matches(command, expected.Values[0], value, histogram))
                return $"expected {Format(expected.Values[0].Value, expected.Values[0].Histogram)} for {labels} but got {Format(value, histogram)}";
        }

        return CheckMissing(command, vector.Select(static entry => entry.Labels));
    }

    private static string? CheckMissing(EvalCommand command, IEnumerable<Labels> found)
    {
        var missing = command.Series.Keys.Except(found).ToList();
        return missing.Count == 0 ? null : $"expected metric {missing[0]} not found";
    }

    private static string? CheckSeries(EvalCommand command, QueryResult result, ResultSeries series, IReadOnlyList<SeriesValue> values)
    {
        int i = -1;
        for (int place = 0; place < values.Count; place++)
        {
            if (values[place].Omitted)
                continue;
            long timeMs = command.StartMs + (place * command.StepMs);
            if (timeMs > command.EndMs)
                return "the range cannot return this many points";
            i = series.NextIndex(i);
            if (i < 0)
                return $"expected a sample at {timeMs}";
            long actualMs = series.TimesMs?[i] ?? result.TimeAt(i);
            if (actualMs != timeMs)
                return $"expected a sample at {timeMs} but it is at {actualMs}";
            (double value, FloatHistogram? histogram) = Sample(series, i);
            if (!Matches(command, values[place], value, histogram))
                return $"expected {Format(values[place].Value, values[place].Histogram)} at {timeMs} but got {Format(value, histogram)}";
        }

        return series.NextIndex(i) < 0 ? null : "there are more samples than expected";
    }

    private static bool Matches(EvalCommand command, SeriesValue expected, double value, FloatHistogram? histogram)
    {
        if (expected.Histogram is null != histogram is null)
            return false;
        return histogram is null
            ? AreEqual(command, expected.Value, value)
            : AlmostEqual.Histograms(expected.Histogram!, histogram, expected.CounterResetHintSet);
    }

    private static bool AreEqual(EvalCommand command, double expected, double value) =>
        command.FloatsAreExact ? AlmostEqual.WithinTwoUnits(expected, value) : AlmostEqual.Floats(expected, value);

    private static string? CheckTexts(string kind, List<Expectation> expected, IReadOnlyList<string> actual, bool everyOneIsExpected)
    {
        if (expected.Count == 0 && !everyOneIsExpected)
            return null;
        foreach (Expectation expectation in expected)
        {
            if (!actual.Any(expectation.Accepts))
                return $"expected {kind} matching {expectation}, found: {string.Join("; ", actual)}";
        }

        string? unexpected = actual.FirstOrDefault(text => !expected.Exists(expectation => expectation.Accepts(text)));
        return unexpected is null ? null : $"unexpected {kind}: {unexpected}";
    }

    private static (double Value, FloatHistogram? Histogram) Sample(ResultSeries series, int index) =>
        (series.Values[index], series.Histograms?[index]);

    private static string Format(double value, FloatHistogram? histogram) => histogram is null
        ? value.ToString("R", CultureInfo.InvariantCulture)
        : $"{PromQL.Functions.HistogramText.Format(histogram)} schema {histogram.Schema} zero {histogram.ZeroThreshold} hint {histogram.CounterResetHint}";

    private static string Format(QueryResult result, ResultSeries series)
    {
        var samples = new List<string>();
        for (int i = series.NextIndex(-1); i >= 0; i = series.NextIndex(i))
            samples.Add($"{Format(series.Values[i], series.Histograms?[i])}@{series.TimesMs?[i] ?? result.TimeAt(i)}");
        return string.Join(" ", samples);
    }
}
