using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class ChunkSegmentTests : IDisposable
{
    private readonly MemoryDisk _disk = new();
    private readonly List<ulong> _references = [];
    private ChunkSegments? _segments;

    private MemoryDirectory Chunks => (MemoryDirectory)_disk.Root.GetDirectory("chunks");

    public void Dispose() => _segments?.Dispose();

    // The cases of upstream's TestChunkWriter_ReadAfterWrite: a number of chunks per series, the room of a segment behind its header,
    // in chunks with the longest length field there is, and chunks per segment.
    [Theory]
    [InlineData("3", 3, 0, "3")]
    [InlineData("5", 2, 0, "2 2 1")]
    [InlineData("3", 2, -1, "1 1 1")]
    [InlineData("1", 1, -1, "1")]
    [InlineData("3", 0, 1, "1 1 1")]
    [InlineData("3 2", 3, 0, "3 2")]
    [InlineData("1 2 1", 2, 0, "2 2")]
    public void Segments_are_cut_where_upstream_cuts_them(string series, int room, int more, string expected)
    {
        var chunk = ListedChunk.Of((1, 1));
        int chunkBytes = 5 + 1 + chunk.Bytes.Length + 4;
        Write(8 + room * chunkBytes + more, [.. Numbers(series).Select(count => Enumerable.Repeat(chunk, count).ToArray())]);
        int stored = 1 + 1 + chunk.Bytes.Length + 4;
        Assert.Equal(Numbers(expected).Select(count => 8L + count * stored), Lengths());
        Assert.Equal(
            Numbers(expected).SelectMany((count, segment) => Enumerable.Range(0, count).Select(i => ChunkSegmentFormat.Reference(segment, 8 + i * stored))),
            _references);
    }

    [Fact]
    public void Whole_series_decide_where_segments_are_cut()
    {
        // Upstream goes through all chunks of a series before it writes one: a model of its steps, on random series.
        Random random = Fuzz.Random(40);
        for (int round = 0; round < Fuzz.Rounds(300); round++)
        {
            int room = random.Next(20, 400);
            ListedChunk[][] series =
                [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ =>
                    Enumerable.Range(0, random.Next(0, 6)).Select(i => ListedChunk.OfSize(random.Next(1, 160), i, random)).ToArray())];
            var disk = new MemoryDisk();
            var chunks = (MemoryDirectory)disk.Root.GetDirectory("chunks");
            using (var writer = new ChunkSegmentWriter(chunks, room))
            {
                foreach (ListedChunk[] one in series)
                    WriteSeries(writer, one);
                writer.Finish();
            }

            Assert.Equal(UpstreamLengths(series, room), chunks.List().OrderBy(entry => entry.Name).Select(entry => entry.Length));
        }
    }

    [Fact]
    public void Chunks_are_read_in_any_order()
    {
        Random random = Fuzz.Random(41);
        ListedChunk[] chunks = [.. Enumerable.Range(0, 600).Select(i => ListedChunk.OfSize(i % 50 == 0 ? random.Next(400_000) : random.Next(1, 900), i, random))];
        Write(1 << 19, chunks);
        Assert.True(Lengths().Length > 3);
        int[] order = [.. Enumerable.Range(0, 600)];
        using var reader = new ChunkReader(Open());
        for (int pass = 0; pass < 3; pass++)
        {
            foreach (int i in order)
            {
                StoredChunk stored = reader.Read(_references[i]);
                Assert.Equal(ChunkEncoding.Xor, stored.Encoding);
                Assert.True(stored.Bytes.SequenceEqual(chunks[i].Bytes));
            }

            random.Shuffle(order);
        }
    }

    [Fact]
    public void Nothing_is_written_without_chunks()
    {
        Write(100);
        Assert.Empty(Lengths());
        Assert.Equal(0, Open().Length);
    }

    [Fact]
    public void Files_are_counted_by_their_place_and_others_passed_over()
    {
        Write(40, [ListedChunk.Of((1, 1)), ListedChunk.Of((2, 2)), ListedChunk.Of((3, 3))]);
        Chunks.Create("notes.txt").Dispose();
        Chunks.GetDirectory("000009");
        Chunks.Rename("000003", "000007");
        using var reader = new ChunkReader(Open());
        Assert.True(reader.Read(_references[2]).Bytes.SequenceEqual(ListedChunk.Of((3, 3)).Bytes));
    }

    [Fact]
    public void Every_bit_that_flips_is_noticed()
    {
        Write(1 << 20, [ListedChunk.Of((1, 1), (2, 5)), ListedChunk.Of((7, 7))]);
        byte[] bytes = Chunks.File("000001").Content;
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            // The padding of the header means nothing.
            if (bit / 8 is >= 5 and < 8)
                continue;
            TsdbCorruptionException found = Assert.Throws<TsdbCorruptionException>(() => ReadAll(flipped));
            Assert.Equal("/data/chunks/000001", found.File);
        }

        ReadAll(bytes);
    }

    [Fact]
    public void Every_cut_is_noticed()
    {
        Write(1 << 20, [ListedChunk.Of((1, 1), (2, 5)), ListedChunk.Of((7, 7))]);
        byte[] bytes = Chunks.File("000001").Content;
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<TsdbCorruptionException>(() => ReadAll(bytes[..length]));
    }

    [Fact]
    public void Says_what_is_wrong_in_upstream_s_words()
    {
        Write(1 << 20, [ListedChunk.Of((1, 1))]);
        byte[] bytes = Chunks.File("000001").Content;
        Assert.Equal("invalid magic number 85bd40de", Message([.. Convert.FromHexString("85BD40DE01000000"), .. bytes[8..]], 8));
        Assert.Equal("invalid chunk format version 2", Message([.. Convert.FromHexString("85BD40DD02000000"), .. bytes[8..]], 8));
        Assert.Equal("invalid segment header in segment 0: invalid size", Message(bytes[..7], 8));
        Assert.Equal("segment index 3 out of range", Message(bytes, ChunkSegmentFormat.Reference(3, 8)));
        string tooShort = $"segment doesn't include enough bytes to read the chunk size data field - required:{bytes.Length + 4}, available:{bytes.Length}";
        Assert.Equal(tooShort, Message(bytes, (ulong)bytes.Length - 1));
        Assert.Equal("reading chunk length failed with 0", Message([.. bytes[..8], 255, 255, 255, 255, 255, 255], 8));
        string tooShortForData = $"segment doesn't include enough bytes to read the chunk - required:114, available:{bytes.Length}";
        Assert.Equal(tooShortForData, Message([.. bytes[..8], 100, .. bytes[9..]], 8));
        byte[] flipped = [.. bytes];
        flipped[^1] ^= 1;
        Assert.StartsWith("checksum mismatch expected:", Message(flipped, 8), StringComparison.Ordinal);
    }

    private static IEnumerable<int> Numbers(string text) => text.Split(' ').Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Upstream's steps: sizes are summed up with the longest length field; batches are cut before anything is written.</summary>
    private static List<long> UpstreamLengths(ListedChunk[][] series, int room)
    {
        var segments = new List<long>();
        foreach (ListedChunk[] chunks in series)
        {
            long position = segments.Count == 0 ? 0 : segments[^1];
            var batches = new List<List<ListedChunk>> { new() };
            long size = 0;
            bool isFirstBatch = true;
            for (int i = 0; i < chunks.Length; i++)
            {
                long chunkSize = 5 + 1 + chunks[i].Bytes.Length + 4;
                size += chunkSize;
                bool cuts = i != 0 && size + 8 > room;
                if (isFirstBatch && position > 8)
                {
                    cuts = size + position > room;
                    if (cuts)
                        isFirstBatch = false;
                }

                if (cuts)
                {
                    batches.Add([]);
                    size = chunkSize;
                }

                batches[^1].Add(chunks[i]);
            }

            if (chunks.Length == 0)
                continue;
            if (segments.Count == 0)
                segments.Add(8);
            for (int i = 0; i < batches.Count; i++)
            {
                if (i > 0)
                    segments.Add(8);
                segments[^1] += batches[i].Sum(chunk => Encoding.Varint.UvarintLength((ulong)chunk.Bytes.Length) + 1L + chunk.Bytes.Length + 4);
            }
        }

        return segments;
    }

    private long[] Lengths() => [.. Chunks.List().OrderBy(entry => entry.Name).Select(entry => entry.Length)];

    private void Write(long segmentBytes, params ListedChunk[][] series)
    {
        using var writer = new ChunkSegmentWriter(Chunks, segmentBytes);
        foreach (ListedChunk[] chunks in series)
            _references.AddRange(WriteSeries(writer, chunks));
        writer.Finish();
    }

    private static List<ulong> WriteSeries(ChunkSegmentWriter writer, ListedChunk[] chunks)
    {
        var references = new List<ulong>();
        writer.BeginSeries();
        foreach (ListedChunk chunk in chunks)
            references.Add(writer.Write(new SourceChunk(chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Encoding, chunk.Bytes)));
        return references;
    }

    private ChunkSegments Open()
    {
        _segments?.Dispose();
        return _segments = ChunkSegments.Open(_disk.Root);
    }

    private void ReadAll(byte[] bytes)
    {
        Chunks.File("000001").Content = bytes;
        using var reader = new ChunkReader(Open());
        foreach (ulong reference in _references)
            reader.Read(reference);
    }

    private string Message(byte[] bytes, ulong reference)
    {
        Chunks.File("000001").Content = bytes;
        return Assert.Throws<TsdbCorruptionException>(() =>
        {
            using var reader = new ChunkReader(Open());
            reader.Read(reference);
        }).Message;
    }
}
