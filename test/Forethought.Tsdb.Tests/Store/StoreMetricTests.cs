using System.Globalization;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Every metric of the storage changes when that happens which it is about. Names below are without <c>prometheus_tsdb_</c>.
/// </summary>
public sealed class StoreMetricTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Other = Labels.FromStrings("__name__", "other", "job", "b");

    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _time = new();

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(18),
        WalSegmentSize = 32 * 1024,
        BlockReloadInterval = TimeSpan.FromDays(40),
        TimeProvider = _time,
        MaxExemplars = 4,
    };

    [Fact]
    public async Task Of_the_head()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(Hour, 3 * Hour));
        await AppendAsync(store, Other, 2 * Hour, Buckets(3));
        using IAppender open = store.OpenAppender();
        await HasAsync(
            store,
            "head_series 2", "head_series_created_total 2", "head_series_removed_total 0", "head_chunks 3", "head_chunks_created_total 3",
            "head_chunks_removed_total 0", "head_native_histogram_series 1", "head_native_histogram_buckets 3", "head_stale_series 0",
            "head_samples_appended_total{type=\"float\"} 120", "head_samples_appended_total{type=\"histogram\"} 1",
            $"head_min_time {Number(Hour)}", "head_min_time_seconds 3600", $"head_max_time {Number(3 * Hour - Minute)}", "head_max_time_seconds 10740",
            $"lowest_timestamp {Number(Hour)}", "lowest_timestamp_seconds 3600", "head_active_appenders 1", "head_appenders_created_total 3",
            "isolation_high_watermark 2", "isolation_low_watermark 2");
        await store.AppendAsync(Other, (3 * Hour - Minute, StaleMarker.Value));
        await HasAsync(store, "head_native_histogram_series 1", "head_native_histogram_buckets 0", "head_stale_series 1");
        for (int i = 0; i < 2; i++)
            await store.TruncateHeadAsync(4 * Hour);
        open.Dispose();
        await store.TruncateHeadAsync(4 * Hour);
        await HasAsync(
            store,
            "head_series 0", "head_series_removed_total 2", "head_chunks 0", "head_stale_series 0", "head_native_histogram_series 0",
            "head_active_appenders 0", "head_truncations_total 3", "head_gc_duration_seconds_count 3", "head_truncations_failed_total 0");
    }

    [Fact]
    public async Task Of_samples_that_are_refused_or_late()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (10 * Hour, 1));
        await AppendAsync(store, Other, 10 * Hour, Buckets(1));
        await HasAsync(store, "sample_ooo_delta_count 0", "head_series_not_found_total 0");
        await RefusedAsync(store, Up, 10 * Hour - 1, 1.0);
        await RefusedAsync(store, Other, 10 * Hour - 1, Buckets(1));
        await RefusedAsync(store, Up, 2 * Hour, 1.0);
        await RefusedAsync(store, Other, 2 * Hour, Buckets(1));
        await HasAsync(
            store,
            "out_of_order_samples_total{type=\"float\"} 1", "out_of_order_samples_total{type=\"histogram\"} 1",
            "out_of_bound_samples_total{type=\"float\"} 1", "out_of_bound_samples_total{type=\"histogram\"} 1");
        store.OutOfOrderTimeWindow = TimeSpan.FromHours(5);
        await RefusedAsync(store, Up, 2 * Hour, 1.0);
        await RefusedAsync(store, Other, 2 * Hour, Buckets(1));
        await store.AppendAsync(Up, (9 * Hour, 1));
        await AppendAsync(store, Other, 8 * Hour, Buckets(1));
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            batch.Add(new SeriesRef(77), 10 * Hour, 1);
            appender.Append(batch);
        }

        await HasAsync(
            store,
            "too_old_samples_total{type=\"float\"} 1", "too_old_samples_total{type=\"histogram\"} 1",
            "head_out_of_order_samples_appended_total{type=\"float\"} 1", "head_out_of_order_samples_appended_total{type=\"histogram\"} 1",
            "head_series_not_found_total 1");
        Assert.True(await ValueAsync(store, "sample_ooo_delta_count") >= 2);
    }

    [Fact]
    public async Task Of_exemplars()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            foreach (int second in (int[])[10, 20, 30, 40, 50, 45])
                batch.Exemplars.Add((appender.Series(Up), new Exemplar(Labels.FromStrings("id", $"{second}"), second, second * 1000, true)));
            appender.Append(batch);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        await HasAsync(
            store,
            "exemplar_exemplars_appended_total 5", "exemplar_exemplars_in_storage 4", "exemplar_series_with_exemplars_in_storage 1",
            "exemplar_last_exemplars_timestamp_seconds 20", "exemplar_max_exemplars 4", "exemplar_out_of_order_exemplars_total 1");
        store.ResizeExemplars(2);
        await HasAsync(store, "exemplar_max_exemplars 2", "exemplar_exemplars_in_storage 2");
    }

    [Fact]
    public async Task Of_blocks_and_compactions()
    {
        var populating = new List<double>();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.FromHours(12), ChunkWriteQueueSize = 2 });
        _disk.Fault = (_, operation) =>
        {
            if (operation.Kind == DiskOperationKind.Create && operation.Path.EndsWith("index", StringComparison.Ordinal))
                populating.Add(ValueAsync(store, "compaction_populating_block").GetAwaiter().GetResult());
            return null;
        };
        double reloads = await ValueAsync(store, "reloads_total");
        await store.AppendAsync(Up, Samples(Hour, 9 * Hour));
        await store.AppendAsync(Other, (9 * Hour, 1), (3 * Hour, 2));
        await store.MaintainAsync();
        await HasAsync(
            store,
            "compactions_triggered_total 1", "compactions_failed_total 0", "compactions_skipped_total 0", "vertical_compactions_total 1",
            "compaction_populating_block 0", "reloads_failures_total 0");
        Assert.Equal([1.0], populating.Distinct());
        Assert.Equal(populating.Count, await ValueAsync(store, "compactions_total"));
        Assert.Equal(populating.Count, await ValueAsync(store, "compaction_duration_seconds_count"));
        Assert.Equal(store.GetBlocks().Count, await ValueAsync(store, "blocks_loaded"));
        Assert.True(await ValueAsync(store, "reloads_total") > reloads);
        Assert.True(await ValueAsync(store, "storage_blocks_bytes") > 500);
        Assert.True(await ValueAsync(store, "symbol_table_size_bytes") > 0);

        // Three ranges of the head with 60 or 120 samples, and a late sample.
        Assert.Equal(4 + 60 + 120 + 120, await ValueAsync(store, "compaction_chunk_samples_sum"), 4.0);
        Assert.True(await ValueAsync(store, "compaction_chunk_size_bytes_count") >= 4);
        Assert.True(await ValueAsync(store, "compaction_chunk_range_seconds_sum") > 100 * Minute);
        Assert.True(await ValueAsync(store, "mmap_chunks_total") > 0);
        Assert.True(await ValueAsync(store, "head_chunks_storage_size_bytes") > 0);
        await HasAsync(store, $"chunk_write_queue_operations_total{{operation=\"add\"}} {await ValueAsync(store, "mmap_chunks_total")}");
        await HasAsync(store, $"chunk_write_queue_operations_total{{operation=\"complete\"}} {await ValueAsync(store, "mmap_chunks_total")}");
        await store.DeleteAsync(0, 3 * Hour, [new Matcher(Model.MatchType.Equal, "__name__", "up")]);
        await store.CleanTombstonesAsync();
        Assert.True(await ValueAsync(store, "tombstone_cleanup_seconds_count") > 0);
    }

    [Fact]
    public async Task Of_failing_compactions_and_reloads()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(Hour, 5 * Hour));
        _disk.Fault = (_, operation) => operation.Path.Contains("tmp-for-creation", StringComparison.Ordinal) ? new DiskFault() : null;
        await Assert.ThrowsAnyAsync<IOException>(store.MaintainAsync);
        _disk.Fault = null;
        await HasAsync(store, "compactions_failed_total 1", "compactions_triggered_total 1");
        await store.MaintainAsync();
        var damaged = new MemoryDisk();
        CopyWithoutIndex(store.GetBlocks()[0].Ulid.ToString(), damaged.Root);
        await using TsdbStore other = await TsdbStore.OpenAsync(Options with { DataDirectory = damaged.Root });
        await HasAsync(other, "reloads_failures_total 1", "blocks_loaded 0");
    }

    [Fact]
    public async Task Of_retention()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(Hour, 13 * Hour));
        await store.MaintainAsync();
        await HasAsync(store, "retention_limit_seconds 0", "retention_limit_bytes 0", "retention_limit_percentage 0");
        store.Retention = new RetentionLimits(TimeSpan.FromHours(3), 0, 0);
        await store.MaintainAsync();
        await HasAsync(store, "retention_limit_seconds 10800", "time_retentions_total 1", "size_retentions_total 0");
        _disk.CapacityBytes = 1000;
        store.Retention = new RetentionLimits(TimeSpan.Zero, 1, 12.5);
        await store.MaintainAsync();
        await HasAsync(store, "retention_limit_bytes 1", "retention_limit_percentage 12.5", "size_retentions_total 1");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_the_lock(int cleanStart)
    {
        using var directory = new TemporaryDirectory();
        if (cleanStart == 0)
            File.WriteAllText(Path.Combine(directory.Path, "lock"), "1");
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Path = directory.Path, NoLockfile = cleanStart < 0 });
        await HasAsync(store, $"clean_start {cleanStart}");
    }

    // As the text format has large numbers.
    private static string Number(double value) => value.ToString("0.################e+00", CultureInfo.InvariantCulture);

    private void CopyWithoutIndex(string block, MemoryDirectory into)
    {
        using IStorageFile meta = _disk.Root.GetDirectory(block).Open("meta.json", isWritable: false);
        using IStorageFile written = into.GetDirectory(block).Create("meta.json");
        byte[] bytes = new byte[meta.Length];
        meta.Read(bytes, 0);
        written.Write(bytes, 0);
    }

    private static Histogram Buckets(int count) => new()
    {
        Count = (ulong)count,
        Sum = 1,
        PositiveSpans = [new(0, (uint)count)],
        PositiveBuckets = [1, .. Enumerable.Repeat(0L, count - 1)],
    };

    private static (long, double)[] Samples(long startMs, long endMs) =>
        [.. Enumerable.Range(0, (int)((endMs - startMs) / Minute)).Select(i => (startMs + i * Minute, (double)i))];

    private static Task<double> ValueAsync(TsdbStore store, string name) => store.MetricAsync("prometheus_tsdb_" + name);

    private static async Task HasAsync(TsdbStore store, params string[] lines)
    {
        string[] all = await store.MetricLinesAsync();
        IEnumerable<string> expected = lines.Select(line => "prometheus_tsdb_" + line);
        Assert.Equal(expected, expected.Select(line => all.FirstOrDefault(other => other.StartsWith(line.Split(' ')[0] + " ", StringComparison.Ordinal))));
    }

    private static async Task RefusedAsync(TsdbStore store, Labels labels, long timeMs, object sample)
    {
        using IAppender appender = store.OpenAppender();
        Assert.Equal(1, Append(appender, labels, timeMs, sample));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AppendAsync(TsdbStore store, Labels labels, long timeMs, object sample)
    {
        using IAppender appender = store.OpenAppender();
        Assert.Equal(0, Append(appender, labels, timeMs, sample));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static int Append(IAppender appender, Labels labels, long timeMs, object sample)
    {
        var batch = new AppendBatch();
        if (sample is double value)
            batch.Add(appender.Series(labels), timeMs, value);
        else
            batch.Add(appender.Series(labels), timeMs, (Histogram)sample);
        return appender.Append(batch);
    }
}
