using BenchmarkDotNet.Attributes;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.Storage;
using Forethought.Tsdb;

namespace Forethought.Benchmarks;

/// <summary>What queries cost over 1,000 series with six hours of samples at 15 s.</summary>
public class QueryBenchmarks : IDisposable
{
    private const int SeriesCount = 1_000;
    private const long IntervalMs = 15_000;
    private const long EndMs = 6 * 3_600_000;

    private TsdbStore _store = null!;
    private QueryEngine _engine = null!;

    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        _store = await TsdbStore.OpenAsync(new TsdbOptions { Retention = RetentionLimits.None }).ConfigureAwait(false);
        _engine = new QueryEngine(new QueryEngineOptions(), TimeProvider.System);
        var batch = new AppendBatch(SeriesCount);
        for (long timeMs = 0; timeMs <= EndMs; timeMs += IntervalMs)
        {
            using IAppender appender = _store.OpenAppender();
            batch.Clear();
            for (int i = 0; i < SeriesCount; i++)
            {
                Labels labels = Labels.FromStrings("__name__", "requests_total", "service", $"s{i % 10}", "path", $"/p{i}");
                SeriesRef series = appender.GetOrCreate(labels.Packed, XxHash64.Compute(labels.Packed), out _);
                batch.Add(series, timeMs, timeMs / IntervalMs * (i % 13));
            }

            appender.Append(batch);
            await appender.CommitAsync().ConfigureAwait(false);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public void Dispose()
    {
        _engine?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public Task<QueryResult> InstantOneSeries() => Run(_engine.PrepareInstant("""requests_total{path="/p7"}""", EndMs));

    [Benchmark]
    public Task<QueryResult> SumByRateOverSixHours() =>
        Run(_engine.PrepareRange("sum by (service) (rate(requests_total[5m]))", 600_000, EndMs, 60_000));

    [Benchmark]
    public Task<QueryResult> RawOneHour() => Run(_engine.PrepareRange("requests_total", EndMs - 3_600_000, EndMs, IntervalMs));

    private Task<QueryResult> Run(PreparedQuery query) => _engine.ExecuteAsync(query, _store, CancellationToken.None);
}
