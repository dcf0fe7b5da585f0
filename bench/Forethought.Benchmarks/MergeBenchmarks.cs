using BenchmarkDotNet.Attributes;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Storage.Merging;

namespace Forethought.Benchmarks;

/// <summary>What it costs to read several sources with the same series as one, per sample: 200 series of 480 samples a source.</summary>
public class MergeBenchmarks
{
    private const int SeriesCount = 200;
    private const int SamplesPerSource = 480;
    private const long IntervalMs = 15_000;

    private static readonly SelectHints Hints = new() { StartMs = 0, EndMs = long.MaxValue, SortSeries = true };

    private readonly SampleBatch _batch = new();
    private IQuerier _one = null!;
    private IQuerier _three = null!;
    private IQuerier _twins = null!;
    private IQuerier _many = null!;

    [GlobalSetup]
    public void Setup()
    {
        Labels[] labels = [.. Enumerable.Range(0, SeriesCount).Select(i => Labels.FromStrings(
            "__name__", "http_requests_total", "instance", "host-17.example.com:9100", "job", "node", "path", $"/api/v1/p{i:D3}"))];
        _one = Sources(labels, 1, stepMs: 0);
        _three = Sources(labels, 3, stepMs: SamplesPerSource * IntervalMs);
        _twins = Sources(labels, 2, stepMs: 0);
        _many = Sources(labels, 150, stepMs: SamplesPerSource * IntervalMs);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = SeriesCount * SamplesPerSource)]
    public Task<long> OneSource() => ReadAsync(_one);

    [Benchmark(OperationsPerInvoke = 3 * SeriesCount * SamplesPerSource)]
    public Task<long> ThreeBlocksOneAfterTheOther() => ReadAsync(_three);

    [Benchmark(OperationsPerInvoke = 2 * SeriesCount * SamplesPerSource)]
    public Task<long> TwoEqualSources() => ReadAsync(_twins);

    [Benchmark(OperationsPerInvoke = 150 * SeriesCount * SamplesPerSource)]
    public Task<long> AHundredAndFiftyBlocks() => ReadAsync(_many);

    private static IQuerier Sources(Labels[] labels, int count, long stepMs) => MergedQuerier.Of(
        [.. Enumerable.Range(0, count).Select(source =>
        {
            var samples = new SampleBatch(SamplesPerSource);
            for (int i = 0; i < SamplesPerSource; i++)
                samples.Add((source * stepMs) + (i * IntervalMs), i);
            return new RecordedSeriesSet(labels, samples);
        })]);

    private async Task<long> ReadAsync(IQuerier querier)
    {
        using ISeriesSet set = await querier.SelectAsync(Hints, [], CancellationToken.None).ConfigureAwait(false);
        long samples = 0;
        while (set.MoveNext())
        {
            _batch.Clear();
            while (set.Read(_batch))
            {
                samples += _batch.Count;
                _batch.Clear();
            }
        }

        return samples;
    }
}
