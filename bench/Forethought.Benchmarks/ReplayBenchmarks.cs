using BenchmarkDotNet.Attributes;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;

namespace Forethought.Benchmarks;

/// <summary>
/// What a sample costs when a store is opened on its log alone, as after a kill. Few samples of each of many series show what a series
/// costs; many of each what a sample does.
/// </summary>
public class ReplayBenchmarks
{
    private const int Scrape = 1_000;
    private const int Samples = 4_000_000;

    private readonly string _path = Directory.CreateTempSubdirectory("replay-bench").FullName;

    [Params(10_000, 400_000)]
    public int Series { get; set; }

    private TsdbOptions Options => new() { Path = _path, NoLockfile = true, Retention = RetentionLimits.None };

    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_path, recursive: true);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void ReplaySample() => ReplayAsync().GetAwaiter().GetResult();

    private async Task ReplayAsync()
    {
        TsdbStore store = await TsdbStore.OpenAsync(Options).ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SetupAsync()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options).ConfigureAwait(false);
        var series = new SeriesRef[Series];
        var batch = new AppendBatch(Scrape);
        for (int round = 0; round < Samples / Series; round++)
        {
            for (int first = 0; first < Series; first += Scrape)
            {
                using IAppender appender = store.OpenAppender();
                batch.Clear();
                for (int i = first; i < first + Scrape; i++)
                {
                    if (round == 0)
                        series[i] = Create(appender, i);
                    batch.Add(series[i], 15_000L * (round + 1), Math.Floor(round * (1 + i % 13) / 3.0));
                }

                appender.Append(batch);
                await appender.CommitAsync().ConfigureAwait(false);
            }
        }
    }

    private static SeriesRef Create(IAppender appender, int number)
    {
        Labels labels = Labels.FromStrings(
            "__name__", $"metric_{number % 97}_total", "instance", $"10.0.{number / Scrape}.1:9100", "job", "node", "path", $"/p{number % Scrape}");
        return appender.GetOrCreate(labels.Packed, XxHash64.Compute(labels.Packed), out _);
    }
}
