using BenchmarkDotNet.Attributes;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;

namespace Forethought.Benchmarks;

/// <summary>What a sample costs on its way into the head: a scrape's batch appended and committed, without a log.</summary>
public class AppendBenchmarks
{
    private const int SeriesCount = 1_000;

    private readonly AppendBatch _batch = new(SeriesCount);
    private readonly SeriesRef[] _series = new SeriesRef[SeriesCount];
    private TsdbStore _store = null!;
    private long _timeMs;

    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        _store = await TsdbStore.OpenAsync(new TsdbOptions { Retention = new RetentionLimits(TimeSpan.FromHours(4)) }).ConfigureAwait(false);
        using IAppender appender = _store.OpenAppender();
        for (int i = 0; i < SeriesCount; i++)
        {
            Labels labels = Labels.FromStrings("__name__", "requests_total", "instance", "host:9100", "path", $"/p{i}");
            _series[i] = appender.GetOrCreate(labels.Packed, XxHash64.Compute(labels.Packed), out _);
        }

        await appender.CommitAsync().ConfigureAwait(false);
        await Commit().ConfigureAwait(false);
    }

    [GlobalCleanup]
    public void Cleanup() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = SeriesCount)]
    public ValueTask AppendSample() => Commit();

    private async ValueTask Commit()
    {
        _timeMs += 15_000;
        _batch.Clear();
        for (int i = 0; i < SeriesCount; i++)
            _batch.Add(_series[i], _timeMs, _timeMs / 1_000.0 * (i % 7));
        using IAppender appender = _store.OpenAppender();
        appender.Append(_batch);
        await appender.CommitAsync().ConfigureAwait(false);
    }
}
