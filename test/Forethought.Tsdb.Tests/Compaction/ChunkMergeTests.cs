using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

public sealed class ChunkMergeTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly ChunkMerge _merge;

    public ChunkMergeTests() => _merge = new ChunkMerge(_allocator, new ChunkMergeOptions());

    public void Dispose()
    {
        _merge.Dispose();
        Assert.Equal(0, _allocator.TotalBytes);
    }

    [Theory]
    // Cases and results of upstream's TestCompactingChunkSeriesMerger.
    [InlineData("", "")]
    [InlineData("1 2 | 3", "1 2 | 3")]
    [InlineData("+", "")]
    [InlineData("1 2 | 3 5 + 7 9 | 10", "1 2 | 3 5 | 7 9 | 10")]
    [InlineData("1 2 | 3 8 + 7 9 | 10", "1 2 | 3 7 8 9 | 10")]
    [InlineData("1 2 3 5 + 2 3 5", "1 2 3 5")]
    [InlineData("1 2 3 5 + 2 3 6 + 0 4", "0 1 2 3 4 5 6")]
    [InlineData("1 2 3 5 + 4 6=66 + 6 10", "1 2 3 4 5 6=66 10")]
    [InlineData("0 5 | 10 15 + 2 20 | 25 30 + 18 26 | 31 35", "0 2 5 10 15 18 20 25 26 30 | 31 35")]
    [InlineData("0=h 5=h | 10=h 15=h + 2=h 20=h | 25=h 30=h + 18=h 26=h | 31=h 35=h",
        "0=h 2=h 5=h 10=h 15=h 18=h 20=h 25=h 26=h 30=h | 31=h 35=h")]
    [InlineData("0=h 5=h | 10=h 15=h + 1 12 | 14", "0=h | 1 | 5=h 10=h | 12 14 | 15=h")]
    [InlineData("0=H 5=H | 10=H 15=H + 2=H 20=H | 25=H 30=H + 18=H 26=H | 31=H 35=H",
        "0=H 2=H 5=H 10=H 15=H 18=H 20=H 25=H 26=H 30=H | 31=H 35=H")]
    [InlineData("0=H 5=H | 10=H 15=H + 1 12 | 14", "0=H | 1 | 5=H 10=H | 12 14 | 15=H")]
    [InlineData("0=H 5=H | 10=H 15=H + 1=h 12=h | 14=h", "0=H | 1=h | 5=H 10=H | 12=h 14=h | 15=H")]
    // Gauges, stale markers and start timestamps by the same rules.
    [InlineData("1=g 4=g + 2=g 3=g", "1=g 2=g 3=g 4=g")]
    [InlineData("1 3=stale + 2 4", "1 2 3=stale 4")]
    [InlineData("1@1 4@1 + 2 3", "1@1 2 3 4@1")]
    [InlineData("1 4 + 2@1 3@1", "1 | 2@1 3@1 4")]
    [InlineData("1=h 4=h + 2=h@1 3=h@1", "1=h | 2=h@1 3=h@1 | 4=h")]
    public void Overlapping_chunks_become_one(string sources, string chunks) => Assert.Equal(chunks, Merge(sources));

    [Theory]
    // By hand after upstream's heap: at the same time the chunk gives way that has been going on.
    [InlineData("1=1 2=1 3=1 5=1 + 2=2 3=2 6=2", "1 2 3=2 5=1 6=2")]
    [InlineData("1=1 2=1 3=1 + 1=2 2=2 3=2", "1 2=1 3=1")]
    [InlineData("1=1 4=1 + 1=2 3=2", "1=2 3=2 4=1")]
    public void Of_two_samples_at_one_time_upstream_s_is_kept(string sources, string chunks) => Assert.Equal(chunks, Merge(sources));

    [Theory]
    [InlineData(0, 90, 60, 90, "120 30")]
    [InlineData(0, 110, 60, 50, "110")]
    [InlineData(0, 300, 10, 300, "120 120 70")]
    public void Merged_chunks_have_120_samples_at_most(int first, int count, int otherFirst, int otherCount, string samples)
    {
        // "150 overlapping samples, split chunk" and "110 overlapping" of the same test, and one more.
        List<ListedChunks.Item> merged = Chunks([[Floats(first, count)], [Floats(otherFirst, otherCount)]]);
        Assert.Equal(samples, string.Join(' ', merged.Select(chunk => ChunkHeader.ReadSampleCount(chunk.Bytes))));
        Assert.Equal(Enumerable.Range(first, otherFirst + otherCount), merged.SelectMany(Times).Select(time => (int)time));
    }

    [Theory]
    [InlineData(ChunkEncoding.Xor)]
    [InlineData(ChunkEncoding.Xor2)]
    public void Only_what_is_written_anew_has_the_wanted_encoding(ChunkEncoding floats)
    {
        // TestCompactingChunkSeriesMergerFloatEncoding.
        using var merge = new ChunkMerge(_allocator, new ChunkMergeOptions(floats));
        List<ListedChunks.Item> merged = Chunks(ChunkText.Sources("1 2 | 5 6 + 2 3 | 8 9"), merge: merge);
        Assert.Equal([floats, ChunkEncoding.Xor, ChunkEncoding.Xor], merged.Select(chunk => chunk.Encoding));
    }

    [Theory]
    // TestCompactingChunkSeriesMergerHistogramCounterResetHint: two chunks that begin with a hint, and what is left of it.
    [InlineData("0=h 5=h | 10=h 15=h", "same same")]
    [InlineData("0=h 5=h | 10=h 15=h + 0=h 5=h | 10=h 15=h", "same same")]
    [InlineData("0=h 5=h | 10=h 15=h + 0=h 5=h | 10=h 12=h 15=h", "same Unknown")]
    [InlineData("0=H 5=H | 10=H 15=H + 0=H 5=H | 10=H 12=H 15=H", "same Unknown")]
    public void Chunks_that_are_merged_forget_what_they_knew_of_resets(string sources, string headers)
    {
        foreach (CounterResetHint hint in new[] { CounterResetHint.CounterReset, CounterResetHint.NotCounterReset })
        {
            List<List<ListedChunks.Item>> chunks = ChunkText.Sources(sources);
            foreach (ListedChunks.Item chunk in chunks.SelectMany(source => source))
                chunk.Bytes[HistogramChunkHeader.FlagsOffset] = HistogramChunkHeader.Encode(hint);
            IEnumerable<CounterResetHint> merged =
                Chunks(chunks).Select(chunk => HistogramChunkHeader.Decode(chunk.Bytes[HistogramChunkHeader.FlagsOffset]));
            Assert.Equal(headers, string.Join(' ', merged.Select(header => header == hint ? "same" : header.ToString())));
        }
    }

    [Fact]
    public void A_reset_between_merged_chunks_divides_them()
    {
        // Histograms of an earlier time are smaller: within the overlap they go down from 9 to 4.
        List<ListedChunks.Item> falling = ChunkText.Chunks("9=h");
        falling[0] = falling[0] with { MinTimeMs = 3, Bytes = MoveTo(falling[0].Bytes, 3) };
        List<ListedChunks.Item> merged = Chunks([[falling[0] with { MaxTimeMs = 3 }], ChunkText.Chunks("2=h 4=h")]);
        Assert.Equal(
            [CounterResetHint.Unknown, CounterResetHint.CounterReset],
            merged.Select(chunk => HistogramChunkHeader.Decode(chunk.Bytes[HistogramChunkHeader.FlagsOffset])));
        Assert.Equal([2L, 3, 4], merged.SelectMany(Times));
    }

    [Fact]
    public void Chunks_that_overlap_nothing_are_passed_on_byte_for_byte()
    {
        List<List<ListedChunks.Item>> sources = ChunkText.Sources("1 2 | 9=h 10=h + 3=H 4=H | 20@5 + 5 6=stale | 15=h@3");
        List<ListedChunks.Item> merged = Chunks(sources);
        Assert.Equal(
            sources.SelectMany(source => source).OrderBy(chunk => chunk.MinTimeMs).Select(chunk => Convert.ToHexString(chunk.Bytes)),
            merged.Select(chunk => Convert.ToHexString(chunk.Bytes)));
    }

    [Fact]
    public void A_single_chunk_of_more_than_120_samples_is_not_divided() =>
        Assert.Equal(240, ChunkHeader.ReadSampleCount(Assert.Single(Chunks([[Floats(0, 240)], [Floats(0, 240)]])).Bytes));

    [Theory]
    [InlineData("1 2 3 4", "2-3", "1 4")]
    [InlineData("1 2 3 4", "0-1 4-9", "2 3")]
    [InlineData("1 2 | 3 4", "0-2", "3 4")]
    [InlineData("1 2 | 3 4", "0-9", "")]
    [InlineData("1 2 9 10", "4-6", "1 2 9 10")]
    [InlineData("1 2 3 4 + 3 4 5", "3-4", "1 2 | 5")]
    [InlineData("1=h 2=h 3=h | 4=H 5=H", "2-4", "1=h 3=h | 5=H", "2-2 4-4")]
    [InlineData("1=g 2=g 3=g", "1-1", "2=g 3=g")]
    [InlineData("1@1 2@1 3@2", "2-2", "1@1 3@2")]
    [InlineData("1=h 2=h 3=hstale", "1-1", "2=h 3=hstale")]
    [InlineData("1=h@1 2=h@1 3=h", "1-2", "3=h")]
    public void Deleted_samples_are_left_out(string sources, string deleted, string chunks, string? instead = null) =>
        Assert.Equal(chunks, ChunkText.Describe(Chunks(ChunkText.Sources(sources), Intervals(instead ?? deleted))));

    [Fact]
    public void Deletions_belong_to_their_source()
    {
        _merge.Start();
        using var first = new ListedChunks(ChunkText.Chunks("1 2 3"));
        using var second = new ListedChunks(ChunkText.Chunks("2 3 4"));
        _merge.Add(first, Intervals("0-9"));
        _merge.Add(second, []);
        Assert.Equal("2 3 4", ChunkText.Describe(Drain(_merge)));
    }

    [Fact]
    public void A_deletion_that_hits_no_sample_leaves_the_bytes_alone()
    {
        List<ListedChunks.Item> chunks = ChunkText.Chunks("1=h 5=h 9=h");
        chunks[0].Bytes[HistogramChunkHeader.FlagsOffset] = HistogramChunkHeader.Encode(CounterResetHint.CounterReset);
        Assert.Equal(chunks[0].Bytes, Assert.Single(Chunks([chunks], Intervals("2-4 6-8"))).Bytes);
    }

    [Fact]
    public void What_is_left_of_a_chunk_keeps_its_encoding_and_knows_nothing_of_a_reset_before_it()
    {
        foreach (string text in new[] { "1 2 3", "1@1 2 3", "1=h 2=h 3=h", "1=H 2=H 3=H", "1=h@1 2=h 3=h", "1=H@1 2=H 3=H" })
        {
            List<ListedChunks.Item> chunks = ChunkText.Chunks(text);
            ListedChunks.Item left = Assert.Single(Chunks([chunks], Intervals("1-1")));
            Assert.Equal(chunks[0].Encoding, left.Encoding);
            Assert.Equal(2, left.MinTimeMs);
        }

        List<ListedChunks.Item> reset = ChunkText.Chunks("1=h 2=h");
        reset[0].Bytes[HistogramChunkHeader.FlagsOffset] = HistogramChunkHeader.Encode(CounterResetHint.CounterReset);
        Assert.Equal(0, Assert.Single(Chunks([reset], Intervals("1-1"))).Bytes[HistogramChunkHeader.FlagsOffset]);
    }

    [Fact]
    public void Damage_is_told_and_the_merge_is_as_good_as_new_afterwards()
    {
        ListedChunks.Item good = ChunkText.Chunks("1 5 9")[0];
        ListedChunks.Item damaged = good with { MinTimeMs = 2, Bytes = good.Bytes[..^4] };
        Assert.Throws<TsdbCorruptionException>(() => Chunks([[good], [damaged]]));
        Assert.Throws<TsdbCorruptionException>(() => Chunks([[damaged]], Intervals("3-4")));
        Assert.Equal("1 2 | 4", Merge("1 | 4 + 1 2"));
    }

    [Fact]
    public void Floats_take_no_managed_memory_once_the_merge_is_warm()
    {
        using var first = new ListedChunks([Floats(0, 200), Floats(210, 100)]);
        using var second = new ListedChunks([Floats(150, 100), Floats(300, 100)]);
        for (int round = 0; round < 3; round++)
            Run();
        Assert.Equal(0, Allocation.Of(Run));

        void Run()
        {
            first.Rewind();
            second.Rewind();
            _merge.Start();
            _merge.Add(first, []);
            _merge.Add(second, []);
            while (_merge.Next(out _))
            {
                // Only the memory it takes is of interest.
            }
        }
    }

    private static TimeInterval[] Intervals(string text) =>
    [
        .. text.Split(' ').Select(range => range.Split('-')).Select(ends =>
            new TimeInterval(long.Parse(ends[0], null), long.Parse(ends[1], null))),
    ];

    private static ListedChunks.Item Floats(int first, int count) =>
        ChunkText.Chunks(string.Join(' ', Enumerable.Range(first, count)))[0];

    private static IEnumerable<long> Times(ListedChunks.Item chunk)
    {
        var rows = new ChunkRows();
        rows.Decode(chunk.Encoding, chunk.Bytes);
        return rows.TimesMs.ToArray();
    }

    /// <summary>The only histogram of a chunk at another time.</summary>
    private static byte[] MoveTo(byte[] chunk, long timeMs)
    {
        var rows = new ChunkRows();
        rows.Decode(ChunkEncoding.Histogram, chunk);
        var sample = new HistogramSample();
        rows.LoadHistogram(0, sample);
        using var buffers = new BufferTable(new NativeAllocator(), MemoryPurpose.OpenHistograms);
        HistogramChunkState state = default;
        new HistogramChunkAppender<IntegerHistogramNumbers>(buffers).Start(ref state, timeMs, sample);
        byte[] moved = new byte[state.ByteLength(buffers)];
        state.CopyTo(buffers, moved);
        return moved;
    }

    private static List<ListedChunks.Item> Drain(ChunkMerge merge)
    {
        var chunks = new List<ListedChunks.Item>();
        while (merge.Next(out SourceChunk chunk))
            chunks.Add(ListedChunks.Item.Copy(chunk));
        Assert.False(merge.Next(out _));
        return chunks;
    }

    private string Merge(string sources) => ChunkText.Describe(Chunks(ChunkText.Sources(sources)));

    private List<ListedChunks.Item> Chunks(
        IEnumerable<List<ListedChunks.Item>> sources, TimeInterval[]? deleted = null, ChunkMerge? merge = null)
    {
        merge ??= _merge;
        merge.Start();
        foreach (List<ListedChunks.Item> source in sources)
            merge.Add(new ListedChunks(source), deleted ?? []);
        return Drain(merge);
    }
}
