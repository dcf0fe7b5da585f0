using System.Text.Json;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>Blocks that upstream wrote, read as upstream reads them and written again byte for byte.</summary>
public sealed class GoldenBlockTests
{
    private const string Xor = "xor/01M7WFPX44NQG5SY67SS3R2PA8";
    private const string Xor2 = "xor2_st/01M7WFPX61A9Z3NSK58D9EXN8J";

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public void Series_are_found_with_labels_and_chunks(string path)
    {
        using var block = new OpenBlock(path);
        using var chunks = new ChunkReader(block.Block.Chunks);
        BlockPostings all = block.Block.Index.AllPostings();
        var series = new BlockSeries();
        int number = 0;
        foreach (JsonElement expected in GoldenJson.Lines($"golden/index/{Directory(path)}/block_series.jsonl"))
        {
            uint reference = all[number++];
            Assert.Equal(expected.Int64("series_ref"), reference);
            block.Block.Index.ReadSeries(reference, series);
            Assert.Equal(Convert.ToHexString(expected.PackedLabels()), Convert.ToHexString(series.PackedLabels));
            Assert.Equal(Metas(expected), series.Chunks.ToArray());
            foreach (JsonElement chunk in expected.GetProperty("chunks").EnumerateArray())
            {
                StoredChunk stored = chunks.Read((ulong)chunk.Int64("ref"));
                Assert.Equal((ChunkEncoding)chunk.Int64("enc"), stored.Encoding);
                Assert.Equal(chunk.Text("hex"), Convert.ToHexString(stored.Bytes), ignoreCase: true);
            }
        }

        Assert.Equal(all.Count, number);
        Assert.Equal(2, block.Block.Index.Version);
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public async Task Samples_are_what_upstream_s_querier_returns(string path)
    {
        Dictionary<string, JsonElement> expected = GoldenSamples.Read($"golden/index/{Directory(path)}/block_samples.jsonl");
        using var block = new OpenBlock(path);
        using BlockQuerier querier = BlockQuerier.TryOpen(block.Block, long.MinValue, long.MaxValue)!;
        using ISeriesSet set = await SelectAll(querier, long.MinValue, long.MaxValue);
        var batch = new SampleBatch(1);
        while (set.MoveNext())
        {
            batch.Clear();
            while (set.Read(batch))
            {
            }

            string labels = Convert.ToHexString(set.PackedLabels);
            Assert.Equal(GoldenSamples.Describe(expected[labels], withHints: true), GoldenSamples.Describe(batch, withHints: true));
            expected.Remove(labels);
        }

        Assert.DoesNotContain(expected, series => series.Value.GetArrayLength() > 0);
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public async Task Samples_outside_the_querier_s_times_are_left_out(string path)
    {
        Dictionary<string, JsonElement> all = GoldenSamples.Read($"golden/index/{Directory(path)}/block_samples.jsonl");
        using var block = new OpenBlock(path);
        Random random = Fuzz.Random(30);
        for (int round = 0; round < Fuzz.Rounds(30); round++)
        {
            long min = 1_699_999_000_000 + random.Next(7_000_000);
            long max = min + random.Next(4_000_000);
            using BlockQuerier querier = BlockQuerier.TryOpen(block.Block, min, max)!;
            using ISeriesSet set = await SelectAll(querier, round % 2 == 0 ? long.MinValue : min, long.MaxValue);
            var found = new Dictionary<string, List<string>>();
            var batch = new SampleBatch(1);
            while (set.MoveNext())
            {
                batch.Clear();
                while (set.Read(batch))
                {
                }

                found.Add(Convert.ToHexString(set.PackedLabels), GoldenSamples.Describe(batch));
            }

            foreach ((string labels, JsonElement samples) in all)
            {
                List<string> expected = [.. GoldenSamples.Describe(samples).Where((_, i) => IsWithin(samples[i][0].GetInt64(), min, max))];
                Assert.Equal(expected, found.GetValueOrDefault(labels, []));
            }
        }
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public void An_index_written_from_the_same_series_has_the_same_bytes(string path)
    {
        JsonElement[] series = [.. GoldenJson.Lines($"golden/index/{Directory(path)}/block_series.jsonl")];
        var disk = new MemoryDisk();
        using (var writer = new BlockIndexWriter(disk.Root))
        {
            foreach (byte[] symbol in Symbols(series))
                writer.AddSymbol(symbol);
            foreach (JsonElement one in series)
                writer.AddSeries(one.PackedLabels(), Metas(one));
            writer.Finish();
        }

        byte[] expected = File.ReadAllBytes(Conformance.Path($"golden/index/{path}/index"));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(disk.Root.File("index").Content));
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public void A_block_written_from_the_same_chunks_has_the_same_files(string path)
    {
        using var block = new OpenBlock(path);
        BlockMeta template = block.Block.Meta with { Stats = new BlockStats() };
        var disk = new MemoryDisk();
        JsonElement[] all = [.. GoldenJson.Lines($"golden/index/{Directory(path)}/block_series.jsonl")];
        var source = new ChunkList { ExtraSymbols = Symbols(all) };
        foreach (JsonElement series in all)
        {
            source.Add(series.PackedLabels(), [.. series.GetProperty("chunks").EnumerateArray().Select(chunk =>
                new ListedChunk(chunk.Int64("mint"), chunk.Int64("maxt"), (ChunkEncoding)chunk.Int64("enc"), chunk.Hex("hex")))]);
        }

        BlockMeta written = new BlockWriter(disk.Root).Write(source, template);
        Assert.Equal(block.Block.Meta.Stats with { Tombstones = 0 }, written.Stats);
        var directory = (MemoryDirectory)disk.Root.GetDirectory(written.Ulid.ToString());
        Assert.Equal(["chunks", "index", "meta.json", "tombstones"], directory.List().Select(entry => entry.Name).Order(StringComparer.Ordinal));
        var chunks = (MemoryDirectory)directory.GetDirectory("chunks");
        string golden = Conformance.Path($"golden/index/{path}");
        AssertSame(Path.Combine(golden, "index"), directory.File("index"));
        AssertSame(Path.Combine(golden, "chunks/000001"), chunks.File("000001"));
        if (block.Block.Tombstones.Count == 0)
            AssertSame(Path.Combine(golden, "meta.json"), directory.File("meta.json"));
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public void A_block_copied_through_its_source_has_the_same_index(string path)
    {
        using var block = new OpenBlock(path);
        var disk = new MemoryDisk();
        using BlockChunkSource source = BlockChunkSource.TryOpen(block.Block, long.MinValue, long.MaxValue)!;
        BlockMeta written = new BlockWriter(disk.Root).Write(source, block.Block.Meta);
        var directory = (MemoryDirectory)disk.Root.GetDirectory(written.Ulid.ToString());

        // Nothing is deleted as a whole here; chunks with deletions in them come as they are.
        AssertSame(Conformance.Path($"golden/index/{path}/index"), directory.File("index"));
    }

    [Fact]
    public void Deleted_times_are_told_beside_the_chunks()
    {
        using var block = new OpenBlock(Xor);
        using BlockChunkSource source = BlockChunkSource.TryOpen(block.Block, long.MinValue, long.MaxValue)!;
        int deletions = 0;
        while (source.MoveNext())
            deletions += source.Excluded.Length;
        Assert.Equal(3, deletions);
        Assert.Equal((ulong)3, block.Block.Meta.Stats.Tombstones);
    }

    [Fact]
    public async Task An_index_of_version_1_is_read()
    {
        // tsdb/testdata/index_format_v1: {foo="bar", label="1"} to 100, {bar="baz"...}; 102 series of one sample each.
        using var block = new OpenBlock(new FileSystemDirectory(Conformance.Path("tsdb/index_format_v1")));
        BlockIndex index = block.Block.Index;
        Assert.Equal(1, index.Version);
        Assert.Equal(102, index.AllPostings().Count);
        using BlockQuerier querier = BlockQuerier.TryOpen(block.Block, 0, 7_200_000)!;
        using ISeriesSet set = await SelectAll(querier, 0, 7_200_000);
        int series = 0;
        ulong samples = 0;
        byte[] previous = [];
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            Assert.True(PackedLabels.Compare(previous, set.PackedLabels) < 0);
            Assert.True(PackedLabels.IsWellFormed(set.PackedLabels));
            previous = set.PackedLabels.ToArray();
            batch.Clear();
            Assert.True(set.Read(batch));
            samples += (ulong)batch.Count;
            series++;
        }

        Assert.Equal((ulong)series, block.Block.Meta.Stats.Series);
        Assert.Equal(samples, block.Block.Meta.Stats.Samples);
        await AgreesWithWalk(querier, block.Block);
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public async Task Names_and_values_are_those_of_the_series(string path)
    {
        using var block = new OpenBlock(path);
        using BlockQuerier querier = BlockQuerier.TryOpen(block.Block, 0, 1)!;
        await AgreesWithWalk(querier, block.Block);
    }

    [Theory]
    [InlineData(Xor)]
    [InlineData(Xor2)]
    public void The_size_is_that_of_the_files(string path)
    {
        using var block = new OpenBlock(path);
        var directory = new DirectoryInfo(Conformance.Path($"golden/index/{path}"));
        Assert.Equal(directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), block.Block.SizeBytes);
    }

    // Names and values by the tables, against those met walking all series.
    private static async Task AgreesWithWalk(BlockQuerier querier, Block block)
    {
        var values = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var series = new BlockSeries();
        for (int i = 0; i < block.Index.AllPostings().Count; i++)
        {
            block.Index.ReadSeries(block.Index.AllPostings()[i], series);
            foreach (Label label in Labels.FromPacked(series.PackedLabels))
            {
                if (!values.TryGetValue(label.NameText, out SortedSet<string>? known))
                    values.Add(label.NameText, known = new SortedSet<string>(StringComparer.Ordinal));
                known.Add(label.ValueText);
            }
        }

        Assert.Equal(values.Keys, (await querier.LabelNamesAsync([], 0, default)).Texts);
        foreach ((string name, SortedSet<string> known) in values)
        {
            Assert.Equal(known, (await querier.LabelValuesAsync(name, [], 0, default)).Texts);
            foreach (string value in known)
            {
                Assert.True(block.Index.Symbols.TryFind(System.Text.Encoding.UTF8.GetBytes(value), out uint symbol));
                Assert.Equal(value, System.Text.Encoding.UTF8.GetString(block.Index.Symbols[symbol]));
            }
        }

        Assert.Empty((await querier.LabelValuesAsync("", [], 0, default)).Texts);
    }

    private static async Task<ISeriesSet> SelectAll(BlockQuerier querier, long startMs, long endMs) =>
        await querier.SelectAsync(new SelectHints { StartMs = startMs, EndMs = endMs }, [], default);

    private static void AssertSame(string expected, MemoryFile actual) =>
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(expected)), Convert.ToHexString(actual.Content));

    private static bool IsWithin(long timeMs, long min, long max) => timeMs >= min && timeMs <= max;

    private static string Directory(string path) => path.Split('/')[0];

    private static ChunkMeta[] Metas(JsonElement series) =>
        [.. series.GetProperty("chunks").EnumerateArray().Select(chunk =>
            new ChunkMeta((ulong)chunk.Int64("ref"), chunk.Int64("mint"), chunk.Int64("maxt")))];

    // Upstream's head has the empty text, of the list of all series, among its symbols.
    private static byte[][] Symbols(JsonElement[] series) => [[], .. ChunkList.SymbolsOf(series.Select(one => one.PackedLabels()))];

    private sealed class OpenBlock(IStorageDirectory directory) : IDisposable
    {
        public OpenBlock(string path)
            : this(new FileSystemDirectory(Conformance.Path($"golden/index/{path}")))
        {
        }

        public Block Block { get; } = Tsdb.Blocks.Block.Open(directory);

        public void Dispose() => Block.Close();
    }
}
