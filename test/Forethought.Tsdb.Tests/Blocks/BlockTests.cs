using System.Text.Json;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tombstones;
using Xunit;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class BlockTests
{
    private const string Name = "01M7WFPX44NQG5SY67SS3R2PA8";

    private readonly MemoryDisk _disk = new();

    private MemoryDirectory Directory => (MemoryDirectory)_disk.Root.GetDirectory(Name);

    [Fact]
    public async Task Files_stay_open_until_the_last_lease_is_returned()
    {
        Block block = Write();
        MemoryFile chunks = ((MemoryDirectory)Directory.GetDirectory("chunks")).File("000001");
        int unused = 0;
        BlockQuerier first = BlockQuerier.TryOpen(block, 0, 1000)!;
        BlockChunkSource source = BlockChunkSource.TryOpen(block, 0, 1000)!;
        block.Close(() => unused++);
        Assert.Null(BlockQuerier.TryOpen(block, 0, 1000));
        Assert.Null(BlockChunkSource.TryOpen(block, 0, 1000));
        Assert.False(block.TryLease());
        Assert.Equal(20, (await SamplesAsync(first, 0, 1000)).Count);
        Assert.True(source.MoveNext());
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, unused);
        Assert.True(chunks.IsOpen);
        source.Dispose();
        source.Dispose();
        Assert.Equal(1, unused);
        Assert.False(chunks.IsOpen);
        Assert.Throws<ObjectDisposedException>(() => block.Close());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await SamplesAsync(first, 0, 1000));
    }

    [Fact]
    public async Task Leases_are_counted_across_threads()
    {
        Block block = Write();
        int unused = 0;
        using var start = new Barrier(5);
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait();
            int reads = 0;
            while (BlockQuerier.TryOpen(block, 0, 1000) is { } querier)
            {
                Assert.Equal(0, Volatile.Read(ref unused));
                Assert.Equal(10, block.Index.AllPostings().Count);
                querier.Dispose();
                reads++;
            }

            return reads;
        }))];
        start.SignalAndWait();
        block.Close(() => Interlocked.Increment(ref unused));
        await Task.WhenAll(readers);
        Assert.Equal(1, unused);
    }

    [Theory]
    [InlineData("chunks")]
    [InlineData("index")]
    [InlineData("meta.json")]
    public void A_missing_part_is_an_error_that_leaves_nothing_open(string part)
    {
        Write().Close();
        Directory.Delete(part);
        Assert.ThrowsAny<IOException>(() => Block.Open(Directory));
        if (part != "chunks")
            Assert.False(((MemoryDirectory)Directory.GetDirectory("chunks")).File("000001").IsOpen);
        Assert.DoesNotContain(Directory.List(), entry => entry.Name == part);
    }

    [Fact]
    public void A_damaged_part_is_an_error_that_leaves_nothing_open()
    {
        Write().Close();
        foreach (string part in (string[])["index", "meta.json", "tombstones"])
        {
            byte[] content = Directory.File(part).Content;
            Directory.File(part).Content = content[..^1];
            Assert.Throws<TsdbCorruptionException>(() => Block.Open(Directory));
            Assert.False(((MemoryDirectory)Directory.GetDirectory("chunks")).File("000001").IsOpen);
            Assert.False(Directory.File("index").IsOpen);
            Directory.File(part).Content = content;
        }

        Block.Open(Directory).Close();
    }

    [Fact]
    public async Task Deleted_samples_are_gone_for_new_queriers_and_after_reopening()
    {
        Block block = Write();
        using BlockQuerier before = BlockQuerier.TryOpen(block, 0, 1000)!;
        using ISeriesSet walking = await before.SelectAsync(new SelectHints { StartMs = 0, EndMs = 1000 }, [], default);
        block.Delete(3, 12, [new Matcher(MatchType.RegexMatch, "i", "s00[2-5]")]);
        block.Delete(0, 0, [new Matcher(MatchType.Equal, "i", "s000")]);
        block.Delete(500, 600, [new Matcher(MatchType.Equal, "i", "s001")]);
        string[] expected =
            [.. from i in Enumerable.Range(0, 10)
                from t in (int[])[i, i + 10]
                where !(i is >= 2 and <= 5 && t is >= 3 and <= 12) && t != 0
                select $"s{i:D3} {t}"];
        using (BlockQuerier after = BlockQuerier.TryOpen(block, 0, 1000)!)
            Assert.Equal(expected, await SamplesAsync(after, 0, 1000));

        // Those of series 2 to 5 end where their samples do; series 1 has none in the last range.
        Assert.Equal(5UL, block.Meta.Stats.Tombstones);
        Assert.Equal([new TimeInterval(3, 12)], block.Tombstones[block.Index.AllPostings()[2]].ToArray());
        Assert.Equal([new TimeInterval(5, 12)], block.Tombstones[block.Index.AllPostings()[5]].ToArray());
        long size = block.SizeBytes;
        int seen = 0;
        while (walking.MoveNext())
            seen += CountSamples(walking);
        Assert.Equal(20, seen);
        before.Dispose();
        block.Close();
        Block reopened = Block.Open(Directory);
        Assert.Equal(size, reopened.SizeBytes);
        Assert.Equal(5UL, reopened.Meta.Stats.Tombstones);
        using (BlockQuerier after = BlockQuerier.TryOpen(reopened, 0, 1000)!)
            Assert.Equal(expected, await SamplesAsync(after, 0, 1000));
        reopened.Close();
    }

    [Fact]
    public void A_deletion_writes_the_files_that_upstream_s_writes()
    {
        const string Golden = "golden/index/xor/01M7WFPX44NQG5SY67SS3R2PA8";
        foreach (string file in (string[])["index", "meta.json"])
            Directory.Create(file).Write(File.ReadAllBytes(Conformance.Path($"{Golden}/{file}")), 0);
        Directory.GetDirectory("chunks").Create("000001").Write(File.ReadAllBytes(Conformance.Path($"{Golden}/chunks/000001")), 0);
        Block block = Block.Open(Directory);
        block.UpdateMeta(meta => meta with { Stats = meta.Stats with { Tombstones = 0 } });

        // What the recorded block was given after it was written.
        block.Delete(long.MinValue, 1_700_001_000_000, [new Matcher(MatchType.Equal, "instance", "host-03")]);
        foreach (string file in (string[])["tombstones", "meta.json"])
            Assert.Equal(Convert.ToHexString(File.ReadAllBytes(Conformance.Path($"{Golden}/{file}"))), Convert.ToHexString(Directory.File(file).Content));
        block.Close();
    }

    [Fact]
    public async Task Deletions_agree_with_a_model()
    {
        Random random = Fuzz.Random(80);
        for (int round = 0; round < Fuzz.Rounds(20); round++)
        {
            var source = new ChunkList();
            var model = new SortedSet<(int Series, long Time)>();
            for (int i = 0; i < 6; i++)
            {
                ListedChunk[] chunks =
                    [.. Enumerable.Range(0, 4).Select(chunk => ListedChunk.Of([.. Enumerable.Range(chunk * 10, 10).Select(t => ((long)t, (double)t))]))];
                source.Add(Series(i), chunks);
                model.UnionWith(Enumerable.Range(0, 40).Select(t => (i, (long)t)));
            }

            var disk = new MemoryDisk();
            new BlockWriter(disk.Root).Write(source, new BlockMeta { Ulid = Ulid.Parse(Name), MaxTimeMs = 40 });
            Block block = Block.Open(disk.Root.GetDirectory(Name));
            for (int i = 0; i < 8; i++)
            {
                long min = random.Next(-5, 40);
                long max = min + random.Next(15);
                int series = random.Next(6);
                block.Delete(min, max, [new Matcher(MatchType.Equal, "i", $"s{series:D3}")]);
                model.RemoveWhere(sample => sample.Series == series && sample.Time >= min && sample.Time <= max);
                long from = random.Next(40);
                using BlockQuerier querier = BlockQuerier.TryOpen(block, from, from + 17)!;
                Assert.Equal(
                    model.Where(sample => sample.Time >= from && sample.Time <= from + 17).Select(sample => $"s{sample.Series:D3} {sample.Time}"),
                    await SamplesAsync(querier, long.MinValue, long.MaxValue));
            }

            Assert.Equal((ulong)block.Tombstones.Count, block.Meta.Stats.Tombstones);
            block.Close();
        }
    }

    [Theory]
    [InlineData("xor/01M7WFPX44NQG5SY67SS3R2PA8")]
    [InlineData("xor2_st/01M7WFPX61A9Z3NSK58D9EXN8J")]
    public async Task Samples_between_others_are_cut_out_of_chunks_of_any_kind(string path)
    {
        string golden = Conformance.Path($"golden/index/{path}");
        foreach (string file in (string[])["index", "meta.json", "tombstones"])
            Directory.Create(file).Write(File.ReadAllBytes(Path.Combine(golden, file)), 0);
        Directory.GetDirectory("chunks").Create("000001").Write(File.ReadAllBytes(Path.Combine(golden, "chunks/000001")), 0);
        Dictionary<string, JsonElement> expected = GoldenSamples.Read($"golden/index/{path.Split('/')[0]}/block_samples.jsonl");
        Block block = Block.Open(Directory);
        block.Delete(1_700_001_000_000, 1_700_002_000_000, [new Matcher(MatchType.RegexMatch, "__name__", ".+")]);
        block.Delete(1_700_003_000_000, 1_700_003_500_000, [new Matcher(MatchType.RegexMatch, "__name__", ".+")]);
        using BlockQuerier querier = BlockQuerier.TryOpen(block, 0, long.MaxValue)!;
        using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = 0, EndMs = long.MaxValue }, [], default);
        var batch = new SampleBatch(1);
        int kinds = 0;
        while (set.MoveNext())
        {
            batch.Clear();
            while (set.Read(batch))
            {
            }

            JsonElement samples = expected[Convert.ToHexString(set.PackedLabels)];
            IEnumerable<string> left = GoldenSamples.Describe(samples).Where((_, i) =>
                samples[i][0].GetInt64() is not ((>= 1_700_001_000_000 and <= 1_700_002_000_000) or (>= 1_700_003_000_000 and <= 1_700_003_500_000)));
            Assert.Equal(left, GoldenSamples.Describe(batch));
            SampleKind union = SampleKind.Float;
            foreach (SampleKind kind in batch.Kinds.AsSpan(0, batch.Count))
                union |= kind;
            Assert.Equal(union, batch.AllKinds);
            kinds |= 1 << (int)union;

            // Behind the last row nothing is left for the next user of the batch.
            Assert.True(batch.Histograms is null || batch.Histograms.Skip(batch.Count).All(histogram => histogram is null));
            Assert.True(batch.StartTimesMs is null || batch.StartTimesMs.Skip(batch.Count).All(start => start == 0));
        }

        Assert.True(System.Numerics.BitOperations.PopCount((uint)kinds) > 1);
        querier.Dispose();
        block.Close();
    }

    [Fact]
    public void A_source_passes_over_what_is_outside_its_times_or_deleted_as_a_whole()
    {
        Block block = Write();
        block.Delete(0, 100, [new Matcher(MatchType.Equal, "i", "s004")]);
        block.Delete(7, 12, [new Matcher(MatchType.Equal, "i", "s005")]);
        using (BlockChunkSource source = BlockChunkSource.TryOpen(block, 3, 17)!)
        {
            var found = new List<string>();
            while (source.MoveNext())
            {
                string intervals = string.Join(' ', source.Excluded.ToArray().Select(interval => $"{interval.MinTimeMs}..{interval.MaxTimeMs}"));
                int chunks = 0;
                while (source.NextChunk(out SourceChunk chunk))
                {
                    Assert.Equal(ChunkEncoding.Xor, chunk.Encoding);
                    chunks++;
                }

                found.Add($"{Labels.FromPacked(source.PackedLabels)["i"]} {chunks} {intervals}".TrimEnd());
            }

            // Each series has one chunk, from i to i + 10.
            string before = $"{long.MinValue}..2";
            string behind = $"18..{long.MaxValue}";
            Assert.Equal(
                [
                    "s000 1 " + before, "s001 1 " + before, "s002 1 " + before, "s003 1", "s005 1 7..12", "s006 1", "s007 1",
                    "s008 1 " + behind, "s009 1 " + behind,
                ],
                found);
        }

        block.Close();
    }

    [Fact]
    public void A_description_is_changed_on_disk_and_in_memory()
    {
        Block block = Write();
        block.UpdateMeta(meta => meta with { Compaction = meta.Compaction with { HasFailed = true } });
        Assert.True(block.Meta.Compaction.HasFailed);
        Assert.True(BlockMetaFile.Read(Directory, out long size).Compaction.HasFailed);
        Assert.Equal(size, block.SizeBytes - Directory.File("index").Length - Directory.File("tombstones").Length - block.Chunks.Length);
        _disk.Fault = (_, _) => new DiskFault(0);
        Assert.Throws<IOException>(() => block.UpdateMeta(meta => meta with { MaxTimeMs = 7 }));
        Assert.NotEqual(7, block.Meta.MaxTimeMs);
        _disk.Restart(losesUnsynced: false);
        block.Close();
    }

    [Fact]
    public async Task A_damaged_chunk_ends_a_query_with_its_place()
    {
        Block block = Write();
        MemoryFile chunks = ((MemoryDirectory)Directory.GetDirectory("chunks")).File("000001");
        chunks.Content[^1] ^= 1;
        using BlockQuerier querier = BlockQuerier.TryOpen(block, 0, 1000)!;
        TsdbCorruptionException found = await Assert.ThrowsAsync<TsdbCorruptionException>(async () => await SamplesAsync(querier, 0, 1000));
        Assert.StartsWith($"cannot populate chunk {found.Offset} from block {Name}: checksum mismatch expected:", found.Message, StringComparison.Ordinal);
        Assert.EndsWith("/chunks/000001", found.File, StringComparison.Ordinal);
        querier.Dispose();
        block.Close();
    }

    [Fact]
    public async Task A_chunk_that_is_none_under_a_right_checksum_ends_a_query_with_its_place()
    {
        var source = new ChunkList().Add(Series(1), new ListedChunk(1, 9, ChunkEncoding.Xor, [0, 9, 2, 1]));
        new BlockWriter(_disk.Root).Write(source, new BlockMeta { Ulid = Ulid.Parse(Name), MaxTimeMs = 40 });
        Block block = Block.Open(Directory);
        using BlockQuerier querier = BlockQuerier.TryOpen(block, 0, 1000)!;
        TsdbCorruptionException found = await Assert.ThrowsAsync<TsdbCorruptionException>(async () => await SamplesAsync(querier, 0, 1000));
        Assert.Equal($"cannot populate chunk 8 from block {Name}: unexpected EOF", found.Message);
        Assert.EndsWith("/chunks/000001", found.File, StringComparison.Ordinal);
        querier.Dispose();
        block.Close();
    }

    private static Labels Series(int i) => Labels.FromStrings("__name__", "m", "i", $"s{i:D3}");

    private static int CountSamples(ISeriesSet set)
    {
        var batch = new SampleBatch();
        while (set.Read(batch))
        {
        }

        return batch.Count;
    }

    private static async Task<List<string>> SamplesAsync(BlockQuerier querier, long start, long end)
    {
        using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = start, EndMs = end }, [], default);
        var found = new List<string>();
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            batch.Clear();
            while (set.Read(batch))
            {
            }

            string name = Labels.FromPacked(set.PackedLabels)["i"];
            found.AddRange(batch.TimesMs[..batch.Count].Select(time => $"{name} {time}"));
        }

        return found;
    }

    private Block Write()
    {
        var source = new ChunkList();
        for (int i = 0; i < 10; i++)
            source.Add(Series(i), ListedChunk.Of((i, i), (i + 10, -i)));
        new BlockWriter(_disk.Root).Write(source, new BlockMeta { Ulid = Ulid.Parse(Name), MaxTimeMs = 20 });
        return Block.Open(Directory);
    }
}
