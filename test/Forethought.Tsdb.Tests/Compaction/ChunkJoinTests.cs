using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Memory;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

public sealed class ChunkJoinTests : IDisposable
{
    private readonly ChunkMerge _merge = new(new NativeAllocator(), new ChunkMergeOptions(ChunkEncoding.Xor, JoinsSmallChunks: true));

    public void Dispose() => _merge.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("1 2", "1 2")]
    [InlineData("1 2 | 3 | 4 5", "1 2 3 4 5")]
    [InlineData("1@1 | 2@1 | 3@2", "1@1 2@1 3@2")]
    [InlineData("1 | 2@1 | 3@1 | 4", "1 | 2@1 3@1 | 4")]
    [InlineData("1=h | 2=h | 3 | 4 | 5=H | 6=H", "1=h | 2=h | 3 4 | 5=H | 6=H")]
    [InlineData("1 3 + 2 | 5 | 6", "1 2 3 5 6")]
    public void Neighbours_of_one_float_encoding_are_joined(string sources, string chunks) =>
        Assert.Equal(chunks, ChunkText.Describe(Merge(ChunkText.Sources(sources))));

    [Fact]
    public void A_joined_chunk_has_240_samples_at_most()
    {
        IEnumerable<string> chunks = Enumerable.Range(0, 9).Select(i => string.Join(' ', Enumerable.Range(120 * i, 120)));
        List<ListedChunks.Item> joined = Merge([ChunkText.Chunks(string.Join(" | ", chunks))]);
        Assert.Equal([240, 240, 240, 240, 120], joined.Select(chunk => ChunkHeader.ReadSampleCount(chunk.Bytes)));
    }

    [Fact]
    public void Joined_chunks_of_the_longest_samples_have_4_kibibytes_at_most()
    {
        var random = new Random(81);
        long time = 0;
        string text = string.Join(" | ", Enumerable.Range(0, 8).Select(_ => string.Join(' ', Enumerable.Range(0, 120).Select(_ =>
            $"{time += 1 + random.NextInt64(1L << 40)}={random.NextDouble() * Math.Pow(10, random.Next(-300, 300)):R}"))));
        List<ListedChunks.Item> source = ChunkText.Chunks(text);
        List<ListedChunks.Item> joined = Merge([source]);
        Assert.Equal([240, 240, 240, 240], joined.Select(chunk => ChunkHeader.ReadSampleCount(chunk.Bytes)));
        Assert.All(joined, chunk => Assert.InRange(chunk.Bytes.Length, 3600, 4096));
        Assert.Equal(ChunkText.Describe(source).Replace(" |", "", StringComparison.Ordinal), ChunkText.Describe(joined).Replace(" |", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chunk_with_nothing_to_join_is_passed_on_byte_for_byte()
    {
        List<ListedChunks.Item> source = ChunkText.Chunks("1 2 | 3=h | 4 5");
        Assert.Equal(source.Select(chunk => Convert.ToHexString(chunk.Bytes)), Merge([source]).Select(chunk => Convert.ToHexString(chunk.Bytes)));
    }

    private List<ListedChunks.Item> Merge(IEnumerable<List<ListedChunks.Item>> sources)
    {
        _merge.Start();
        foreach (List<ListedChunks.Item> source in sources)
            _merge.Add(new ListedChunks(source), []);
        var chunks = new List<ListedChunks.Item>();
        while (_merge.Next(out SourceChunk chunk))
            chunks.Add(ListedChunks.Item.Copy(chunk));
        return chunks;
    }
}
