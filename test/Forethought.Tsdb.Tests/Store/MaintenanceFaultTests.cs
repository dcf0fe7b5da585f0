using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Rounds of maintenance that fail: nothing is lost, nothing piles up, and other work has its turn.</summary>
public sealed class MaintenanceFaultTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up");

    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1000));
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(18),
        BlockReloadInterval = TimeSpan.FromDays(1000),
        TimeProvider = _clock,
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task A_block_of_the_head_that_cannot_be_opened_is_deleted_and_the_head_keeps_its_samples()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await AppendAsync(store, 0, 4 * Hour);
        _disk.RefusesToOpen = path => path.EndsWith("/index", StringComparison.Ordinal);
        for (int round = 0; round < 3; round++)
            await Assert.ThrowsAsync<StorageException>(store.MaintainAsync);
        Assert.Empty(Blocks());
        await CheckAsync(store, 0, 4 * Hour);
        _disk.RefusesToOpen = null;
        await store.MaintainAsync();
        Assert.Single(Blocks());
        await CheckAsync(store, 0, 4 * Hour);
    }

    [Fact]
    public async Task A_merged_block_that_cannot_be_opened_is_deleted_and_its_parents_stay()
    {
        await WriteBlocksAsync();
        int blocks = Blocks().Count;
        await using TsdbStore merging = await TsdbStore.OpenAsync(Options);
        _disk.RefusesToOpen = path => path.EndsWith("/index", StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageException>(merging.MaintainAsync);
        Assert.Equal(blocks, Blocks().Count);
        await merging.MaintainAsync();
        Assert.Equal(blocks, Blocks().Count);
        await CheckAsync(merging, 0, 12 * Hour);
    }

    [Fact]
    public async Task A_merge_that_the_disk_prevents_waits_longer_each_time()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await AppendAsync(store, 0, 12 * Hour);
        _disk.Fault = (_, operation) => IsMergedChunk(operation) ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(store.MaintainAsync);
        await store.MaintainAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<IOException>(store.MaintainAsync);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await store.MaintainAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        _disk.Fault = null;
        Assert.DoesNotContain(Blocks(), block => block.Compaction.Level > 1);
        await store.MaintainAsync();
        Assert.Contains(Blocks(), block => block.Compaction.Level == 2);
        Assert.DoesNotContain(Blocks(), block => block.Compaction.HasFailed);
        await CheckAsync(store, 0, 12 * Hour);
    }

    [Fact]
    public async Task Blocks_of_which_nothing_is_left_but_that_cannot_be_marked_are_not_merged_for_ever()
    {
        await using (TsdbStore source = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(source, 0, 6 * Hour);
            await source.MaintainAsync();
        }

        Assert.Equal(2, Blocks().Count);
        Block first = Block.Open(_disk.Root.GetDirectory(Blocks()[0].Ulid.ToString()));
        first.Delete(long.MinValue, long.MaxValue, [new Matcher(Forethought.Model.MatchType.Equal, "__name__", "up")]);
        first.Close();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        string name = Blocks()[0].Ulid.ToString();
        _disk.Fault = (_, operation) => operation.Path.EndsWith("/meta.json.tmp", StringComparison.Ordinal)
            && operation.Path.Contains(name, StringComparison.Ordinal) ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(store.MaintainAsync);
        await store.MaintainAsync();
        _disk.Fault = null;
        _clock.Advance(TimeSpan.FromMinutes(2));
        await store.MaintainAsync();
        Assert.DoesNotContain(Blocks(), block => block.MinTimeMs == 0);
    }

    [Fact]
    public async Task A_truncation_whose_chunk_file_cannot_be_synced_does_not_collect_series_in_use()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await AppendAsync(store, 0, 3 * Hour);
        await store.TruncateHeadAsync(2 * Hour);
        await store.MaintainAsync();
        using IAppender appender = store.OpenAppender();
        SeriesRef series = appender.Series(Up);
        await AppendAsync(store, 3 * Hour + Minute, 4 * Hour, "other");
        await store.MaintainAsync();
        _disk.Fault = (_, operation) => operation.Path.Contains("chunks_head", StringComparison.Ordinal)
            && operation.Kind is DiskOperationKind.Sync or DiskOperationKind.SyncDirectory ? new DiskFault() : null;
        await store.TruncateHeadAsync(3 * Hour + Minute);
        await store.TruncateHeadAsync(3 * Hour + 2 * Minute);
        _disk.Fault = null;
        await store.TruncateHeadAsync(3 * Hour + 3 * Minute);
        var batch = new AppendBatch();
        batch.Add(series, 4 * Hour, 7);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([(4 * Hour, 7)], (await store.ReadAsync(4 * Hour, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task A_look_at_the_directory_that_fails_half_way_leaves_no_file_open()
    {
        await using (TsdbStore source = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(source, 0, 4 * Hour);
            await source.MaintainAsync();
        }

        var list = new Forethought.Tsdb.Compaction.BlockList(_disk.Root, _ => new HashSet<Ulid>(), null);
        list.Dispose();
        MemoryFile index = ((MemoryDirectory)_disk.Root.GetDirectory(Blocks()[0].Ulid.ToString())).File("index");
        Assert.False(index.IsOpen);
        Assert.Throws<IOException>(() => new Forethought.Tsdb.Compaction.BlockList(_disk.Root, _ => throw new IOException("no"), null));
        Assert.False(index.IsOpen);
    }

    [Fact]
    public async Task A_block_that_is_still_read_when_the_process_dies_does_not_come_back()
    {
        await WriteBlocksAsync();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IQuerier reader = store.OpenQuerier(0, long.MaxValue);
        await store.MaintainAsync();
        List<BlockMeta> named = Blocks();
        BlockMeta merged = named.Single(block => block.Compaction.Level == 2);
        Assert.Equal(3, merged.Compaction.Parents.Count);
        Assert.DoesNotContain(named, block => merged.Compaction.Parents.Any(parent => parent.Ulid == block.Ulid));
        Assert.Equal(12 * 60 + 1, (await reader.ReadAsync())[Up].Count);
    }

    [Fact]
    public async Task A_round_that_ends_as_if_it_were_cancelled_is_not_the_last()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { BlockReloadInterval = TimeSpan.FromMinutes(1) });
        await AppendAsync(store, 0, 4 * Hour);
        bool hasFailed = false;
        _disk.Fault = (_, _) => hasFailed ? null : throw Fail();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Passes(() => Task.FromResult(Assert.Single(_warnings)));
        Assert.StartsWith("compaction failed: ", _warnings[0], StringComparison.Ordinal);
        await Eventually.Passes(() =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(Assert.Single(store.GetBlocks()));
        });

        Exception Fail()
        {
            hasFailed = true;
            return new OperationCanceledException();
        }
    }

    [Fact]
    public async Task A_directory_whose_name_is_a_block_s_in_small_letters_is_none()
    {
        await using (TsdbStore source = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(source, 0, 4 * Hour);
            await source.MaintainAsync();
        }

        _disk.Root.GetDirectory(Assert.Single(Blocks()).Ulid.ToString().ToLowerInvariant());
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.MaintainAsync();
        Assert.Single(store.GetBlocks());
        await CheckAsync(store, 0, 4 * Hour);
        Assert.Empty(_warnings);
    }

    private async Task WriteBlocksAsync()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { MaxBlockDuration = TimeSpan.FromHours(2) });
        await AppendAsync(store, 0, 12 * Hour);
        await store.MaintainAsync();
    }

    private static bool IsMergedChunk(DiskOperation operation) =>
        operation.Kind == DiskOperationKind.Write && operation.Bytes > 2000 && operation.Path.Contains("/chunks/", StringComparison.Ordinal);

    private static async Task AppendAsync(TsdbStore store, long fromMs, long toMs, string name = "up")
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        for (long time = fromMs; time <= toMs; time += Minute)
            batch.Add(appender.Series(Labels.FromStrings("__name__", name)), time, ValueAt(time));
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private static double ValueAt(long timeMs) => Math.Sin(timeMs);

    private static async Task CheckAsync(TsdbStore store, long fromMs, long toMs)
    {
        List<(long TimeMs, double Value)> read = (await store.ReadAsync(long.MinValue, long.MaxValue))[Up];
        Assert.Equal((toMs - fromMs) / Minute + 1, read.Count);
        Assert.All(read, sample => Assert.Equal(ValueAt(sample.TimeMs), sample.Value));
    }

    private List<BlockMeta> Blocks() =>
    [
        .. _disk.Root.List()
            .Where(entry => entry.IsDirectory && Ulid.TryParse(entry.Name, out _))
            .Select(entry => BlockMetaFile.Read(_disk.Root.GetDirectory(entry.Name), out long _))
            .OrderBy(meta => meta.MinTimeMs),
    ];
}
