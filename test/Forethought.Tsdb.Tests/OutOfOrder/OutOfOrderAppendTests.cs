using Forethought.Client;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.OutOfOrder;

/// <summary>Which samples are taken out of order. Expected values are those of upstream's <c>memSeries.appendable</c> and its callers.</summary>
public sealed class OutOfOrderAppendTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Newest = 10 * Hour;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Fresh = Labels.FromStrings("__name__", "up", "job", "b");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    // The head reaches back an hour in order: half of its range.
    [Theory]
    [InlineData(0, Newest - Minute, AppendOutcome.OutOfOrder)]
    [InlineData(0, Newest - Hour - 1, AppendOutcome.OutOfBounds)]
    [InlineData(30, Newest - Minute, AppendOutcome.Accepted)]
    [InlineData(30, Newest - 30 * Minute, AppendOutcome.Accepted)]
    [InlineData(30, Newest - 30 * Minute - 1, AppendOutcome.TooOld)]
    [InlineData(30, Newest - 5 * Hour, AppendOutcome.TooOld)]
    [InlineData(240, Newest - 4 * Hour, AppendOutcome.Accepted)]
    [InlineData(240, Newest, AppendOutcome.DuplicateTimestamp)]
    [InlineData(-5, Newest - Minute, AppendOutcome.OutOfOrder)]
    public async Task The_window_decides_what_becomes_of_a_late_sample(int windowMinutes, long timeMs, AppendOutcome expected)
    {
        await using TsdbStore store = await OpenAsync(windowMinutes);
        await store.AppendAsync(Up, (Newest, 1));
        Assert.Equal(expected, await AppendOneAsync(store, Up, timeMs, 2));
        Assert.Equal(expected, await AppendOneAsync(store, Up, timeMs, null));
        bool isTaken = expected == AppendOutcome.Accepted;
        Assert.Equal(isTaken ? [(timeMs, 2.0), (Newest, 1)] : [(Newest, 1.0)], (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Theory]
    [InlineData(Newest - Hour, AppendOutcome.Accepted, false)]
    [InlineData(Newest - Hour - 1, AppendOutcome.Accepted, true)]
    [InlineData(Newest - 4 * Hour - 1, AppendOutcome.TooOld, false)]
    public async Task A_series_without_samples_takes_old_ones_out_of_order_if_the_head_would_not(long timeMs, AppendOutcome expected, bool isOutOfOrder)
    {
        await using TsdbStore store = await OpenAsync(240);
        await store.AppendAsync(Up, (Newest, 1));
        Assert.Equal(expected, await AppendOneAsync(store, Fresh, timeMs, 2));
        Assert.Equal(isOutOfOrder ? 1 : 0, store.Head.Counters.FloatsAppendedOutOfOrder);
    }

    [Fact]
    public async Task A_batch_may_ask_that_late_samples_be_refused()
    {
        await using TsdbStore store = await OpenAsync(30);
        await store.AppendAsync(Up, (Newest, 1));
        Assert.Equal(AppendOutcome.OutOfOrder, await AppendOneAsync(store, Up, Newest - Minute, 2, discards: true));
        Assert.Equal(AppendOutcome.TooOld, await AppendOneAsync(store, Up, Newest - Hour, 2, discards: true));
        Assert.Equal(AppendOutcome.Accepted, await AppendOneAsync(store, Up, Newest + 1, 2, discards: true));
        Assert.Equal((1L, 1L), (store.Head.Counters.FloatsOutOfOrder, store.Head.Counters.FloatsTooOld));
    }

    [Fact]
    public async Task The_same_time_again_is_dropped_silently_whatever_its_value()
    {
        await using TsdbStore store = await OpenAsync(30);
        await store.AppendAsync(Up, (Newest, 1));
        Assert.Equal(AppendOutcome.Accepted, await AppendOneAsync(store, Up, Newest - Minute, 2));
        Assert.Equal(AppendOutcome.Accepted, await AppendOneAsync(store, Up, Newest - Minute, 3));
        Assert.Equal([(Newest - Minute, 2.0), (Newest, 1)], (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Equal((2L, 1L), (store.Head.Counters.FloatsAppended, store.Head.Counters.FloatsAppendedOutOfOrder));
    }

    [Fact]
    public async Task Samples_of_a_new_series_may_come_in_any_order_within_a_transaction()
    {
        await using (TsdbStore store = await OpenAsync(30))
        {
            await store.AppendAsync(Up, (Newest, 1));
            await store.AppendAsync(Fresh, (Newest, 4), (Newest - Minute, 3), (Newest + 1, 5), (Newest - 2 * Minute, 2));
            Assert.Equal(2, store.Head.Counters.FloatsAppendedOutOfOrder);
            Assert.Equal(
                [(Newest - 2 * Minute, 2.0), (Newest - Minute, 3), (Newest, 4), (Newest + 1, 5)],
                (await store.ReadAsync(0, long.MaxValue))[Fresh]);
        }

        await using TsdbStore reopened = await OpenAsync(30);
        Assert.Equal(4, (await reopened.ReadAsync(0, long.MaxValue))[Fresh].Count);
    }

    [Fact]
    public async Task A_sample_overtaken_by_another_transaction_is_taken_out_of_order_and_logged()
    {
        await using (TsdbStore store = await OpenAsync(30))
        {
            await store.AppendAsync(Up, (Newest, 1));
            using IAppender slow = store.OpenAppender();
            var batch = new AppendBatch();
            batch.Add(slow.Series(Up), Newest + 1000, 2);
            Assert.Equal(0, slow.Append(batch));
            await store.AppendAsync(Up, (Newest + 2000, 3));
            await slow.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using TsdbStore reopened = await OpenAsync(30);
        Assert.Equal([(Newest, 1.0), (Newest + 1000, 2), (Newest + 2000, 3)], (await reopened.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task A_late_stale_marker_of_a_histogram_series_is_a_histogram()
    {
        await using TsdbStore store = await OpenAsync(30);
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        batch.AddMixed(appender.Series(Up), Newest, 'h', 7);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(AppendOutcome.Accepted, await AppendOneAsync(store, Up, Newest - Minute, StaleMarker.Value));
        Assert.Equal($"{Newest - Minute} stale h, {Newest} h7", await store.ReadMixedAsync(Up));
    }

    [Fact]
    public async Task Start_timestamps_come_along_where_they_are_kept()
    {
        var options = new TsdbOptions
        {
            DataDirectory = _disk.Root,
            Retention = RetentionLimits.None,
            OutOfOrderTimeWindow = TimeSpan.FromMinutes(30),
            FloatChunkEncoding = ChunkEncoding.Xor2,
            StoresStartTimes = true,
        };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
        {
            await store.AppendAsync(Up, (Newest, 1));
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            batch.Add(appender.Series(Up), Newest - Minute, 2);
            batch.RequireStartTimes()[0] = Newest - Hour;
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(options);
        using IQuerier querier = reopened.OpenQuerier(0, long.MaxValue);
        using ISeriesSet set = await querier.SelectAsync(
            new SelectHints { StartMs = 0, EndMs = long.MaxValue },
            [new Matcher(Forethought.Model.MatchType.Equal, "job", "a")],
            TestContext.Current.CancellationToken);
        var samples = new SampleBatch();
        Assert.True(set.MoveNext() && set.Read(samples));
        Assert.Equal([Newest - Hour, 0], samples.StartTimesMs![..samples.Count]);
    }

    [Fact]
    public async Task What_comes_late_is_counted_as_upstream_counts_it()
    {
        await using TsdbStore store = await OpenAsync(30);
        await store.AppendAsync(Up, (Newest, 1));
        await AppendOneAsync(store, Up, Newest - Minute, 2);
        await AppendOneAsync(store, Up, Newest - Hour, 2);
        await AppendOneAsync(store, Up, Newest - Hour, null);
        string page = Exposed(store);
        Assert.Contains("prometheus_tsdb_too_old_samples_total{type=\"float\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_too_old_samples_total{type=\"histogram\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_head_out_of_order_samples_appended_total{type=\"float\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_head_samples_appended_total{type=\"float\"} 2\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_sample_ooo_delta_bucket{le=\"600\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_sample_ooo_delta_sum 7260\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_out_of_order_wbl_page_flushes_total 1\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_tsdb_out_of_order_wbl_segment_current 0\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_may_open_the_window_and_close_it_again()
    {
        await using TsdbStore store = await OpenAsync(0);
        Assert.DoesNotContain("out_of_order_wbl_", Exposed(store), StringComparison.Ordinal);
        await store.AppendAsync(Up, (Newest, 1));
        Assert.DoesNotContain(_disk.Root.List(), entry => entry.Name == "wbl");
        store.OutOfOrderTimeWindow = TimeSpan.FromMinutes(30);
        Assert.Equal(AppendOutcome.Accepted, await AppendOneAsync(store, Up, Newest - Minute, 2));
        store.OutOfOrderTimeWindow = TimeSpan.Zero;
        Assert.Equal(AppendOutcome.OutOfOrder, await AppendOneAsync(store, Up, Newest - 2 * Minute, 3));
        Assert.Equal([(Newest - Minute, 2.0), (Newest, 1)], (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    private static string Exposed(TsdbStore store)
    {
        var registry = new MetricRegistry();
        registry.Register(store.Metrics);
        return registry.ToText();
    }

    private static async Task<AppendOutcome> AppendOneAsync(TsdbStore store, Labels labels, long timeMs, double? value, bool discards = false)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch { DiscardOutOfOrder = discards };
        if (value is { } number)
            batch.Add(appender.Series(labels), timeMs, number);
        else
            batch.AddMixed(appender.Series(labels), timeMs, 'h', 1);
        appender.Append(batch);
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        return batch.Outcomes[0];
    }

    private Task<TsdbStore> OpenAsync(int windowMinutes) => TsdbStore.OpenAsync(new TsdbOptions
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        OutOfOrderTimeWindow = TimeSpan.FromMinutes(windowMinutes),
        Warned = _warnings.Add,
    });
}
