using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Snapshots: data directories of their own that have what the store had.</summary>
public sealed class StoreSnapshotTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Matcher[] All = [new(Forethought.Model.MatchType.RegexMatch, "__name__", ".+")];

    private readonly MemoryDisk _disk = new();
    private readonly (long TimeMs, double)[] _samples = [.. Enumerable.Range(0, 541).Select(i => (i * Minute, i * 0.5))];
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(2),
        Warned = _warnings.Add,
        TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero)),
    };

    [Fact]
    public async Task Is_named_by_time_and_can_be_opened()
    {
        await using TsdbStore store = await OpenAsync();
        string name = await store.SnapshotAsync(withHead: true);
        Assert.Matches("^20260304T050607Z-[0-9a-f]{16}$", name);
        Assert.Equal(_samples, await ReadAsync(name));
        BlockMeta head = Blocks(Snapshot(name))[^1];
        Assert.Equal((6 * Hour, 9 * Hour + 1, 181UL), (head.MinTimeMs, head.MaxTimeMs, head.Stats.Samples));
        Assert.NotEqual(name, await store.SnapshotAsync(withHead: true));
        Assert.Equal(_samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task Has_blocks_only_when_the_head_is_not_wanted()
    {
        await using TsdbStore store = await OpenAsync();
        string name = await store.SnapshotAsync(withHead: false);
        Assert.Equal(_samples[..360], await ReadAsync(name));
        Assert.Equal(Blocks(_disk.Root).Select(block => block.Ulid), Blocks(Snapshot(name)).Select(block => block.Ulid));
    }

    [Fact]
    public async Task Of_an_empty_store_is_empty()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        string name = await store.SnapshotAsync(withHead: true);
        Assert.Empty(Snapshot(name).List());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeps_what_it_has_whatever_becomes_of_the_store(bool links)
    {
        _disk.Links = links;
        await using TsdbStore store = await OpenAsync();
        await store.DeleteAsync(0, 10 * Minute, All);
        long before = _disk.Journal.Where(operation => operation.Kind == DiskOperationKind.Write).Sum(operation => (long)operation.Bytes);
        string name = await store.SnapshotAsync(withHead: false);
        long copied = _disk.Journal.Where(operation => operation.Kind == DiskOperationKind.Write).Sum(operation => (long)operation.Bytes) - before;
        Assert.Equal(links, copied == 0);
        await store.DeleteAsync(0, 5 * Hour, All);
        Assert.Equal(_samples[11..360], await ReadAsync(name));
        await store.CleanTombstonesAsync();
        Assert.Equal(_samples[301..], (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Equal(_samples[11..360], await ReadAsync(name));
    }

    [Fact]
    public async Task Does_not_have_what_was_deleted_from_the_head()
    {
        await using TsdbStore store = await OpenAsync();
        await store.DeleteAsync(8 * Hour + 30 * Minute, 8 * Hour + 39 * Minute, All);
        Assert.Equal([.. _samples[..510], .. _samples[520..]], await ReadAsync(await store.SnapshotAsync(withHead: true)));
    }

    [Fact]
    public async Task Of_a_full_disk_leaves_nothing()
    {
        _disk.Links = false;
        await using TsdbStore store = await OpenAsync();
        _disk.FreeBytes = 2000;
        IOException failure = await Assert.ThrowsAsync<IOException>(() => store.SnapshotAsync(withHead: true));
        Assert.StartsWith("create snapshot: ", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_disk.Root.GetDirectory("snapshots").List());
        _disk.FreeBytes = long.MaxValue;
        Assert.Equal(_samples, await ReadAsync(await store.SnapshotAsync(withHead: true)));
    }

    [Fact]
    public async Task Says_so_when_there_can_be_no_directory()
    {
        await using TsdbStore store = await OpenAsync();
        _disk.Fault = (_, operation) => operation.Path.EndsWith("/snapshots", StringComparison.Ordinal) ? new DiskFault() : null;
        IOException failure = await Assert.ThrowsAsync<IOException>(() => store.SnapshotAsync(withHead: true));
        Assert.StartsWith("create snapshot directory: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_whole_or_not_there_whenever_the_process_is_killed()
    {
        int operations = (await CrashAsync(int.MaxValue)).Operations;
        Assert.InRange(operations, 20, 1000);
        int whole = 0;
        for (int at = 0; at < operations; at++)
        {
            MemoryDisk disk = await CrashAsync(at);
            foreach (bool losesUnsynced in (bool[])[false, true])
            {
                disk.Restart(losesUnsynced);
                await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = disk.Root }))
                {
                    foreach (string name in Names(disk))
                    {
                        Assert.Equal(_samples, await ReadAsync(disk, name));
                        whole++;
                    }

                    await store.SnapshotAsync(withHead: true);
                }

                Assert.DoesNotContain(
                    disk.Root.GetDirectory("snapshots").List(), entry => entry.Name.Contains(".tmp", StringComparison.Ordinal));
            }
        }

        Assert.True(whole > 0);

        async Task<MemoryDisk> CrashAsync(int at)
        {
            var disk = new MemoryDisk();
            try
            {
                await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = disk.Root, Warned = null });
                await store.AppendAsync(Up, _samples);
                await store.MaintainAsync();
                disk.Fault = (number, _) => number == at ? new DiskFault(BytesDone: 3, Crashes: true) : null;
                await store.SnapshotAsync(withHead: true);
            }
            catch (IOException)
            {
                // The disk is gone.
            }

            return disk;
        }
    }

    [Fact]
    public async Task On_a_file_system_links_the_files()
    {
        using var directory = new TemporaryDirectory();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = null, Path = directory.Path });
        await store.AppendAsync(Up, _samples);
        await store.MaintainAsync();
        string name = await store.SnapshotAsync(withHead: true);
        string snapshot = Path.Combine(directory.Path, "snapshots", name);
        await using (TsdbStore opened = await TsdbStore.OpenAsync(Options with { DataDirectory = null, Path = snapshot }))
            Assert.Equal(_samples, (await opened.ReadAsync(0, long.MaxValue))[Up]);
        string[] blocks = [.. Directory.GetDirectories(snapshot).Select(block => Path.GetFileName(block)).Where(block => Ulid.TryParse(block, out _)).Order()];
        Assert.Equal(4, blocks.Length);
        foreach (string block in blocks[..3])
            Assert.Equal(["000001", "index", "meta.json", "tombstones"], Directory.GetFiles(Path.Combine(snapshot, block), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    private static IEnumerable<string> Names(MemoryDisk disk) => disk.Root.List().Any(entry => entry.Name == "snapshots")
        ? disk.Root.GetDirectory("snapshots").List().Select(entry => entry.Name).Where(name => !name.Contains('.', StringComparison.Ordinal))
        : [];

    private static List<BlockMeta> Blocks(IStorageDirectory directory) =>
    [
        .. directory.List()
            .Where(entry => entry.IsDirectory && Ulid.TryParse(entry.Name, out _))
            .Select(entry => BlockMetaFile.Read(directory.GetDirectory(entry.Name), out long _))
            .OrderBy(meta => meta.MinTimeMs),
    ];

    private async Task<TsdbStore> OpenAsync()
    {
        TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, _samples);
        await store.MaintainAsync();
        return store;
    }

    private IStorageDirectory Snapshot(string name) => _disk.Root.GetDirectory("snapshots").GetDirectory(name);

    private Task<List<(long, double)>> ReadAsync(string name) => ReadAsync(_disk, name);

    private async Task<List<(long, double)>> ReadAsync(MemoryDisk disk, string name)
    {
        IStorageDirectory snapshot = disk.Root.GetDirectory("snapshots").GetDirectory(name);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = snapshot });
        return (await store.ReadAsync(long.MinValue, long.MaxValue))[Up];
    }
}
