using System.Text.Json;
using Forethought.Model;

namespace Forethought.PromQL.Tests.Scripts.Recording;

/// <summary>An answer of the query API, and how a script states it.</summary>
internal sealed class ReferenceAnswer(EvalCommand command, JsonElement body)
{
    private const string ParameterError = "invalid parameter \"query\": ";

    /// <summary>The times at which the result has native histograms.</summary>
    public IEnumerable<(string Expression, long TimeMs)> HistogramEvaluations => Series()
        .SelectMany(static series => series.Samples)
        .Where(static sample => sample.IsHistogram)
        .Select(sample => (command.Expression, sample.TimeMs))
        .Distinct();

    /// <summary>The lines that follow the command.</summary>
    public IEnumerable<string> ToLines(ReferenceHistograms histograms)
    {
        if (body.GetProperty("status").GetString() == "error")
            return ["expect fail msg:" + ErrorText().TrimEnd()];
        return Notes("warnings", "warn").Concat(Notes("infos", "info")).Concat(Result(histograms));
    }

    private string ErrorText()
    {
        string error = body.GetProperty("error").GetString()!;
        return error.StartsWith(ParameterError, StringComparison.Ordinal) ? error[ParameterError.Length..] : error;
    }

    private IEnumerable<string> Notes(string property, string kind) => !body.TryGetProperty(property, out JsonElement notes)
        ? []
        : notes.EnumerateArray().Select(note => $"expect {kind} msg:{note.GetString()}").Order(StringComparer.Ordinal);

    private IEnumerable<string> Result(ReferenceHistograms histograms)
    {
        JsonElement data = body.GetProperty("data");
        switch (data.GetProperty("resultType").GetString())
        {
            case "scalar":
                return [data.GetProperty("result")[1].GetString()!];
            case "string":
                return [$"expect string {JsonSerializer.Serialize(data.GetProperty("result")[1].GetString())}"];
            case "vector":
                IEnumerable<AnsweredSeries> vector = command.IsOrdered ? Series() : Series().OrderBy(static series => series.Labels);
                return vector.Select(series => $"{series.Metric} {Value(series, series.Samples[0], histograms)}");
            default:
                return Matrix(histograms);
        }
    }

    private IEnumerable<string> Matrix(ReferenceHistograms histograms)
    {
        List<AnsweredSeries> all = [.. Series()];
        (long startMs, long endMs, long stepMs) = (command.StartMs, command.EndMs, command.StepMs);
        if (!command.IsRange && all.Count > 0)
        {
            long[] times = [.. all.SelectMany(static series => series.Samples).Select(static sample => sample.TimeMs).Distinct().Order()];
            (startMs, endMs) = (times[0], times[^1]);
            stepMs = Math.Max(1, times.Aggregate(0L, (step, time) => GreatestCommonDivisor(step, time - startMs)));
            yield return $"expect range vector from {startMs}ms to {endMs}ms step {stepMs}ms";
        }

        foreach (AnsweredSeries series in all)
        {
            var values = new List<string>();
            foreach (AnsweredSample sample in series.Samples)
            {
                while (values.Count < (sample.TimeMs - startMs) / stepMs)
                    values.Add("_");
                values.Add(Value(series, sample, histograms));
            }

            yield return $"{series.Metric} {string.Join(' ', values)}";
        }
    }

    private string Value(AnsweredSeries series, AnsweredSample sample, ReferenceHistograms histograms) =>
        sample.IsHistogram ? histograms.Find(command.Expression, sample.TimeMs, series.Labels) : sample.Value;

    private IEnumerable<AnsweredSeries> Series()
    {
        if (!body.TryGetProperty("data", out JsonElement data) || data.GetProperty("resultType").GetString() is not ("vector" or "matrix"))
            return [];
        return data.GetProperty("result").EnumerateArray().Select(AnsweredSeries.Parse);
    }

    private static long GreatestCommonDivisor(long left, long right) => right == 0 ? left : GreatestCommonDivisor(right, left % right);
}
