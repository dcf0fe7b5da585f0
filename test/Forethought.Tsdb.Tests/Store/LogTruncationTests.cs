using Forethought.Client;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Labels = Forethought.Model.Labels;

namespace Forethought.Tsdb.Tests.Store;

public sealed class LogTruncationTests : IDisposable
{
    private const long Minute = 60_000;
    private static readonly Labels Kept = Labels.FromStrings("__name__", "kept");

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _directory.Dispose();

    private string[] Segments => [.. Directory.GetFiles(WalPath).Select(file => Path.GetFileName(file)).Order()];

    private string[] Checkpoints => [.. Directory.GetDirectories(WalPath).Select(directory => Path.GetFileName(directory)).Order()];

    private string WalPath => Path.Combine(_directory.Path, "wal");

    [Fact]
    public async Task The_older_two_thirds_of_the_segments_become_a_checkpoint_and_nothing_needed_is_lost()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await FillAsync(store, 0, 600);
            int segments = Segments.Length;
            Assert.True(segments > 4, $"{segments} segments");
            await store.TruncateHeadAsync(400 * Minute);
            int last = (segments - 2) * 2 / 3;
            Assert.Equal([$"checkpoint.{last:d8}"], Checkpoints);
            Assert.Equal($"{last + 1:d8}", Segments[0]);
            Assert.Equal($"{segments:d8}", Segments[^1]);
            await FillAsync(store, 600, 640);
        }

        await using TsdbStore reopened = await OpenAsync();
        await CheckAsync(reopened, 400, 640);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Truncating_again_and_again_keeps_the_log_small_and_the_data_whole()
    {
        TsdbStore store = await OpenAsync();
        var sizes = new List<int>();
        for (int round = 1; round <= 6; round++)
        {
            await FillAsync(store, (round - 1) * 300, round * 300);
            await store.TruncateHeadAsync((round * 300 - 150) * Minute);
            Assert.InRange(Checkpoints.Length, 0, 1);
            sizes.Add(Segments.Length);
            if (round % 2 == 1)
                continue;
            await store.DisposeAsync();
            store = await OpenAsync();
            await CheckAsync(store, round * 300 - 150, round * 300);
        }

        await store.DisposeAsync();
        Assert.InRange(sizes[^1], 1, sizes[0] + 3);
    }

    [Fact]
    public async Task A_collected_series_is_in_the_checkpoint_as_long_as_the_log_may_have_its_samples()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await FillAsync(store, 0, 400);
            await store.AppendAsync(Labels.FromStrings("__name__", "gone"), (401 * Minute, 1));
            await FillAsync(store, 402, 600);
            await store.TruncateHeadAsync(500 * Minute);
            Assert.Equal(31, store.GetStatistics().Series);
            Assert.NotEmpty(Checkpoints);
        }

        // Its sample is in a segment that the checkpoint does not cover: replay must know the series.
        await using TsdbStore reopened = await OpenAsync();
        Assert.Empty(_warnings);
        await CheckAsync(reopened, 500, 600);
    }

    [Fact]
    public async Task Retention_is_applied_every_minute_in_steps_of_the_chunk_range()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(
            new TsdbOptions { Retention = new RetentionLimits(TimeSpan.FromHours(10)), TimeProvider = _clock });
        await store.AppendAsync(Kept, [.. Enumerable.Range(0, 13 * 60).Select(i => (i * Minute, (double)i))]);
        Assert.Equal(0, store.Head.Bounds.MinTimeMs);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await store.MaintainAsync();
        Assert.Equal(2 * 60 * Minute, store.Head.Bounds.MinTimeMs);
        await store.MaintainAsync();
        Assert.Equal(1, store.Head.Counters.Truncations);
        Assert.Equal(11 * 60, (await store.ReadAsync(2 * 60 * Minute, long.MaxValue))[Kept].Count);
    }

    [Fact]
    public async Task Retention_can_be_changed_while_the_store_is_open()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Retention = RetentionLimits.None, TimeProvider = _clock });
        await store.AppendAsync(Kept, [.. Enumerable.Range(0, 13 * 60).Select(i => (i * Minute, (double)i))]);
        await store.MaintainAsync();
        Assert.Equal(0, store.Head.Bounds.MinTimeMs);
        store.Retention = new RetentionLimits(TimeSpan.FromHours(10));
        await store.MaintainAsync();
        Assert.Equal(2 * 60 * Minute, store.Head.Bounds.MinTimeMs);
    }

    [Fact]
    public async Task The_store_applies_retention_by_itself_once_a_minute()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(
            new TsdbOptions { Retention = new RetentionLimits(TimeSpan.FromHours(1)), MinBlockDuration = TimeSpan.FromHours(1), TimeProvider = _clock });
        await store.AppendAsync(Kept, [.. Enumerable.Range(0, 300).Select(i => (i * Minute, (double)i))]);
        while (_clock.ArmedTimers == 0)
            await Task.Yield();
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, store.Head.Counters.Truncations);
        _clock.Advance(TimeSpan.FromSeconds(1));
        while (Volatile.Read(ref store.Head.Counters.ChunksRemoved) == 0)
            await Task.Yield();
        Assert.Equal(1, store.Head.Counters.Truncations);
    }

    [Fact]
    public async Task Metrics_carry_upstreams_names_and_the_heads_figures()
    {
        await using TsdbStore store = await OpenAsync();
        await FillAsync(store, 0, 3);
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            batch.Add(appender.Series(Kept), Minute, 5);
            appender.Append(batch);
        }

        var registry = new MetricRegistry();
        registry.Register(store.Metrics);
        using var text = new MemoryStream();
        await new MetricsHandler(registry).ServeAsync("", "", _ => { }, text, TestContext.Current.CancellationToken);
        string[] lines = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n');
        Assert.Contains("prometheus_tsdb_head_series 31", lines);
        Assert.Contains("prometheus_tsdb_head_samples_appended_total{type=\"float\"} 93", lines);
        Assert.Contains("prometheus_tsdb_head_samples_appended_total{type=\"histogram\"} 0", lines);
        Assert.Contains("prometheus_tsdb_out_of_order_samples_total{type=\"float\"} 1", lines);
        Assert.Contains("prometheus_tsdb_head_max_time 120000", lines);
        Assert.Contains("prometheus_tsdb_clean_start 1", lines);
        Assert.Contains("prometheus_tsdb_wal_segment_current 0", lines);
        Assert.Contains("prometheus_tsdb_head_active_appenders 0", lines);
        Assert.Contains(lines, line => line.StartsWith("forethought_tsdb_native_memory_bytes{purpose=\"series_state\"} ", StringComparison.Ordinal));
    }

    private Task<TsdbStore> OpenAsync() => TsdbStore.OpenAsync(
        new TsdbOptions { Path = _directory.Path, WalSegmentSize = 32 * 1024, Retention = RetentionLimits.None, Warned = _warnings.Add });

    private static async Task FillAsync(TsdbStore store, int fromMinute, int toMinute)
    {
        var batch = new AppendBatch();
        for (int minute = fromMinute; minute < toMinute; minute++)
        {
            using IAppender appender = store.OpenAppender();
            batch.Clear();
            batch.Add(appender.Series(Kept), minute * Minute, minute);
            for (int i = 0; i < 30; i++)
                batch.Add(appender.Series(Labels.FromStrings("__name__", "m", "i", $"{i}")), minute * Minute, Math.Sqrt(minute * 31 + i));
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task CheckAsync(TsdbStore store, int fromMinute, int toMinute)
    {
        var all = await store.ReadAsync(fromMinute * Minute, long.MaxValue);
        Assert.Equal(31, all.Count);
        Assert.Equal(Enumerable.Range(fromMinute, toMinute - fromMinute).Select(minute => (minute * Minute, (double)minute)), all[Kept]);
        Assert.All(all.Values, samples => Assert.Equal(toMinute - fromMinute, samples.Count));
    }
}
