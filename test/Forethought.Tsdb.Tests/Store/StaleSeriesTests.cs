using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Series that went stale leave the head for blocks of their own, as upstream's <c>CompactStaleHead</c> has them do
/// (<c>tsdb/db_test.go</c>, <c>TestStaleSeriesCompaction</c>).
/// </summary>
public sealed class StaleSeriesTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");

    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        WalSegmentSize = 32 * 1024,
        StaleSeriesCompactionThreshold = 0.5,
        BlockReloadInterval = TimeSpan.FromDays(40),
        TimeProvider = _time,
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task Stale_series_leave_the_head_for_blocks_of_their_ranges()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillGoneAsync(store, 3);
        await store.AppendAsync(Up, Samples(2 * Hour, 3 * Hour));
        var before = await store.ReadAsync(0, long.MaxValue);
        await store.MaintainAsync();
        Assert.Equal(
            [(0L, 2 * Hour, BlockHints.FromStaleSeries), (2 * Hour, 4 * Hour, BlockHints.FromStaleSeries)],
            store.GetBlocks().Select(block => (block.MinTimeMs, block.MaxTimeMs, Assert.Single(block.Compaction.Hints))));
        Assert.All(store.GetBlocks(), block => Assert.Equal(3UL, block.Stats.Series));
        Assert.Equal(1, store.GetStatistics().Series);
        Assert.Equal(0, store.Head.Counters.StaleSeries);
        Assert.Equal(store.Head.Counters.ChunksCreated - store.GetStatistics().Chunks, store.Head.Counters.ChunksRemoved);
        Same(before, await store.ReadAsync(0, long.MaxValue));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_restart_does_not_bring_them_back()
    {
        SortedDictionary<Labels, List<(long, double)>> before;
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await FillGoneAsync(store, 3);
            await store.AppendAsync(Up, Samples(2 * Hour, 3 * Hour));
            before = await store.ReadAsync(0, long.MaxValue);
            await store.MaintainAsync();
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(1, reopened.GetStatistics().Series);
        Assert.Equal(0, reopened.Head.Counters.StaleSeries);
        Same(before, await reopened.ReadAsync(0, long.MaxValue));
    }

    [Fact]
    public async Task Below_the_share_and_without_a_share_nothing_happens()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { StaleSeriesCompactionThreshold = 0 });
        await FillGoneAsync(store, 1);
        await store.AppendAsync(Up, Samples(2 * Hour, 3 * Hour));
        await store.MaintainAsync();
        store.StaleSeriesCompactionThreshold = 0.51;
        await store.MaintainAsync();
        Assert.Equal(2, store.GetStatistics().Series);
        Assert.Equal(0, await store.MetricAsync("prometheus_tsdb_stale_series_compactions_triggered_total"));
        store.StaleSeriesCompactionThreshold = 0.5;
        await store.MaintainAsync();
        Assert.Equal(1, store.GetStatistics().Series);
        Assert.Equal(1, await store.MetricAsync("prometheus_tsdb_stale_series_compactions_triggered_total"));
        Assert.Equal(1, await store.MetricAsync("prometheus_tsdb_stale_series_compaction_duration_seconds_count"));
        Assert.Equal(0, await store.MetricAsync("prometheus_tsdb_stale_series_compactions_failed_total"));
    }

    [Theory]
    [InlineData(109, 1)]
    [InlineData(111, 2)]
    public async Task They_wait_if_the_whole_head_is_compacted_soon(int minutesSince, int series)
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(Hour, 4 * Hour + 2 * Minute));
        await store.MaintainAsync();
        Assert.Single(store.GetBlocks());
        await FillGoneAsync(store, 1, 3 * Hour + 5 * Minute);
        _time.Advance(TimeSpan.FromMinutes(minutesSince));
        await store.MaintainAsync();
        Assert.Equal(series, store.GetStatistics().Series);
    }

    [Fact]
    public async Task A_series_that_comes_back_is_a_new_one_and_has_all_its_samples()
    {
        Labels gone = Gone(0);
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await FillGoneAsync(store, 1);
            await store.MaintainAsync();
            Assert.Equal(0, store.GetStatistics().Series);
            await store.AppendAsync(gone, (3 * Hour, 7));
            Assert.Equal(14, (await store.ReadAsync(0, long.MaxValue))[gone].Count);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        List<(long, double)> read = (await reopened.ReadAsync(0, long.MaxValue))[gone];
        Assert.Equal((14, (3 * Hour, 7.0)), (read.Count, read[^1]));
    }

    [Fact]
    public async Task A_reference_from_before_does_not_lead_to_another_series()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillGoneAsync(store, 1);
        SeriesRef old;
        using (IAppender appender = store.OpenAppender())
            old = appender.Series(Gone(0));
        await store.MaintainAsync();
        await store.AppendAsync(Up, (3 * Hour, 1));
        using IAppender late = store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(old, 3 * Hour, 1);
        Assert.Equal(1, late.Append(batch));
        Assert.Equal(AppendOutcome.UnknownSeries, batch.Outcomes[0]);
    }

    [Fact]
    public async Task Series_with_samples_out_of_order_and_ones_far_ahead_stay()
    {
        Labels ahead = Labels.FromStrings("__name__", "ahead");
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.FromHours(1) });
        await FillGoneAsync(store, 2);
        await store.AppendAsync(Gone(0), (2 * Hour + 1, 5));
        long far = _time.GetUtcNow().ToUnixTimeMilliseconds() + 365 * 24 * Hour;
        await store.AppendAsync(ahead, (far, StaleMarker.Value));
        await store.MaintainAsync();
        Assert.Equal(2, store.GetStatistics().Series);
        Assert.DoesNotContain(store.GetBlocks(), block => block.MaxTimeMs > 4 * Hour);
        Assert.Equal(14, (await store.ReadAsync(0, 4 * Hour))[Gone(0)].Count);
    }

    [Fact]
    public async Task A_series_that_a_transaction_has_found_stays()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillGoneAsync(store, 2);
        using IAppender open = store.OpenAppender();
        SeriesRef found = open.Series(Gone(0));
        Task round = store.MaintainAsync();
        var batch = new AppendBatch();
        batch.Add(found, 3 * Hour, 1);
        Assert.Equal(0, open.Append(batch));
        await open.CommitAsync(TestContext.Current.CancellationToken);
        open.Dispose();
        await round;
        Assert.Equal(1, store.GetStatistics().Series);
        Assert.Equal((3 * Hour, 1.0), (await store.ReadAsync(0, long.MaxValue))[Gone(0)][^1]);
        Assert.Equal(13, (await store.ReadAsync(0, long.MaxValue))[Gone(1)].Count);
    }

    [Fact]
    public async Task A_query_from_before_reads_to_its_end()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillGoneAsync(store, 2);
        Task round;
        using (IQuerier querier = store.OpenQuerier(0, long.MaxValue))
        {
            round = store.MaintainAsync();
            await Eventually.Passes(() =>
            {
                Assert.Equal(2, store.GetBlocks().Count);
                return Task.CompletedTask;
            });
            Assert.Equal([13, 13], (await querier.ReadAsync()).Values.Select(samples => samples.Count));
            Assert.False(round.IsCompleted);
        }

        await round;
        Assert.Equal(0, store.GetStatistics().Series);
    }

    [Fact]
    public async Task Deleted_samples_do_not_come_back_from_the_block()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await FillGoneAsync(store, 1);
            await store.DeleteAsync(0, Hour, [new Matcher(Model.MatchType.RegexMatch, "__name__", "gone")]);
            await store.MaintainAsync();
            Assert.Equal(12, (await store.ReadAsync(0, long.MaxValue))[Gone(0)].Count);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(12, (await reopened.ReadAsync(0, long.MaxValue))[Gone(0)].Count);
    }

    [Fact]
    public async Task Native_histograms_leave_too()
    {
        Labels histograms = Labels.FromStrings("__name__", "histograms");
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await AppendAsync(store, histograms, Hour, new Histogram { Count = 2, Sum = 3, PositiveSpans = [new(0, 1)], PositiveBuckets = [2] });
        await store.AppendAsync(histograms, (2 * Hour, StaleMarker.Value));
        Assert.Equal(1, store.Head.Counters.HistogramSeries);
        await store.MaintainAsync();
        Assert.Equal((0, 0L, 0L), (store.GetStatistics().Series, store.Head.Counters.HistogramSeries, store.Head.Counters.HistogramBuckets));
        Assert.Equal(2, (await store.ReadAsync(0, long.MaxValue))[histograms].Count);
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_and_the_next_round_succeeds()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await FillGoneAsync(store, 2);
        var before = await store.ReadAsync(0, long.MaxValue);
        for (int step = 0; store.GetStatistics().Series > 0; step++)
        {
            int left = step;
            _disk.Fault = (_, operation) => operation.Kind is DiskOperationKind.Write or DiskOperationKind.Rename && left-- == 0 ? new DiskFault() : null;
            await store.MaintainAsync();
            _disk.Fault = null;
            Same(before, await store.ReadAsync(0, long.MaxValue));
            Assert.True(step < 200);
        }

        Assert.True(await store.MetricAsync("prometheus_tsdb_stale_series_compactions_failed_total") > 3);
        Assert.Contains("immediate stale series compaction failed", _warnings[0], StringComparison.Ordinal);
    }

    // The disk is gone at each of its operations in turn, and with it what was not synced or only what was not written.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_crash_at_any_step_loses_nothing_and_invents_nothing(bool losesUnsynced)
    {
        SortedDictionary<Labels, List<(long, double)>>? before = null;
        for (int step = 0; ; step++)
        {
            var disk = new MemoryDisk();
            TsdbOptions options = Options with { DataDirectory = disk.Root };
            TsdbStore store = await TsdbStore.OpenAsync(options with { StaleSeriesCompactionThreshold = 0 });
            await FillGoneAsync(store, 2);
            before ??= await store.ReadAsync(0, long.MaxValue);

            // What was acknowledged is synced when the log is closed.
            await store.DisposeAsync();
            store = await TsdbStore.OpenAsync(options);
            int left = step;
            disk.Fault = (_, _) => left-- == 0 ? new DiskFault(BytesDone: 5, Crashes: true) : null;
            await Record.ExceptionAsync(store.MaintainAsync);
            bool isDone = left >= 0;
            await Record.ExceptionAsync(async () => await store.DisposeAsync());
            disk.Restart(losesUnsynced);
            await using TsdbStore reopened = await TsdbStore.OpenAsync(options);
            Same(before, await reopened.ReadAsync(0, long.MaxValue));
            await reopened.MaintainAsync();
            Assert.Equal(0, reopened.GetStatistics().Series);
            Same(before, await reopened.ReadAsync(0, long.MaxValue));
            if (isDone)
                return;
            Assert.True(step < 200);
        }
    }

    private static (long, double)[] Samples(long startMs, long endMs) =>
        [.. Enumerable.Range(0, (int)((endMs - startMs) / Minute)).Select(i => (startMs + i * Minute, (double)i))];

    private static Labels Gone(int series) => Labels.FromStrings("__name__", "gone", "i", $"{series}");

    // Twelve samples across two ranges, then the marker.
    private static async Task FillGoneAsync(TsdbStore store, int series, long startMs = Hour)
    {
        for (int sample = 0; sample <= 12; sample++)
        {
            for (int i = 0; i < series; i++)
                await store.AppendAsync(Gone(i), (startMs + sample * 8 * Minute, sample < 12 ? sample : StaleMarker.Value));
        }
    }

    private static async Task AppendAsync(TsdbStore store, Labels labels, long timeMs, Histogram histogram)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(appender.Series(labels), timeMs, histogram);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static void Same(SortedDictionary<Labels, List<(long, double)>> expected, SortedDictionary<Labels, List<(long, double)>> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((Labels labels, List<(long, double)> samples) in expected)
        {
            Assert.Equal(
                samples.Select(sample => (sample.Item1, BitConverter.DoubleToInt64Bits(sample.Item2))),
                actual[labels].Select(sample => (sample.Item1, BitConverter.DoubleToInt64Bits(sample.Item2))));
        }
    }
}
