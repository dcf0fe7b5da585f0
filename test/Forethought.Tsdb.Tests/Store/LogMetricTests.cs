using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Every metric of the logs, checkpoints and replay changes when that happens which it is about.</summary>
public sealed class LogMetricTests
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
        BlockReloadInterval = TimeSpan.FromDays(40),
        TimeProvider = _time,
        Warned = _warnings.Add,
    };

    [Theory]
    [InlineData("wal_", WalCompression.Snappy)]
    [InlineData("wal_", WalCompression.Zstd)]
    [InlineData("out_of_order_wbl_", WalCompression.Snappy)]
    public async Task Of_writing(string prefix, WalCompression compression)
    {
        bool isLate = prefix != "wal_";
        await using TsdbStore store = await TsdbStore.OpenAsync(
            Options with { WalCompression = compression, OutOfOrderTimeWindow = TimeSpan.FromHours(24) });
        await store.AppendAsync(Up, (20 * Hour, 0));
        string saved = $"record_bytes_saved_total{{compression=\"{(compression == WalCompression.Snappy ? "snappy" : "zstd")}\"}}";
        double flushes = await ValueAsync("page_flushes_total"), bytes = await ValueAsync("record_parts_bytes_written_total");
        double parts = await ValueAsync("record_part_writes_total"), size = await ValueAsync("storage_size_bytes");
        Assert.Equal(0, await ValueAsync("segment_current"));
        Assert.Equal(0, await ValueAsync("fsync_duration_seconds_count"));
        for (int i = 0; i < 70; i++)
            await store.AppendAsync(Up, [.. Enumerable.Range(0, 200).Select(j => ((isLate ? 10 : 20) * Hour + 1 + i * 200 + j, Math.Sqrt(i * 200 + j)))]);
        Assert.InRange(await ValueAsync("page_flushes_total") - flushes, 70, 80);
        Assert.True(await ValueAsync("record_part_writes_total") - parts >= 70);
        double written = await ValueAsync("record_parts_bytes_written_total") - bytes;
        Assert.True(written > 60_000);
        Assert.InRange(await ValueAsync("storage_size_bytes") - size - written, 0, 10_000);
        Assert.True(await ValueAsync("segment_current") >= 2);
        Assert.True(await ValueAsync("completed_pages_total") >= 0);
        await Eventually.Passes(async () => Assert.True(await ValueAsync("fsync_duration_seconds_count") >= 2));
        double savedBefore = await ValueAsync(saved);
        await store.AppendAsync(Up, [.. Enumerable.Range(0, 500).Select(j => ((isLate ? 8 : 20) * Hour + 20_000 + j, 1.0))]);
        Assert.True(await ValueAsync(saved) - savedBefore > 1_000);

        string directory = isLate ? "/wbl/" : "/wal/";
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Write && operation.Path.Contains(directory, StringComparison.Ordinal) ? new DiskFault() : null;
        Assert.Equal(0, await ValueAsync("writes_failed_total"));
        await Record.ExceptionAsync(() => store.AppendAsync(Up, ((isLate ? 9 : 21) * Hour, 1)));
        _disk.Fault = null;
        Assert.Equal(1, await ValueAsync("writes_failed_total"));

        Task<double> ValueAsync(string name) => store.MetricAsync("prometheus_tsdb_" + prefix + name);
    }

    [Fact]
    public async Task Of_cutting()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await HasAsync(store, 0, "wal_truncations_total", "checkpoint_creations_total", "checkpoint_deletions_total", "wal_truncate_duration_seconds_count");
        await CutAsync(store, 1);
        await HasAsync(store, 1, "wal_truncations_total", "checkpoint_creations_total", "checkpoint_deletions_total", "wal_truncate_duration_seconds_count");
        await HasAsync(store, 0, "wal_truncations_failed_total", "checkpoint_creations_failed_total", "checkpoint_deletions_failed_total");

        _disk.Fault = (_, operation) => operation.Path.EndsWith(".tmp/00000000", StringComparison.Ordinal) ? new DiskFault() : null;
        await Assert.ThrowsAnyAsync<IOException>(() => CutAsync(store, 2));
        await HasAsync(store, 1, "checkpoint_creations_failed_total", "wal_truncations_total");

        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Delete && operation.Path.StartsWith("/data/wal/", StringComparison.Ordinal)
            ? new DiskFault()
            : null;
        await CutAsync(store, 3);
        _disk.Fault = null;
        await HasAsync(store, 1, "wal_truncations_failed_total", "checkpoint_deletions_failed_total");
        await HasAsync(store, 2, "wal_truncations_total", "checkpoint_deletions_total");
        Assert.Contains(_warnings, warning => warning.StartsWith("truncating segments failed: ", StringComparison.Ordinal));
        Assert.Contains(_warnings, warning => warning.StartsWith("delete old checkpoints: ", StringComparison.Ordinal));
        await CutAsync(store, 4);
        Assert.Single(_disk.Log.List(), entry => entry.Name.StartsWith("checkpoint.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_cutting_the_log_of_late_samples()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.FromHours(24) });
        await store.AppendAsync(Up, (20 * Hour, 0), (10 * Hour, 0));
        await store.AppendAsync(Up, (24 * Hour, 0));
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Delete && operation.Path.Contains("/wbl/", StringComparison.Ordinal)
            ? new DiskFault()
            : null;
        await Record.ExceptionAsync(store.MaintainAsync);
        _disk.Fault = null;
        await HasAsync(store, 1, "out_of_order_wbl_truncations_total", "out_of_order_wbl_truncations_failed_total");
    }

    [Fact]
    public async Task Of_damage_met_in_replay()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, [.. Enumerable.Range(0, 500).Select(i => (i * 1000L, (double)i))]);
            await store.MaintainAsync();
        }

        MemoryFile segment = _disk.Log.File("00000000");
        segment.Content[^100] ^= 1;
        segment.Content[segment.Content.Length / 2] ^= 1;
        var chunks = (MemoryDirectory)_disk.Root.GetDirectory("chunks_head");
        MemoryFile file = chunks.File("000001");
        file.Content[60] ^= 1;
        _time.Advance(TimeSpan.FromSeconds(1));
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options with { TimeProvider = new SteppingTime() });
        await HasAsync(reopened, 1, "wal_corruptions_total", "mmap_chunk_corruptions_total");
        Assert.True(await reopened.MetricAsync("prometheus_tsdb_data_replay_duration_seconds") > 0);
    }

    [Fact]
    public async Task Of_snapshots_that_cannot_be_read()
    {
        TsdbOptions options = Options with { SnapshotsOnShutdown = true };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
            await store.AppendAsync(Up, (1000, 1));
        string name = _disk.Root.List().Single(entry => entry.Name.StartsWith("chunk_snapshot.", StringComparison.Ordinal)).Name;
        ((MemoryDirectory)_disk.Root.GetDirectory(name)).File("00000000").Content[20] ^= 1;
        await using TsdbStore reopened = await TsdbStore.OpenAsync(options);
        await HasAsync(reopened, 1, "snapshot_replay_error_total");
    }

    [Fact]
    public async Task Of_references_that_the_logs_do_not_name()
    {
        using (var writer = new WalWriter(_disk.Log, new WalOptions { SegmentSize = 32 * 1024 }))
        {
            Assert.True(writer.TryStage(Samples()));
            writer.WriteStaged();
            writer.Close();
        }

        using (var writer = new WalWriter(_disk.Root.GetDirectory("wbl"), new WalOptions { SegmentSize = 32 * 1024 }))
        {
            Assert.True(writer.TryStage(Samples()));
            writer.WriteStaged();
            writer.Close();
        }

        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await HasAsync(store, 1, "wal_replay_unknown_refs_total{type=\"samples\"}", "wbl_replay_unknown_refs_total{type=\"samples\"}");
    }

    [Fact]
    public async Task Closing_twice_is_harmless()
    {
        TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (1000, 1));
        await store.DisposeAsync();
        await store.DisposeAsync();
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Single(await reopened.ReadAsync(0, long.MaxValue));
    }

    // The second log is open when the first one turns out to be unusable.
    [Fact]
    public async Task A_store_that_fails_to_open_leaves_no_log_open()
    {
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Create && operation.Path.EndsWith("/wal/00000000", StringComparison.Ordinal)
            ? new DiskFault()
            : null;
        await Assert.ThrowsAnyAsync<IOException>(() => TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.FromHours(1) }));
        Assert.False(((MemoryDirectory)_disk.Root.GetDirectory("wbl")).File("00000000").IsOpen);
    }

    private static RecordBuffer Samples()
    {
        var records = new RecordBuffer();
        SampleRecords.Encode(records, [new SeriesRef(7)], [1000], [1]);
        return records;
    }

    // Enough segments that cutting the log is worth it.
    private static async Task CutAsync(TsdbStore store, int round)
    {
        for (int i = 0; i < 4; i++)
        {
            Labels labels = Labels.FromStrings("__name__", "m", "i", $"{round}.{i}", "pad", new string((char)('a' + i), 10));
            await store.AppendAsync(labels, [.. Enumerable.Range(0, 3500).Select(j => (round * Hour + j, Math.Sqrt(j)))]);
        }

        await store.TruncateHeadAsync(round * Hour + 1);
    }

    private static async Task HasAsync(TsdbStore store, double value, params string[] names)
    {
        foreach (string name in names)
            Assert.Equal((name, value), (name, await store.MetricAsync("prometheus_tsdb_" + name)));
    }

    // A second passes at each look.
    private sealed class SteppingTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _now);
    }
}
