using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.Head;

/// <summary>
/// Series are counted by what their newest sample is, whichever way it came: appended, from the log, from a snapshot, from the files
/// of full chunks.
/// </summary>
public sealed class NewestSampleTests
{
    private static readonly Labels Up = Labels.FromStrings("__name__", "up");

    private readonly MemoryDisk _disk = new();

    private TsdbOptions Options => new() { DataDirectory = _disk.Root, Retention = RetentionLimits.None, SamplesPerChunk = 4 };

    // The chunk of the stale marker is full after the first restart and in a file after the second: neither log nor snapshot has it then.
    [Fact]
    public async Task A_series_stays_stale_over_restarts_with_snapshots_and_without()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { SnapshotsOnShutdown = true }))
            await store.AppendAsync(Up, (1000, 1), (2000, StaleMarker.Value));
        for (int i = 0; i < 3; i++)
        {
            await using TsdbStore store = await TsdbStore.OpenAsync(Options with { SnapshotsOnShutdown = true });
            Assert.Equal(1, store.Head.Counters.StaleSeries);
            await store.MaintainAsync();
        }

        await using TsdbStore last = await TsdbStore.OpenAsync(Options);
        Assert.Equal(1, last.Head.Counters.StaleSeries);
        await last.AppendAsync(Up, (3000, 2));
        Assert.Equal(0, last.Head.Counters.StaleSeries);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Counts_agree_with_a_model_through_any_history(int seed)
    {
        const int seriesCount = 12;
        var random = new Random(seed);
        var model = new (bool IsStale, int? Buckets)[seriesCount];
        TsdbStore store = await TsdbStore.OpenAsync(Options);
        long time = 1_000_000;
        for (int step = 0; step < 400; step++)
        {
            int series = random.Next(seriesCount);
            switch (random.Next(40))
            {
                case 0:
                    await store.DisposeAsync();
                    store = await TsdbStore.OpenAsync(Options with { SnapshotsOnShutdown = random.Next(2) == 0 });
                    break;
                case 1:
                    await store.MaintainAsync();
                    break;
                default:
                    await AppendAsync(store, Labels.FromStrings("__name__", "m", "i", $"{series}"), time += 1000, Draw(random, ref model[series]));
                    break;
            }

            Assert.Equal(model.Count(newest => newest.IsStale), store.Head.Counters.StaleSeries);
            Assert.Equal(model.Count(newest => newest.Buckets is not null), store.Head.Counters.HistogramSeries);
            Assert.Equal(model.Sum(newest => newest.Buckets ?? 0), store.Head.Counters.HistogramBuckets);
        }

        for (int i = 0; i < 3; i++)
            await store.TruncateHeadAsync(time + 1);
        Assert.Equal((0, 0L), (store.GetStatistics().Series, store.Head.Counters.StaleSeries));
        Assert.Equal((0L, 0L), (store.Head.Counters.HistogramSeries, store.Head.Counters.HistogramBuckets));
        await store.DisposeAsync();
    }

    // A stale marker as a float takes the kind of its series.
    private static object Draw(Random random, ref (bool IsStale, int? Buckets) newest)
    {
        int buckets = random.Next(5);
        switch (random.Next(5))
        {
            case 0:
                newest = (true, newest.Buckets is null ? null : 0);
                return StaleMarker.Value;
            case 1:
                newest = (false, buckets + 1);
                return new Histogram
                {
                    Count = (ulong)buckets + 1,
                    Sum = 1,
                    PositiveSpans = [new(0, (uint)buckets + 1)],
                    PositiveBuckets = [1, .. Enumerable.Repeat(0L, buckets)],
                };
            case 2:
                newest = (false, buckets + 1);
                return new FloatHistogram
                {
                    Count = buckets + 1,
                    Sum = 1,
                    NegativeSpans = [new(0, (uint)buckets + 1)],
                    NegativeBuckets = [.. Enumerable.Repeat(1.0, buckets + 1)],
                };
            default:
                newest = (false, null);
                return random.NextDouble();
        }
    }

    private static async Task AppendAsync(TsdbStore store, Labels labels, long timeMs, object sample)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        SeriesRef series = appender.Series(labels);
        if (sample is double value)
            batch.Add(series, timeMs, value);
        else if (sample is Histogram integers)
            batch.Add(series, timeMs, integers);
        else
            batch.Add(series, timeMs, (FloatHistogram)sample);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }
}
