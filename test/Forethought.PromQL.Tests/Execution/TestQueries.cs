using System.Globalization;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.PromQL.Tests.Scripts;

namespace Forethought.PromQL.Tests.Execution;

/// <summary>Runs queries over samples in memory and shows results as text, a line a series.</summary>
internal static class TestQueries
{
    public static QueryEngine Engine(QueryEngineOptions? options = null) => new(
        (options ?? new QueryEngineOptions()) with { Parser = ParserOptions.Everything, WorkerThreads = 1 }, TimeProvider.System);

    /// <summary>A sample a minute from time 0 on.</summary>
    public static MemoryStorage Load(params ReadOnlySpan<string> series)
    {
        var storage = new MemoryStorage();
        foreach (string description in series)
            storage.Load(description, 60_000);
        return storage;
    }

    public static async Task<QueryResult> InstantAsync(
        MemoryStorage storage, string query, int minute, QueryEngineOptions? options = null)
    {
        using QueryEngine engine = Engine(options);
        return await engine.ExecuteAsync(engine.PrepareInstant(query, minute * 60_000L), storage, CancellationToken.None);
    }

    public static async Task<QueryResult> RangeAsync(
        MemoryStorage storage, string query, int fromMinute, int toMinute, QueryEngineOptions? options = null)
    {
        using QueryEngine engine = Engine(options);
        PreparedQuery prepared = engine.PrepareRange(query, fromMinute * 60_000L, toMinute * 60_000L, 60_000);
        return await engine.ExecuteAsync(prepared, storage, CancellationToken.None);
    }

    public static async Task<string> FailureAsync(MemoryStorage storage, string query, int minute, QueryEngineOptions? options = null) =>
        (await Xunit.Assert.ThrowsAsync<PromQlException>(() => InstantAsync(storage, query, minute, options))).Message;

    /// <summary><c>{a="b"} 1@60 2@120</c>, times in seconds; the value alone of a scalar.</summary>
    public static string[] Show(QueryResult result)
    {
        if (result.Kind == QueryResultKind.Scalar)
            return [Number(result.ScalarValue)];
        return result.Kind == QueryResultKind.String
            ? [result.StringValue]
            : [.. result.Series.Select(series => $"{series.Labels} {string.Join(' ', Samples(result, series))}")];
    }

    private static IEnumerable<string> Samples(QueryResult result, ResultSeries series)
    {
        for (int i = series.NextIndex(-1); i >= 0; i = series.NextIndex(i))
        {
            string value = series.Histograms?[i] is { } histogram
                ? PromQL.Functions.HistogramText.Format(histogram)
                : Number(series.Values[i]);
            yield return value + "@" + Number((series.TimesMs?[i] ?? result.TimeAt(i)) / 1000.0);
        }
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
