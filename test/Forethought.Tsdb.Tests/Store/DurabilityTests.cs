using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>What crashes, power losses and failing disks once cost, each in a few lines.</summary>
public sealed class DurabilityTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "up");
    private static readonly Labels Other = Labels.FromStrings("__name__", "other");

    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1000));

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        BlockReloadInterval = TimeSpan.FromDays(1000),
        TimeProvider = _clock,
    };

    [Fact]
    public async Task Long_labels_of_exemplars_do_not_keep_the_store_from_closing()
    {
        TsdbStore store = await TsdbStore.OpenAsync(Options with { MaxExemplars = 4 });
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            SeriesRef series = appender.Series(Labels.FromStrings("__name__", "m", "pad", new string('x', 2000)));
            batch.Add(series, 1000, 1);
            batch.Exemplars.Add((series, new Exemplar(Labels.FromStrings("trace", "a"), 1, 1000, true)));
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        await store.DisposeAsync();
        Assert.Equal(0, store.Head.Allocator.TotalBytes);
    }

    [Fact]
    public async Task What_is_older_than_the_chunks_in_files_is_not_taken_only_to_be_dropped()
    {
        await LoseOpenChunkAsync();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(appender.Series(Up), Minute + 1, 7);
        batch.Add(appender.Series(Up), 2 * Minute, 2);
        batch.Add(appender.Series(Up), 2 * Minute + 1, 8);
        Assert.Equal(1, appender.Append(batch));
        Assert.Equal([AppendOutcome.OutOfOrder, AppendOutcome.Identical, AppendOutcome.Accepted], batch.Outcomes[..3]);
    }

    [Fact]
    public async Task What_is_older_than_the_chunks_in_files_is_taken_out_of_order()
    {
        await LoseOpenChunkAsync();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.FromHours(1) });
        await store.AppendAsync(Up, (Minute + 1, 7));
        Assert.Equal([(Minute, 1), (Minute + 1, 7), (2 * Minute, 2)], (await store.ReadAsync(0, Hour))[Up]);
    }

    [Fact]
    public async Task No_series_inherits_late_samples_whose_series_the_log_has_lost()
    {
        TsdbOptions options = Options with { OutOfOrderTimeWindow = TimeSpan.FromHours(4) };
        long kept;
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
        {
            await store.AppendAsync(Up, (4 * Hour, 1));
            kept = _disk.Log.File("00000000").Length;
            await store.AppendAsync(Labels.FromStrings("__name__", "lost"), (2 * Hour, 2));
        }

        _disk.Log.File("00000000").Content = _disk.Log.File("00000000").Content[..(int)kept];
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
            await store.AppendAsync(Other, (4 * Hour, 3));
        await using TsdbStore again = await TsdbStore.OpenAsync(options);
        Assert.Equal([(4 * Hour, 3)], (await again.ReadAsync(0, long.MaxValue))[Other]);
    }

    [Fact]
    public async Task A_block_of_the_head_that_retention_drops_at_once_does_not_hold_up_the_head()
    {
        await using (TsdbStore ahead = await TsdbStore.OpenAsync(Options))
        {
            await ahead.AppendAsync(Up, Samples(100 * Hour, 104 * Hour));
            await ahead.MaintainAsync();
        }

        string name = _disk.Root.List().Single(entry => Ulid.TryParse(entry.Name, out _)).Name;
        var disk = new MemoryDisk();
        await using TsdbStore store = await TsdbStore.OpenAsync(
            Options with { DataDirectory = disk.Root, Retention = new RetentionLimits(TimeSpan.FromHours(10)) });
        await store.AppendAsync(Up, Samples(0, 4 * Hour));
        _disk.Root.Move(name, disk.Root);
        await store.MaintainAsync();
        Assert.Equal(100 * Hour, Assert.Single(store.GetBlocks()).MinTimeMs);
        Assert.Equal(2 * Hour, store.Head.Bounds.MinValidTimeMs);
        Assert.DoesNotContain((await store.ReadAsync(0, long.MaxValue))[Up], sample => sample.TimeMs < 2 * Hour);
    }

    [Fact]
    public void A_power_loss_while_segments_are_deleted_leaves_no_gap()
    {
        for (int i = 0; i < 6; i++)
            _disk.Log.Create(WalFormat.SegmentName(i)).Dispose();
        _disk.Log.Sync();
        _disk.Root.Sync();
        var left = new List<MemoryDisk>();
        _disk.Observer = (_, _, _) => left.AddRange(Enumerable.Range(0, 20).Select(seed => _disk.Fork(new PowerLoss(new Random(seed)))));
        WalSegments.DeleteBefore(_disk.Log, 5);
        Assert.All(left, disk => Assert.Equal(5, WalSegments.List(disk.Log)[^1]));
    }

    [Fact]
    public async Task A_snapshot_that_was_used_does_not_come_back_with_a_power_loss()
    {
        TsdbOptions options = Options with { SnapshotsOnShutdown = true };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
            await store.AppendAsync(Up, (1000, 1));
        Assert.Contains(_disk.Root.List(), entry => entry.Name.StartsWith("chunk_snapshot.", StringComparison.Ordinal));
        await using TsdbStore again = await TsdbStore.OpenAsync(options);
        _disk.Root.ForgetUnsynced();
        Assert.DoesNotContain(_disk.Root.List(), entry => entry.Name.StartsWith("chunk_snapshot.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_deleted_is_a_reason_not_to_start()
    {
        TsdbOptions options = Options with { SnapshotsOnShutdown = true };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
            await store.AppendAsync(Up, (1000, 1));
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Delete ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(() => TsdbStore.OpenAsync(options));
        _disk.Fault = null;
        await using TsdbStore again = await TsdbStore.OpenAsync(options);
        Assert.Equal([(1000, 1)], (await again.ReadAsync(0, long.MaxValue))[Up]);
    }

    /// <summary>What the files had is in the log; but a snapshot stands for the log, with all but the files' chunks.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_is_gone_before_chunk_files_that_it_relies_on(bool isBlank)
    {
        TsdbOptions options = Options with { SnapshotsOnShutdown = true, SamplesPerChunk = 8 };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
            await store.AppendAsync(Up, Samples(0, Hour));
        var chunks = (MemoryDirectory)_disk.Root.GetDirectory("chunks_head");
        using (IStorageFile file = chunks.Open("000001", isWritable: true))
        {
            if (isBlank)
                file.SetLength(0);
            else
                file.Write([0xff], 40);
        }

        await CrashEverywhereAsync(options, Samples(0, Hour));
    }

    [Fact]
    public async Task Half_of_a_snapshot_is_never_taken_for_all_of_it()
    {
        TsdbOptions options = Options with { SnapshotsOnShutdown = true };
        await using (TsdbStore store = await TsdbStore.OpenAsync(options))
            await store.AppendAsync(Up, Samples(0, Hour));

        await CrashEverywhereAsync(options, Samples(0, Hour));
    }

    // Starts the store, each time with a crash before another operation of the disk, and starts it again after that.
    private async Task CrashEverywhereAsync(TsdbOptions options, (long TimeMs, double Value)[] expected)
    {
        var crashed = new List<MemoryDisk>();
        _disk.Observer = (_, _, _) => crashed.Add(_disk.Fork(null));
        await using (await TsdbStore.OpenAsync(options))
            _disk.Observer = null;
        Assert.Contains(crashed, disk => disk.Root.List().Any(entry => entry.Name.StartsWith("chunk_snapshot.", StringComparison.Ordinal)));
        foreach (MemoryDisk disk in crashed)
        {
            await using TsdbStore store = await TsdbStore.OpenAsync(options with { DataDirectory = disk.Root });
            Assert.Equal(expected, (await store.ReadAsync(0, long.MaxValue))[Up]);
        }
    }

    [Fact]
    public async Task A_block_has_lost_its_name_for_good_before_its_files_go()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, 12 * Hour));
        await store.MaintainAsync();
        int deleted = 0;
        _disk.Observer = (operation, _, _) =>
        {
            if (operation.Kind != DiskOperationKind.Delete || !operation.Path.EndsWith("/index", StringComparison.Ordinal))
                return;
            string name = operation.Path.Split('/')[^2].Replace(BlockWriter.TemporarySuffix, "", StringComparison.Ordinal);
            Assert.True(_disk.Root.IsDurable(name + ".tmp-for-deletion"));
            deleted++;
        };
        store.Retention = new RetentionLimits(TimeSpan.FromHours(3));
        await store.MaintainAsync();
        _disk.Observer = null;
        Assert.True(deleted > 0);
    }

    [Fact]
    public void Chunk_files_behind_one_that_could_not_be_synced_are_not_read()
    {
        using (var files = new HeadChunkFiles(_disk.Root))
        {
            files.Append(1, 0, 9, ChunkEncoding.Xor, isOutOfOrder: false, [1, 2, 3]);
            _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Sync ? new DiskFault() : null;
            Assert.Throws<IOException>(files.FinishFile);
            _disk.Fault = null;
            files.Append(1, 10, 19, ChunkEncoding.Xor, isOutOfOrder: false, [1, 2, 3]);
        }

        using var again = new HeadChunkFiles(_disk.Root);
        var found = new List<long>();
        Assert.NotNull(again.Scan(entry => found.Add(entry.MinTimeMs)));
        Assert.Equal([0], found);
    }

    [Fact]
    public void The_chunk_file_of_a_killed_process_is_synced_before_another_one_is_begun()
    {
        var killed = new HeadChunkFiles(_disk.Root);
        killed.Append(1, 0, 9, ChunkEncoding.Xor, isOutOfOrder: false, [1, 2, 3]);
        killed.Flush();
        Assert.False(_disk.Root.File("000001").IsDurable);
        using var files = new HeadChunkFiles(_disk.Root);
        Assert.Null(files.Scan(_ => { }));
        files.Append(1, 10, 19, ChunkEncoding.Xor, isOutOfOrder: false, [1, 2, 3]);
        Assert.True(_disk.Root.File("000001").IsDurable && _disk.Root.IsDurable("000001"));
    }

    // Two floats are in a full chunk in a file; that a histogram followed, which ended the chunk, is lost with the end of the log.
    private async Task LoseOpenChunkAsync()
    {
        long kept;
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (Minute, 1), (2 * Minute, 2));
            kept = _disk.Log.File("00000000").Length;
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            batch.AddMixed(appender.Series(Up), 3 * Minute, 'h', 3);
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
            await store.MaintainAsync();
        }

        _disk.Log.File("00000000").Content = _disk.Log.File("00000000").Content[..(int)kept];
    }

    private static (long TimeMs, double Value)[] Samples(long fromMs, long toMs) =>
        [.. Enumerable.Range(0, (int)((toMs - fromMs) / Minute) + 1).Select(i => (fromMs + i * Minute, (double)i))];
}
