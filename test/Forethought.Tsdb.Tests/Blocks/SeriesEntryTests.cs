using Forethought.Tsdb.Blocks;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>Entries of series made by hand from upstream's <c>tsdb/docs/format/index.md</c>.</summary>
public sealed class SeriesEntryTests
{
    // Two labels (1=2, 300=4); two chunks: from -1 for 10 at 8, then 5 behind that for 0, 3 lower.
    private const string Entry = "02" + "0102" + "AC0204" + "02" + "010A08" + "050005";

    [Fact]
    public void Labels_and_chunks_are_read()
    {
        Assert.Equal("1=2 300=4 | 8:-1..9 5:14..14", Describe(Entry));
        Assert.Equal("", Describe("00" + "00"));
        Assert.Equal("1=2", Describe("01" + "0102" + "00"));
    }

    [Fact]
    public void Times_and_references_go_to_the_ends_of_their_ranges()
    {
        // From the first time there is to the last; a reference with all bits set, and the one behind it.
        Assert.Equal(
            $"| {ulong.MaxValue}:{long.MinValue}..{long.MaxValue}",
            Describe("00" + "01" + "FFFFFFFFFFFFFFFFFF01" + "FFFFFFFFFFFFFFFFFF01" + "FFFFFFFFFFFFFFFFFF01"));
        Assert.Equal("| 4294967296:0..0 4294967304:1..1", Describe("00" + "02" + "00" + "00" + "8080808010" + "01" + "00" + "10"));
    }

    [Fact]
    public void Cut_anywhere_an_entry_is_damage()
    {
        for (int length = 0; length < Entry.Length; length += 2)
            Assert.Throws<TsdbCorruptionException>(() => Describe(Entry[..length]));
    }

    [Theory]
    [InlineData("FFFFFFFF0F")]
    [InlineData("03" + "0102" + "0102")]
    [InlineData("00" + "FFFFFFFF0F")]
    [InlineData("00" + "02" + "010A08" + "05")]
    [InlineData("01" + "FFFFFFFF1F" + "02")]
    [InlineData("01" + "01" + "8080808010")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    public void Counts_beyond_the_bytes_and_symbols_beyond_32_bits_are_damage(string hex) =>
        Assert.Throws<TsdbCorruptionException>(() => Describe(hex + "00"));

    private static string Describe(string hex)
    {
        var entry = new SeriesEntry(Convert.FromHexString(hex));
        var texts = new List<string>();
        while (entry.NextLabel(out uint name, out uint value))
            texts.Add($"{name}={value}");
        var chunks = new List<ChunkMeta>();
        entry.ReadChunks(chunks);
        if (chunks.Count > 0)
            texts.Add("|");
        texts.AddRange(chunks.Select(chunk => $"{chunk.Reference}:{chunk.MinTimeMs}..{chunk.MaxTimeMs}"));
        return string.Join(' ', texts);
    }
}
