using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Blocks that old releases wrote, in the directory of a store: upstream's <c>tsdb/testdata</c>.</summary>
public sealed class OldBlockTests : IDisposable
{
    private const long Hour = 3_600_000;
    private const string Version1 = "01DXXFZDYD1MQW6079WK0K6EDQ";
    private const string Release21 = "01BZJ9WJQPWHGNC2W4J9TA62KC";

    private static readonly Labels Up = Labels.FromStrings("__name__", "up");

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _directory.Dispose();

    // What upstream's TestRepairBadIndexVersion finds after the database was opened; as there, without chunks.
    [Fact]
    public async Task A_block_of_release_2_1_is_mended_when_the_store_opens()
    {
        Put("repair_index_version/" + Release21, Release21);
        Directory.CreateDirectory(Path.Combine(_directory.Path, Release21, "chunks"));
        Assert.Throws<TsdbCorruptionException>(() => BlockMetaFile.Read(Block(Release21), out _));
        await using (TsdbStore store = await OpenAsync())
        {
            Assert.Equal(["a", "b"], await Names(store, new Matcher(Model.MatchType.Equal, "b", "1")));
            Assert.Equal(Release21, Assert.Single(store.GetBlocks()).Ulid.ToString());
        }

        Assert.Contains(Release21, Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(1_511_368_200_000, BlockMetaFile.Read(Block(Release21), out _).MaxTimeMs);
        Assert.Equal(2, File.ReadAllBytes(Path.Combine(_directory.Path, Release21, "index"))[4]);
        await using TsdbStore reopened = await OpenAsync();
        Assert.Single(_warnings);
    }

    [Fact]
    public async Task A_block_that_cannot_be_mended_is_reported_once_and_left_out()
    {
        Put("repair_index_version/" + Release21, Release21);
        File.Delete(Path.Combine(_directory.Path, Release21, "index"));
        await using TsdbStore store = await OpenAsync();
        Assert.Empty(store.GetBlocks());
        Assert.Contains("unexpected meta file version 2", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(["meta.json"], Block(Release21).List().Select(entry => entry.Name).Where(name => !name.StartsWith("index", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_full_disk_while_a_block_is_mended_is_reported_and_the_next_start_mends_it()
    {
        Put("repair_index_version/" + Release21, Release21);
        var disk = new MemoryDisk();
        MemoryDirectory block = (MemoryDirectory)disk.Root.GetDirectory(Release21);
        foreach (string name in (string[])["index", "meta.json"])
            block.Create(name).Write(File.ReadAllBytes(Path.Combine(_directory.Path, Release21, name)), 0);
        disk.FreeBytes = 3;
        using (var blocks = new BlockList(disk.Root, _ => new HashSet<Ulid>(), _warnings.Add))
            Assert.Empty(blocks.Current);
        Assert.Equal(2, _warnings.Count);
        Assert.Contains("cannot be mended", _warnings[0], StringComparison.Ordinal);

        disk.FreeBytes = long.MaxValue;
        using var mended = new BlockList(disk.Root, _ => new HashSet<Ulid>(), _warnings.Add);
        Assert.Contains("mended block " + Release21, _warnings[2], StringComparison.Ordinal);
    }

    // The samples are those of upstream's TestReadIndexFormatV1.
    [Fact]
    public async Task A_block_with_an_index_of_version_1_is_queried_and_merged_with_later_ones()
    {
        Put("index_format_v1", Version1);
        await using TsdbStore store = await OpenAsync();
        await Expect(store);

        for (long timeMs = 2 * Hour; timeMs <= 12 * Hour; timeMs += Hour / 4)
            await store.AppendAsync(Up, (timeMs, 1));
        await store.MaintainAsync();
        BlockMeta merged = Assert.Single(store.GetBlocks(), block => block.MinTimeMs == 0);
        Assert.Contains(merged.Compaction.Sources, source => source.ToString() == Version1);
        Assert.Equal((6 * Hour, 103UL), (merged.MaxTimeMs, merged.Stats.Series));
        Assert.False(Directory.Exists(Path.Combine(_directory.Path, Version1)));
        await Expect(store);
        Assert.Empty(_warnings);
    }

    private static async Task Expect(TsdbStore store)
    {
        var read = await store.ReadAsync(0, 1000, new Matcher(Model.MatchType.Equal, "foo", "bar"));
        Assert.Equal([(1, 2)], Assert.Single(read).Value);
        read = await store.ReadAsync(0, 1000, new Matcher(Model.MatchType.RegexNotMatch, "foo", "^.?$"));
        Assert.Equal(
            ["{foo=\"bar\"} 1 2", "{foo=\"baz\"} 3 4"],
            read.SelectMany(series => series.Value.Select(sample => $"{series.Key} {sample.TimeMs} {sample.Value}")));
    }

    private static async Task<IReadOnlyList<string>> Names(TsdbStore store, Matcher matcher)
    {
        using IQuerier querier = store.OpenQuerier(long.MinValue, long.MaxValue);
        return (await querier.LabelNamesAsync([matcher], 0, TestContext.Current.CancellationToken)).Texts;
    }

    private Task<TsdbStore> OpenAsync() => TsdbStore.OpenAsync(new TsdbOptions
    {
        Path = _directory.Path,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(18),
        Warned = _warnings.Add,
    });

    private FileSystemDirectory Block(string ulid) => new(Path.Combine(_directory.Path, ulid));

    private void Put(string block, string ulid)
    {
        string from = Conformance.Path("tsdb/" + block);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(_directory.Path, ulid, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.WriteAllBytes(to, File.ReadAllBytes(file));
        }
    }
}
