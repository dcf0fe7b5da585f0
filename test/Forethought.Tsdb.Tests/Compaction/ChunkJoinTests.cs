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
    public void A_joined_chunk_has_480_samples_at_most()
    {
        IEnumerable<string> chunks = Enumerable.Range(0, 9).Select(i => string.Join(' ', Enumerable.Range(120 * i, 120)));
        List<ListedChunks.Item> joined = Merge([ChunkText.Chunks(string.Join(" | ", chunks))]);
        Assert.Equal([480, 480, 120], joined.Select(chunk => ChunkHeader.ReadSampleCount(chunk.Bytes)));
    }

    [Fact]
    public void Chunks_of_more_than_4_kibibytes_together_are_not_joined()
    {
        var random = new Random(81);
        string chunks = string.Join(" | ", Enumerable.Range(0, 8).Select(i =>
            string.Join(' ', Enumerable.Range(0, 110).Select(j => $"{1_000_000 * i + 5_000 * j + random.Next(3000)}={random.NextDouble():R}"))));
        List<ListedChunks.Item> source = ChunkText.Chunks(chunks);
        List<ListedChunks.Item> joined = Merge([source]);
        Assert.InRange(source.Min(chunk => chunk.Bytes.Length), 900, 1365);
        Assert.All(joined, chunk => Assert.InRange(chunk.Bytes.Length, 900, ChunkJoin.MaxBytes));
        Assert.InRange(joined.Count, 2, 4);
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
