using System.Globalization;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Tests.Scripts;
using static Forethought.PromQL.Tests.Execution.TestQueries;

namespace Forethought.PromQL.Tests.Execution;

/// <summary>What queries are said to cost. The numbers are those of upstream's TestQueryStatistics.</summary>
public sealed class QueryStatisticsTests
{
    private static readonly QueryEngineOptions PerStep = new() { PerStepStatistics = true };

    [Theory]
    [InlineData("\"literal string\"", 21, 21, 0, "0", "0", 0)]
    [InlineData("1", 21, 21, 0, "0", "0", 1)]
    [InlineData("metricWith1SampleEvery10Seconds", 21, 21, 0, "1", "1", 1)]
    [InlineData("metricWith1HistogramEvery10Seconds", 21, 21, 0, "13", "13", 13)]
    [InlineData("timestamp(metricWith1SampleEvery10Seconds)", 21, 21, 0, "1", "1", 2)]
    [InlineData("timestamp(metricWith1HistogramEvery10Seconds)", 21, 21, 0, "1", "1", 2)]
    [InlineData("metricWith1SampleEvery10Seconds", 22, 22, 0, "1", "1", 1)]
    [InlineData("metricWith1SampleEvery10Seconds offset 10s", 21, 21, 0, "1", "1", 1)]
    [InlineData("metricWith1SampleEvery10Seconds @ 15", 21, 21, 0, "1", "1", 1)]
    [InlineData("metricWith3SampleEvery10Seconds{a=\"1\"}", 21, 21, 0, "1", "1", 1)]
    [InlineData("metricWith3SampleEvery10Seconds{a=\"1\"} @ 19", 21, 21, 0, "1", "1", 1)]
    [InlineData("metricWith3SampleEvery10Seconds{a=\"1\"}[20s] @ 19", 21, 21, 0, "2", "2", 2)]
    [InlineData("metricWith3SampleEvery10Seconds", 21, 21, 0, "3", "3", 3)]
    [InlineData("metricWith1SampleEvery10Seconds[60s]", 201, 201, 0, "6", "6", 6)]
    [InlineData("metricWith1HistogramEvery10Seconds[60s]", 201, 201, 0, "78", "78", 78)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[60s])[20s:5s]", 201, 201, 0, "24", "8", 10)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[61s])[20s:5s]", 201, 201, 0, "26", "8", 11)]
    [InlineData("max_over_time(metricWith1HistogramEvery10Seconds[60s])[20s:5s]", 201, 201, 0, "312", "104", 78)]
    [InlineData("metricWith1SampleEvery10Seconds[60s] @ 30", 201, 201, 0, "4", "4", 4)]
    [InlineData("metricWith1HistogramEvery10Seconds[60s] @ 30", 201, 201, 0, "52", "52", 52)]
    [InlineData("sum(max_over_time(metricWith3SampleEvery10Seconds[60s] @ 30))", 201, 201, 0, "12", "12", 7)]
    [InlineData("sum by (b) (max_over_time(metricWith3SampleEvery10Seconds[60s] @ 30))", 201, 201, 0, "12", "12", 7)]
    [InlineData("metricWith1SampleEvery10Seconds[60s] offset 10s", 201, 201, 0, "6", "6", 6)]
    [InlineData("metricWith3SampleEvery10Seconds[60s]", 201, 201, 0, "18", "18", 18)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[60s])", 201, 201, 0, "6", "6", 7)]
    [InlineData("absent_over_time(metricWith1SampleEvery10Seconds[60s])", 201, 201, 0, "6", "6", 7)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s])", 201, 201, 0, "18", "18", 9)]
    [InlineData("metricWith1SampleEvery10Seconds[60s:5s]", 201, 201, 0, "12", "12", 12)]
    [InlineData("metricWith1SampleEvery10Seconds[60s:5s] offset 10s", 201, 201, 0, "12", "12", 12)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s:5s])", 201, 201, 0, "36", "36", 51)]
    [InlineData("sum(max_over_time(metricWith3SampleEvery10Seconds[60s:5s])) + sum(max_over_time(metricWith3SampleEvery10Seconds[60s:5s]))", 201, 201, 0, "72", "72", 52)]
    [InlineData("metricWith3SampleEvery10Seconds{a=\"1\"}", 201, 220, 5, "1 1 1 1", "1 1 1 1", 4)]
    [InlineData("metricWith3SampleEvery10Seconds{a=\"1\"}", 204, 223, 5, "1 1 1 1", "1 1 1 1", 4)]
    [InlineData("metricWith1HistogramEvery10Seconds", 204, 223, 5, "13 13 13 13", "13 13 13 13", 52)]
    [InlineData("timestamp(metricWith1SampleEvery10Seconds)", 201, 220, 5, "1 1 1 1", "1 1 1 1", 5)]
    [InlineData("timestamp(metricWith1HistogramEvery10Seconds)", 201, 220, 5, "1 1 1 1", "1 1 1 1", 5)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds{a=\"1\"}[10s])", 991, 1021, 10, "1 1 0 0", "1 1 0 0", 2)]
    [InlineData("metricWith3SampleEvery10Seconds{a=\"1\"} offset 10s", 201, 220, 5, "1 1 1 1", "1 1 1 1", 4)]
    [InlineData("metricWith3SampleEvery10Seconds", 201, 220, 5, "3 3 3 3", "3 3 3 3", 12)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s])", 201, 220, 5, "18 18 18 18", "18 0 3 0", 18)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s:5s])", 201, 216, 5, "36 36 36 36", "36 3 3 3", 69)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s:5s])", 201, 220, 5, "36 36 36 36", "36 3 3 3", 69)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[60s:5s])", 201, 220, 5, "12 12 12 12", "12 1 1 1", 31)]
    [InlineData("sum by (b) (max_over_time(metricWith1SampleEvery10Seconds[60s:5s]))", 201, 220, 5, "12 12 12 12", "12 1 1 1", 31)]
    [InlineData("sum(max_over_time(metricWith3SampleEvery10Seconds[60s:5s])) + sum(max_over_time(metricWith3SampleEvery10Seconds[60s:5s]))", 201, 220, 5, "72 72 72 72", "72 6 6 6", 73)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[20s:10s])", 201, 201, 0, "2", "2", 5)]
    [InlineData("sum_over_time(metricWith1SampleEvery10Seconds[30s:30s])", 90, 90, 0, "1", "1", 3)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[30s:2m])", 240, 240, 0, "1", "1", 3)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[30s:10s])", 201, 231, 30, "3 3", "3 3", 11)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[20s:10s])", 201, 261, 10, "2 2 2 2 2 2 2", "2 1 1 1 1 1 1", 17)]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[30s:10s])", 201, 261, 60, "3 3", "3 3", 14)]
    [InlineData("histogram_count(max_over_time(metricWith1HistogramEvery10Seconds[20s:10s]))", 201, 201, 0, "26", "26", 52)]
    [InlineData("avg_over_time(metricWith1HistogramEvery10Seconds[2m:1m])", 120, 240, 60, "26 26 26", "26 13 13", 117)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s:10s])", 200, 400, 30, "18 18 18 18 18 18 18", "18 9 9 9 9 9 9", 99)]
    [InlineData("predict_linear(metricWith1SampleEvery10Seconds[60s] @ 100, 60)", 100, 300, 100, "6 6 6", "6 0 0", 12)]
    [InlineData("sum_over_time(metricWith3SampleEvery10Seconds[20s:10s] @ 200)", 250, 250, 0, "6", "6", 11)]
    [InlineData("sum_over_time(metricWith1SampleEvery10Seconds[20s:10s] offset 1m)", 240, 240, 0, "2", "2", 5)]
    [InlineData("sum_over_time(metricWith3SampleEvery10Seconds[1m:10s] @ 200 offset 1m)", 300, 300, 0, "18", "18", 27)]
    [InlineData("rate(sum_over_time(metricWith1SampleEvery10Seconds[30s])[1m:30s])", 240, 240, 0, "2", "6", 5)]
    public async Task Counts_samples_as_upstream_does(
        string query, int fromSecond, int toSecond, int stepSeconds, string totalPerStep, string readPerStep, long peak)
    {
        QueryStatistics statistics = await RunAsync(PerStep, query, fromSecond, toSecond, stepSeconds);

        Assert.Equal(totalPerStep, Show(statistics.TotalSamplesPerStep));
        Assert.Equal(readPerStep, Show(statistics.SamplesReadPerStep));
        Assert.Equal(Sum(statistics.TotalSamplesPerStep), statistics.TotalSamples);
        Assert.Equal(Sum(statistics.SamplesReadPerStep), statistics.SamplesRead);
        Assert.Equal(peak, statistics.PeakSamples);
    }

    // Upstream evaluates a part whole before the next; here parts stream, and a join evaluates its other side first.
    [Theory]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s] @ 30)", 201, 220, 5, "12 12 12 12", "12 0 0 0", 12)]
    [InlineData("sum(max_over_time(metricWith3SampleEvery10Seconds[60s:5s])) + sum(max_over_time(metricWith1SampleEvery10Seconds[60s:5s]))", 201, 216, 5, "48 48 48 48", "48 4 4 4", 69)]
    [InlineData("sum(max_over_time(metricWith3SampleEvery10Seconds[60s:5s])) + sum(max_over_time(metricWith1SampleEvery10Seconds[60s:5s]))", 201, 220, 5, "48 48 48 48", "48 4 4 4", 69)]
    [InlineData("sum_over_time(max_over_time(metricWith3SampleEvery10Seconds[60s] @ 300)[5m:1m] @ 600)[10m:2m]", 800, 800, 0, "75", "18", 23)]
    public async Task Counts_a_peak_at_least_as_high_as_upstream_where_the_order_of_evaluation_differs(
        string query, int fromSecond, int toSecond, int stepSeconds, string totalPerStep, string readPerStep, long peak)
    {
        QueryStatistics statistics = await RunAsync(PerStep, query, fromSecond, toSecond, stepSeconds);

        Assert.Equal(totalPerStep, Show(statistics.TotalSamplesPerStep));
        Assert.Equal(readPerStep, Show(statistics.SamplesReadPerStep));
        Assert.InRange(statistics.PeakSamples, peak, peak * 3 / 2);
    }

    [Theory]
    [InlineData("max_over_time(metricWith1SampleEvery10Seconds[60s])[20s:5s]", 201, 201, 0, 24)]
    [InlineData("max_over_time(metricWith3SampleEvery10Seconds[60s:5s])", 201, 216, 5, 144)]
    [InlineData("metricWith1HistogramEvery10Seconds", 204, 223, 5, 52)]
    public async Task Counts_the_same_without_steps(string query, int fromSecond, int toSecond, int stepSeconds, long total)
    {
        QueryStatistics statistics = await RunAsync(new QueryEngineOptions(), query, fromSecond, toSecond, stepSeconds);

        Assert.Equal(total, statistics.TotalSamples);
        Assert.True(statistics.TotalSamplesPerStep.IsEmpty);
        Assert.True(statistics.SamplesReadPerStep.IsEmpty);
    }

    private static async Task<QueryStatistics> RunAsync(QueryEngineOptions options, string query, int from, int to, int step)
    {
        using QueryEngine engine = Engine(options);
        var queryOptions = new QueryOptions { PerStepStatistics = true };
        PreparedQuery prepared = step == 0
            ? engine.PrepareInstant(query, from * 1000L, queryOptions)
            : engine.PrepareRange(query, from * 1000L, to * 1000L, step * 1000L, queryOptions);
        return (await engine.ExecuteAsync(prepared, Storage(), CancellationToken.None)).Statistics;
    }

    private static MemoryStorage Storage()
    {
        var storage = new MemoryStorage();
        foreach (string series in (string[])[
            "metricWith1SampleEvery10Seconds 1+1x100",
            "metricWith3SampleEvery10Seconds{a=\"1\",b=\"1\"} 1+1x100",
            "metricWith3SampleEvery10Seconds{a=\"2\",b=\"2\"} 1+1x100",
            "metricWith3SampleEvery10Seconds{a=\"3\",b=\"2\"} 1+1x100",
            "metricWith1HistogramEvery10Seconds {{schema:1 count:5 sum:20 buckets:[1 2 1 1]}}+{{schema:1 count:10 sum:5 buckets:[1 2 3 4]}}x100"])
        {
            storage.Load(series, 10_000);
        }

        return storage;
    }

    private static string Show(ReadOnlySpan<long> counts) =>
        string.Join(' ', counts.ToArray().Select(static count => count.ToString(CultureInfo.InvariantCulture)));

    private static long Sum(ReadOnlySpan<long> counts) => counts.ToArray().Sum();
}
