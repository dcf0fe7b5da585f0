using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class WalReaderTests
{
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData("golden/index/xor/wal")]
    [InlineData("golden/index/xor2_st/wal")]
    public void Reads_segments_that_upstream_wrote(string path)
    {
        var types = new Dictionary<WalRecordType, int>();
        using var reader = new WalReader(new WalRange(Copy(Conformance.Path(path))));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            WalRecordType type = WalRecord.TypeOf(record);
            types[type] = types.GetValueOrDefault(type) + 1;
        }

        Assert.DoesNotContain(WalRecordType.Unknown, types.Keys);
        Assert.Contains(WalRecordType.Series, types.Keys);
        Assert.Contains(types.Keys, type => type is WalRecordType.Samples or WalRecordType.SamplesV2);
    }

    [Fact]
    public void Ranges_are_read_one_after_another()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            for (int i = 0; i < 5; i++)
            {
                WalFixture.Write(writer, WalFixture.Record(i, 20));
                writer.CutSegment();
            }
        }

        using var reader = new WalReader(new WalRange(_disk.Root, 3), new WalRange(_disk.Root, 0, 1));
        var read = new List<(int Segment, long From, long To)>();
        while (reader.TryRead(out _))
            read.Add((reader.Segment, reader.RecordOffset, reader.Offset));
        Assert.Equal([(3, 0, 27), (4, 0, 27), (0, 0, 27), (1, 0, 27)], read);
    }

    [Fact]
    public void A_reader_can_begin_behind_a_record()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
        {
            WalFixture.Write(writer, WalFixture.Record(1, 33_000));
            WalFixture.Write(writer, WalFixture.Record(2, 30));
        }

        using var reader = new WalReader(new WalRange(_disk.Root, FirstOffset: 33_014));
        Assert.True(reader.TryRead(out ReadOnlySpan<byte> record));
        Assert.Equal(WalFixture.Record(2, 30), record.ToArray());
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_reader_at_the_end_sees_what_is_written_later()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 8));
        using var reader = new WalReader(new WalRange(_disk.Root));
        for (int i = 0; i < 40; i++)
        {
            Assert.False(reader.TryRead(out _));
            WalFixture.Write(writer, WalFixture.Record(i, 1 + 331 * i));
            Assert.True(reader.TryRead(out ReadOnlySpan<byte> record));
            Assert.Equal(WalFixture.Record(i, 1 + 331 * i), record.ToArray());
        }
    }

    [Fact]
    public void A_reader_that_met_half_a_write_goes_on_when_the_rest_has_come()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 4)))
        {
            WalFixture.Write(writer, WalFixture.Record(1, 100));
            WalFixture.Write(writer, WalFixture.Record(2, 70_000));
        }

        MemoryFile file = _disk.Root.File("00000000");
        byte[] content = file.Content;
        foreach (int visible in new[] { 108, 114, 20_000, 32_768, 32_770, 60_000, content.Length - 1 })
        {
            file.Content = content[..visible];
            using var reader = new WalReader(new WalRange(_disk.Root));
            Assert.True(reader.TryRead(out _));
            for (int attempt = 0; attempt < 2; attempt++)
                Assert.True(Assert.Throws<TsdbCorruptionException>(() => reader.TryRead(out _)).IsTornTail);
            file.Content = content;
            Assert.True(reader.TryRead(out ReadOnlySpan<byte> record));
            Assert.Equal(WalFixture.Record(2, 70_000), record.ToArray());
        }
    }

    [Theory]
    // type, length, checksum wrong, then the reason of upstream's reader.
    [InlineData(5, 3, false, "unexpected record type 5")]
    [InlineData(3, 3, false, "unexpected middle record, dropping buffer")]
    [InlineData(4, 3, false, "unexpected last record, dropping buffer")]
    [InlineData(1, 40000, false, "invalid record size 40000")]
    [InlineData(1, 3, true, "unexpected checksum")]
    public void Damage_is_told_with_its_place(int type, int length, bool isWrongChecksum, string reason)
    {
        byte[] page = new byte[WalFormat.PageSize];
        Fragment(page, 0, WalFormat.Full, "abc"u8);
        Fragment(page, 10, (byte)type, "def"u8);
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(11), (ushort)length);
        if (isWrongChecksum)
            page[13] ^= 1;
        _disk.Root.Create("00000000").Write(page, 0);
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(_disk.Root);
        Assert.Equal(["616263"], records);
        Assert.StartsWith($"corruption in segment /data/00000000 at 10: {reason}", damage!.Message, StringComparison.Ordinal);
        Assert.Equal((0, 10, "/data/00000000"), (damage.Segment, damage.Offset, damage.File));
        Assert.False(damage.IsTornTail);
    }

    [Theory]
    [InlineData(WalFormat.Full, "unexpected full record")]
    [InlineData(WalFormat.First, "unexpected first record, dropping buffer")]
    public void A_record_that_begins_inside_another_is_damage(byte type, string reason)
    {
        byte[] page = new byte[WalFormat.PageSize];
        Fragment(page, 0, WalFormat.First, "abc"u8);
        Fragment(page, 10, type, "def"u8);
        _disk.Root.Create("00000000").Write(page, 0);
        Assert.EndsWith(reason, WalFixture.ReadAll(_disk.Root).Damage!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_must_be_zero()
    {
        byte[] page = new byte[WalFormat.PageSize];
        Fragment(page, 0, WalFormat.Full, "abc"u8);
        page[^1] = 1;
        _disk.Root.Create("00000000").Write(page, 0);
        TsdbCorruptionException damage = WalFixture.ReadAll(_disk.Root).Damage!;
        Assert.EndsWith("unexpected non-zero byte in padded page", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_pages_and_empty_segments_hold_nothing()
    {
        _disk.Root.Create("00000000").SetLength(3 * WalFormat.PageSize);
        _disk.Root.Create("00000001");
        Assert.Equal((0, null), (WalFixture.ReadAll(_disk.Root).Records.Count, WalFixture.ReadAll(_disk.Root).Damage));
    }

    [Fact]
    public void A_segment_cut_at_any_byte_gives_its_whole_records_and_a_torn_tail()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 4)))
        {
            WalFixture.Write(writer, WalFixture.Record(1, 32_000));
            WalFixture.Write(writer, WalFixture.Record(2, 2_000));
            WalFixture.Write(writer, WalFixture.Record(3, 50));
        }

        byte[] content = _disk.Root.File("00000000").Content;
        int[] ends = [0, 32_007, 34_021, 34_078];
        Assert.Equal(ends[^1], content.Length);
        for (int length = 31_990; length < content.Length; length++)
        {
            _disk.Root.File("00000000").Content = content[..length];
            (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(_disk.Root);
            Assert.Equal(ends.Count(end => end <= length) - 1, records.Count);
            Assert.Equal(!ends.Contains(length), damage is not null);
            Assert.True(damage?.IsTornTail ?? true);
        }
    }

    [Fact]
    public void Bits_flipped_anywhere_give_the_records_before_and_a_typed_error()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 4, WalCompression.Snappy)))
        {
            for (int i = 0; i < 40; i++)
                WalFixture.Write(writer, WalFixture.Record(i, 500), new byte[2000]);
        }

        byte[] content = _disk.Root.File("00000000").Content;
        List<string> whole = WalFixture.ReadAll(_disk.Root).Records;
        var random = new Random(99);
        for (int round = 0; round < 1000; round++)
        {
            byte[] damaged = [.. content];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            _disk.Root.File("00000000").Content = damaged;
            (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(_disk.Root);
            Assert.Equal(whole.Take(records.Count), records);
            Assert.True(damage is not null || records.Count == whole.Count, $"round {round}: records lost without a word");
        }
    }

    [Theory]
    [InlineData("FFFFFFFF0F00", "snappy: decoded block is too large")]
    [InlineData("8080808080", "snappy: corrupt input")]
    [InlineData("0500", "snappy: corrupt input")]
    public void Compressed_records_are_distrusted(string hex, string reason)
    {
        byte[] page = new byte[WalFormat.PageSize];
        Fragment(page, 0, WalFormat.Full | WalFormat.SnappyFlag, Convert.FromHexString(hex));
        _disk.Root.Create("00000000").Write(page, 0);
        Assert.EndsWith(reason, WalFixture.ReadAll(_disk.Root).Damage!.Message, StringComparison.Ordinal);
    }

    [Theory]
    // A frame by hand (RFC 8878): magic, a single segment of three bytes, one raw block.
    [InlineData("28B52FFD2003190000616263", "616263")]
    [InlineData("28B52FFD2004190000616263", null)]
    public void Records_compressed_by_zstd_are_read_and_distrusted(string hex, string? record)
    {
        byte[] page = new byte[WalFormat.PageSize];
        Fragment(page, 0, WalFormat.Full | WalFormat.ZstdFlag, Convert.FromHexString(hex));
        _disk.Root.Create("00000000").Write(page, 0);
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(_disk.Root);
        Assert.Equal(record is null ? [] : [record], records);
        Assert.Equal(record is null, damage is not null);
    }

    [Fact]
    public void A_finding_inside_a_record_is_located_at_the_record()
    {
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options()))
            WalFixture.Write(writer, WalFixture.Record(1, 20), WalFixture.Record(2, 20));
        using var reader = new WalReader(new WalRange(_disk.Root));
        reader.TryRead(out _);
        reader.TryRead(out _);
        TsdbCorruptionException located = reader.Locate(new TsdbCorruptionException("invalid size", 3, "8 bytes", "4 bytes"));
        Assert.Equal((0, 27), (located.Segment, located.Offset));
        Assert.Equal("corruption in segment /data/00000000 at 27: invalid size", located.Message);
    }

    private static void Fragment(byte[] page, int at, byte type, ReadOnlySpan<byte> content)
    {
        page[at] = type;
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(at + 1), (ushort)content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(page.AsSpan(at + 3), Crc32C.Compute(content));
        content.CopyTo(page.AsSpan(at + 7));
    }

    private MemoryDirectory Copy(string path)
    {
        foreach (string file in Directory.GetFiles(path))
            _disk.Root.Create(Path.GetFileName(file)).Write(File.ReadAllBytes(file), 0);
        return _disk.Root;
    }
}
