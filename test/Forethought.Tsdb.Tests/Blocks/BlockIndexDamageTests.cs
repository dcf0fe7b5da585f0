using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Xunit;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>What is not an index is refused with its place, never trusted with time or memory.</summary>
public sealed class BlockIndexDamageTests
{
    private const int HeaderBytes = 5;
    private const int TocBytes = 52;

    private readonly MemoryDisk _disk = new();
    private readonly byte[] _index;

    public BlockIndexDamageTests()
    {
        using (var writer = new BlockIndexWriter(_disk.Root))
        {
            Labels[] series = [.. Enumerable.Range(0, 40).Select(i => Labels.FromStrings("__name__", "m", "i", $"{i:D2}", "job", $"{i % 3}")).Order()];
            foreach (byte[] symbol in ChunkList.SymbolsOf(series.Select(labels => labels.Packed.ToArray())))
                writer.AddSymbol(symbol);
            for (int i = 0; i < series.Length; i++)
                writer.AddSeries(series[i].Packed, [new ChunkMeta((ulong)(8 + 20 * i), i, i + 5), new ChunkMeta((ulong)(18 + 20 * i), i + 6, i + 9)]);
            writer.Finish();
        }

        _index = _disk.Root.File("index").Content;
    }

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
    public void Mutated_under_right_checksums_it_is_read_or_damage()
    {
        Random random = Fuzz.Random(60);
        for (int round = 0; round < Fuzz.Rounds(6000); round++)
        {
            byte[] mutated = [.. _index];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                // Small numbers, and codes with high bits, do more harm than others.
                int at = random.Next(2) == 0 ? mutated.Length - 1 - random.Next(200) : random.Next(mutated.Length);
                mutated[at] = random.Next(3) switch { 0 => (byte)random.Next(6), 1 => 0xff, _ => (byte)random.Next(256) };
            }

            Seal(mutated);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? failure = Record.Exception(() => ReadAll(mutated));
            Assert.True(failure is null or TsdbCorruptionException, $"round {round}: {failure}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
        }
    }

    [Fact]
    public void An_index_of_version_1_mutated_is_read_or_damage()
    {
        byte[] index = File.ReadAllBytes(Conformance.Path("tsdb/index_format_v1/index"));
        ReadAll(index);
        Random random = Fuzz.Random(61);
        for (int round = 0; round < Fuzz.Rounds(1500); round++)
        {
            byte[] mutated = [.. index];
            for (int i = random.Next(1, 6); i > 0; i--)
                mutated[random.Next(5, mutated.Length)] = (byte)random.Next(256);
            Seal(mutated);
            Exception? failure = Record.Exception(() => ReadAll(mutated));
            Assert.True(failure is null or TsdbCorruptionException, $"round {round}: {failure}");
        }

        for (int length = 0; length < index.Length; length += 7)
            Assert.Throws<TsdbCorruptionException>(() => ReadAll(index[..length]));
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
        IndexToc toc = Toc(_index);
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
        Seal(changed);
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
        _disk.Root.File("index").Content = _index;
        using BlockIndex index = BlockIndex.Open(_disk.Root);
        Assert.Throws<TsdbCorruptionException>(() => index.ReadSeries(reference, new BlockSeries()));
        Assert.Throws<TsdbCorruptionException>(() => index.TryFindValue(reference, 0, out _));
        Assert.Throws<TsdbCorruptionException>(() => index.CollectNames(reference, []));
    }

    private static IndexToc Toc(byte[] index)
    {
        long At(int i) => BinaryPrimitives.ReadInt64BigEndian(index.AsSpan(index.Length - TocBytes + 8 * i));
        return new IndexToc(At(0), At(1), At(2), At(3), At(4), At(5));
    }

    private bool IsPadding(int at)
    {
        IndexToc toc = Toc(_index);
        bool isSeries = at >= toc.Series && at < toc.LabelIndices;
        return (isSeries && !SeriesExtents().Any(extent => at >= extent.Start && at < extent.End)) || (at >= toc.Postings && at < (toc.Postings + 3) / 4 * 4);
    }

    private List<(long Start, long End)> SeriesExtents()
    {
        var extents = new List<(long, long)>();
        IndexToc toc = Toc(_index);
        for (long at = (toc.Series + 15) / 16 * 16; at < toc.LabelIndices; at = (extents[^1].Item2 + 15) / 16 * 16)
            extents.Add((at, at + 1 + _index[at] + 4));
        return extents;
    }

    /// <summary>Puts right checksums where sections end by what the bytes now say.</summary>
    private static void Seal(byte[] index)
    {
        IndexToc toc = Toc(index);
        SealToc(index);
        SealSection(index, toc.Symbols);
        SealSection(index, toc.PostingsTable);
        int alignment = index[4] == 1 ? 1 : 16;
        for (long at = (toc.Series + alignment - 1) / alignment * alignment; at >= 0 && at < toc.LabelIndices && at < index.Length - TocBytes;)
        {
            if (!Varint.TryReadUvarint(index.AsSpan((int)at), out ulong length, out int prefix) || length > (ulong)index.Length)
                break;
            SealRange(index, at + prefix, (long)length);
            at = (at + prefix + (long)length + 4 + alignment - 1) / alignment * alignment;
        }

        for (long at = (toc.Postings + 3) / 4 * 4; at >= 0 && at < toc.LabelIndicesTable && at < index.Length - TocBytes;)
            at += 8 + SealSection(index, at);
    }

    private static void SealToc(byte[] index) =>
        BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan(index.Length - 4), Crc32C.Compute(index.AsSpan(index.Length - TocBytes, TocBytes - 4)));

    private static long SealSection(byte[] index, long at)
    {
        if (at < HeaderBytes || at > index.Length - TocBytes - 4)
            return index.Length;
        long length = BinaryPrimitives.ReadUInt32BigEndian(index.AsSpan((int)at));
        SealRange(index, at + 4, length);
        return length;
    }

    private static void SealRange(byte[] index, long start, long length)
    {
        if (start + length + 4 <= index.Length - TocBytes)
            BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan((int)(start + length)), Crc32C.Compute(index.AsSpan((int)start, (int)length)));
    }

    private void ReadAll(byte[] bytes)
    {
        _disk.Root.File("index").Content = bytes;
        using BlockIndex index = BlockIndex.Open(_disk.Root);
        var series = new BlockSeries();
        for (int i = 0; i < index.AllPostings().Count; i++)
            index.ReadSeries(index.AllPostings()[i], series);
        for (int name = 0; name < index.Pairs.NameCount; name++)
        {
            for (PostingsTable.ValueCursor values = index.Pairs.Values(name); values.MoveNext();)
                index.PostingsAt(values.PostingsOffset);
        }

        foreach (ReadOnlyMemory<byte> symbol in index.Symbols.All())
            index.Symbols.TryFind(symbol.Span, out _);
        var selector = new BlockSelector(index);
        selector.Select([new Matcher(MatchType.RegexMatch, "i", ".*3.*")]);
        selector.Select([new Matcher(MatchType.Equal, "job", "1"), new Matcher(MatchType.NotEqual, "i", "07")]);
        selector.Select([new Matcher(MatchType.RegexMatch, "i", "0.+"), new Matcher(MatchType.RegexNotMatch, "job", "1|2")]);
    }
}
