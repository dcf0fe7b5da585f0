using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>What is not an index is refused with its place, never trusted with time or memory.</summary>
public sealed class BlockIndexDamageTests
{
    private readonly byte[] _index = IndexContent.Write();

    [Fact]
    public void Cut_at_any_byte_it_is_damage()
    {
        ReadAll(_index);
        for (int length = 0; length < _index.Length; length++)
        {
            TsdbCorruptionException found = Assert.Throws<TsdbCorruptionException>(() => ReadAll(_index[..length]));
            Assert.Equal("/data/index", found.File);
        }
    }

    [Fact]
    public void Every_bit_that_flips_is_noticed_by_who_reads_it_all()
    {
        for (int at = 0; at < _index.Length; at++)
        {
            if (IsPadding(at))
                continue;
            byte[] flipped = [.. _index];
            flipped[at] ^= (byte)(1 << (at % 8));
            Exception? failure = Record.Exception(() => ReadAll(flipped));
            Assert.True(failure is TsdbCorruptionException { File: "/data/index" }, $"{at} of {_index.Length}: {failure}");
        }
    }

    [Fact]
    public void Version_3_is_read_like_version_2()
    {
        byte[] changed = [.. _index];
        changed[4] = 3;
        ReadAll(changed);
    }

    [Theory]
    [InlineData(0, "invalid magic number aaaad700")]
    [InlineData(4, "unknown index file version 18")]
    public void Says_what_is_wrong_in_upstream_s_words(int at, string message)
    {
        byte[] changed = [.. _index];
        changed[at] ^= 0x10;
        Assert.Equal(message, Assert.Throws<TsdbCorruptionException>(() => ReadAll(changed)).Message);
    }

    [Fact]
    public void Names_the_damaged_part()
    {
        IndexToc toc = IndexChecksums.Toc(_index);
        (long At, string Message)[] parts =
        [
            (toc.Symbols + 9, "read symbols: invalid checksum"),
            (toc.PostingsTable + 9, "read postings table: invalid checksum"),
            (_index.Length - 20, "read TOC: invalid checksum"),
            (toc.Postings + 14, "decode postings: invalid checksum"),
        ];
        foreach ((long at, string message) in parts)
        {
            byte[] changed = [.. _index];
            changed[at] ^= 1;
            Assert.Equal(message, Assert.Throws<TsdbCorruptionException>(() => ReadAll(changed)).Message);
        }
    }

    [Fact]
    public void A_table_out_of_order_is_damage()
    {
        // The values "00" and "01" of i, one behind the other, change places.
        byte[] changed = [.. _index];
        int zero = _index.AsSpan().LastIndexOf("\u0001i\u000200"u8);
        changed[zero + 4] = (byte)'9';
        IndexChecksums.Seal(changed);
        TsdbCorruptionException found = Assert.Throws<TsdbCorruptionException>(() => ReadAll(changed));
        Assert.Equal("read postings table: postings offset table is not in order", found.Message);
        Assert.InRange(found.Offset, zero - 40, zero + 40);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(5U)]
    [InlineData(0x0fff_ffffU)]
    [InlineData(uint.MaxValue)]
    public void A_reference_to_no_series_is_damage(uint reference)
    {
        var disk = new MemoryDisk();
        disk.Root.Create("index").Write(_index, 0);
        using BlockIndex index = BlockIndex.Open(disk.Root);
        Assert.Throws<TsdbCorruptionException>(() => index.ReadSeries(reference, new BlockSeries()));
        Assert.Throws<TsdbCorruptionException>(() => index.TryFindValue(reference, 0, out _));
        Assert.Throws<TsdbCorruptionException>(() => index.CollectNames(reference, []));
    }

    private bool IsPadding(int at)
    {
        IndexToc toc = IndexChecksums.Toc(_index);
        bool isSeries = at >= toc.Series && at < toc.LabelIndices;
        return (isSeries && !SeriesExtents().Any(extent => at >= extent.Start && at < extent.End)) || (at >= toc.Postings && at < (toc.Postings + 3) / 4 * 4);
    }

    private List<(long Start, long End)> SeriesExtents()
    {
        var extents = new List<(long, long)>();
        IndexToc toc = IndexChecksums.Toc(_index);
        for (long at = (toc.Series + 15) / 16 * 16; at < toc.LabelIndices; at = (extents[^1].Item2 + 15) / 16 * 16)
            extents.Add((at, at + 1 + _index[at] + 4));
        return extents;
    }

    private static void ReadAll(byte[] bytes) => IndexContent.Read(bytes);
}
