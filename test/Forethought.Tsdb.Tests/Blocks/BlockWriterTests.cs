using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class BlockWriterTests
{
    private const string Name = "01M7WFPX44NQG5SY67SS3R2PA8";

    private static readonly BlockMeta Template = new()
    {
        Ulid = Ulid.Parse(Name),
        MaxTimeMs = 100,
        Compaction = new BlockCompaction { Level = 1, Sources = [Ulid.Parse(Name)] },
    };

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Statistics_tell_kinds_of_samples_apart()
    {
        // Counts stand in the first two bytes; those of histograms with start times have 14 bits.
        ListedChunk Chunk(ChunkEncoding encoding, long time, ushort count) =>
            new(time, time, encoding, [(byte)(count >> 8), (byte)count, 0, 1, 2, 3]);
        var source = new ChunkList()
            .Add(Series(1), Chunk(ChunkEncoding.Xor, 1, 3), Chunk(ChunkEncoding.Xor2, 2, 400), Chunk(ChunkEncoding.Histogram, 3, 5))
            .Add(Series(2), Chunk(ChunkEncoding.FloatHistogram, 1, 7), Chunk(ChunkEncoding.HistogramWithStartTimes, 2, 0xC000 | 9))
            .Add(Series(3), Chunk(ChunkEncoding.FloatHistogramWithStartTimes, 1, 0x4000 | 11))
            .Add(Series(4));
        BlockMeta meta = new BlockWriter(_disk.Root).Write(source, Template);
        Assert.Equal(new BlockStats { Samples = 435, FloatSamples = 403, HistogramSamples = 32, Series = 3, Chunks = 6 }, meta.Stats);
        Assert.Equal(meta.Stats, BlockMetaFile.Read(Directory, out _).Stats);
        Block block = Block.Open(Directory);
        Assert.Equal(3, block.Index.AllPostings().Count);
        block.Close();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_samples_there_is_no_block(bool hasSeries)
    {
        var source = new ChunkList();
        if (hasSeries)
            source.Add(Series(1)).Add(Series(2), new ListedChunk(1, 1, ChunkEncoding.Xor, [0, 0]));
        BlockMeta meta = new BlockWriter(_disk.Root).Write(source, Template);
        Assert.Equal(0UL, meta.Stats.Samples);
        Assert.Empty(_disk.Root.List());
    }

    [Fact]
    public void Symbols_that_nothing_uses_do_no_harm()
    {
        IEnumerable<string> symbols = "|a|b|i|m|s001|z|__name__".Split('|').Order(StringComparer.Ordinal);
        var source = new ChunkList { ExtraSymbols = [.. symbols.Select(System.Text.Encoding.UTF8.GetBytes)] };
        source.Add(Series(1), ListedChunk.Of((1, 1)));
        new BlockWriter(_disk.Root).Write(source, Template);
        Block block = Block.Open(Directory);
        Assert.Equal(8, block.Index.Symbols.Count);
        Assert.Equal(3, block.Index.Pairs.NameCount);
        block.Close();
    }

    [Fact]
    public void Many_names_and_values_come_back_in_several_groups()
    {
        // More pairs than one group takes, so that series are read back more than once.
        Random random = Fuzz.Random(70);
        Labels[] series = [.. Enumerable.Range(0, 9000).Select(i => Labels.FromStrings(
            "__name__", "m", "a", $"{random.Next(9000)}", "b", $"{i % 7}", "c", $"{i}", "d", "x", "e", $"{i / 100}", "f", $"{random.Next(2)}",
            "g", "y", "h", "z", "i", $"{i % 1000}", "long", new string((char)('a' + i % 26), 400 * (i % 2)))).Distinct().Order()];
        var source = new ChunkList();
        foreach (Labels labels in series)
            source.Add(labels, ListedChunk.Of((1, 1)));
        new BlockWriter(_disk.Root).Write(source, Template);
        Block block = Block.Open(Directory);
        BlockIndex index = block.Index;
        Assert.Equal(series.Length, index.AllPostings().Count);
        var read = new BlockSeries();
        var references = new Dictionary<Labels, uint>();
        for (int i = 0; i < series.Length; i++)
        {
            references[series[i]] = index.AllPostings()[i];
            index.ReadSeries(index.AllPostings()[i], read);
            Assert.Equal(series[i], Labels.FromPacked(read.PackedLabels));
        }

        foreach (IGrouping<string, Labels> group in series.GroupBy(labels => labels["a"]).Concat(series.GroupBy(labels => labels["i"])))
        {
            string name = group.First()["a"] == group.Key && group.All(labels => labels["a"] == group.Key) ? "a" : "i";
            BlockPostings postings = index.Postings(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(group.Key));
            Assert.Equal(group.Count(), postings.Count);
            int i = 0;
            foreach (Labels labels in group)
                Assert.Equal(references[labels], postings[i++]);
        }

        block.Close();
    }

    [Fact]
    public void What_comes_out_of_order_is_refused_in_upstream_s_words()
    {
        var one = ListedChunk.Of((10, 1), (20, 1));
        Refuses(
            "out-of-order series added with label set \"{__name__=\\\"m\\\", i=\\\"s001\\\"}\", last label set \"{__name__=\\\"m\\\", i=\\\"s002\\\"}\"",
            new ChunkList().Add(Series(2), one).Add(Series(1), one));
        Refuses(
            "out-of-order series added with label set \"{__name__=\\\"m\\\", i=\\\"s001\\\"}\", last label set \"{__name__=\\\"m\\\", i=\\\"s001\\\"}\"",
            new ChunkList().Add(Series(1), one).Add(Series(1), one));
        Refuses("chunk minT 20 is not higher than previous chunk maxT 20", new ChunkList().Add(Series(1), one, ListedChunk.Of((20, 1))));
        Refuses("chunk maxT 1 is less than minT 2", new ChunkList().Add(Series(1), one with { MinTimeMs = 2, MaxTimeMs = 1 }));
        Refuses("""symbol entry for "i" does not exist""", new ChunkList { ExtraSymbols = [[.. "__name__"u8], [.. "m"u8]] }.Add(Series(1), one));
        Refuses("""symbol "a" out-of-order""", new ChunkList { ExtraSymbols = [[.. "b"u8], [.. "a"u8]] });
        Refuses("""symbol "b" out-of-order""", new ChunkList { ExtraSymbols = [[.. "b"u8], [.. "b"u8]] });
        Refuses("invalid chunk encoding \"<unknown>\"", new ChunkList().Add(Series(1), one with { Encoding = (ChunkEncoding)77 }));
    }

    [Fact]
    public void Cancelled_it_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new BlockWriter(_disk.Root).Write(Source(), Template, cancelled.Token));
        Assert.Empty(_disk.Root.List());
    }

    [Fact]
    public void An_unfinished_block_of_before_is_replaced()
    {
        var left = (MemoryDirectory)_disk.Root.GetDirectory(Name + BlockWriter.TemporarySuffix);
        left.GetDirectory("chunks").Create("000001").Dispose();
        left.GetDirectory("chunks").Create("000002").Dispose();
        new BlockWriter(_disk.Root).Write(Source(), Template);
        Assert.Equal(Name, Assert.Single(_disk.Root.List()).Name);
        AssertWhole(_disk);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(50, true)]
    public void After_a_crash_at_any_operation_there_is_the_whole_block_or_none(int bytesDone, bool losesUnsynced)
    {
        int whole = 0;
        for (int n = 0; ; n++)
        {
            int at = n;
            var disk = new MemoryDisk { Fault = (number, _) => number == at ? new DiskFault(bytesDone, Crashes: true) : null };
            Exception? failure = Record.Exception(() => new BlockWriter(disk.Root, segmentBytes: 600).Write(Source(), Template));
            bool hasEnded = disk.Operations <= n;
            disk.Restart(losesUnsynced);
            if (disk.Root.List().Any(entry => entry.Name == Name))
            {
                AssertWhole(disk);
                whole++;
            }

            Assert.True(hasEnded ? failure is null : failure is IOException, $"operation {n}: {failure}");
            if (!hasEnded)
                continue;
            Assert.True(n > 20 && whole >= 1, $"{n} operations, {whole} times whole");
            return;
        }
    }

    [Fact]
    public void A_failing_operation_leaves_nothing_or_the_whole_block()
    {
        for (int n = 0; ; n++)
        {
            int at = n;
            var disk = new MemoryDisk { Fault = (number, _) => number == at ? new DiskFault(3) : null };
            Exception? failure = Record.Exception(() => new BlockWriter(disk.Root, segmentBytes: 600).Write(Source(), Template));
            if (disk.Operations <= n)
            {
                Assert.Null(failure);
                return;
            }

            Assert.IsType<IOException>(failure);
            if (disk.Root.List().Count > 0)
                AssertWhole(disk);
        }
    }

    private static Labels Series(int i) => Labels.FromStrings("__name__", "m", "i", $"s{i:D3}");

    private static ChunkList Source()
    {
        var source = new ChunkList();
        for (int i = 0; i < 30; i++)
            source.Add(Series(i), ListedChunk.Of((i, 1), (i + 1, 2)), ListedChunk.Of((i + 2, 3)));
        return source;
    }

    private static void AssertWhole(MemoryDisk disk)
    {
        Block block = Block.Open(disk.Root.GetDirectory(Name));
        using var chunks = new ChunkReader(block.Chunks);
        BlockPostings all = block.Index.AllPostings();
        Assert.Equal(30, all.Count);
        var series = new BlockSeries();
        for (int i = 0; i < all.Count; i++)
        {
            block.Index.ReadSeries(all[i], series);
            Assert.Equal(Series(i), Labels.FromPacked(series.PackedLabels));
            Assert.True(chunks.Read(series.Chunks[1].Reference).Bytes.SequenceEqual(ListedChunk.Of((i + 2, 3)).Bytes));
        }

        Assert.Equal(90UL, block.Meta.Stats.Samples);
        block.Close();
    }

    private MemoryDirectory Directory => (MemoryDirectory)_disk.Root.GetDirectory(Name);

    private void Refuses(string message, ChunkList source)
    {
        Exception failure = Assert.ThrowsAny<StorageException>(() => new BlockWriter(_disk.Root).Write(source, Template));
        Assert.Equal(message, failure.Message);
        Assert.Empty(_disk.Root.List());
    }
}
