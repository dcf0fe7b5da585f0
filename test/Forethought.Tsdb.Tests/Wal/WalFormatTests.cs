using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class WalFormatTests
{
    [Theory]
    [InlineData("00000000", 0)]
    [InlineData("00000042", 42)]
    [InlineData("123456789", 123456789)]
    [InlineData("7", 7)]
    public void Names_of_digits_are_segments(string name, int segment)
    {
        Assert.True(WalFormat.TryParseSegment(name, out int parsed));
        Assert.Equal(segment, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1a")]
    [InlineData("00000001.repair")]
    [InlineData("checkpoint.00000001")]
    [InlineData("99999999999")]
    public void Other_names_are_not(string name) => Assert.False(WalFormat.TryParseSegment(name, out _));

    [Fact]
    public void Segments_are_listed_in_order_of_their_numbers_and_others_passed_over()
    {
        var disk = new MemoryDisk();
        foreach (string name in new[] { "00000011", "00000009", "00000010", "lock", "series_state.json" })
            disk.Root.Create(name);
        disk.Root.GetDirectory("checkpoint.00000008").Create("00000000").Write("abc"u8, 0);
        Assert.Equal([9, 10, 11], WalSegments.List(disk.Root));
        Assert.Equal(3, WalSegments.SizeOf(disk.Root));
        Assert.Equal(2, WalSegments.DeleteBefore(disk.Root, 11));
        Assert.Equal([11], WalSegments.List(disk.Root));
        Assert.Equal(8, WalCheckpoints.FindLast(disk.Root));
    }

    [Fact]
    public void An_empty_directory_has_neither_segments_nor_checkpoints()
    {
        var disk = new MemoryDisk();
        Assert.Empty(WalSegments.List(disk.Root));
        Assert.Null(WalCheckpoints.FindLast(disk.Root));
        using var reader = new WalReader(new WalRange(disk.Root));
        Assert.False(reader.TryRead(out ReadOnlySpan<byte> record));
        Assert.True(record.IsEmpty);
        Assert.Equal(-1, reader.Segment);
    }

    [Theory]
    // Where a record of a length ends that begins at a position, by hand: 7 bytes of header a fragment, pages of 32768.
    [InlineData(0, 0, 7)]
    [InlineData(0, 1, 8)]
    [InlineData(0, 32761, 32768)]
    [InlineData(0, 32762, 32768 + 8)]
    [InlineData(0, 32755, 32768)] // six bytes are left: padding
    [InlineData(0, 32754, 32761)] // seven bytes are left: a header fits
    [InlineData(32761, 5, 32768 + 12)] // a fragment without content, then five bytes
    [InlineData(100, 70000, 70100 + 3 * 7)]
    public void The_end_of_a_record_is_known_before_it_is_written(long position, int length, long end)
    {
        Assert.Equal(end, WalFormat.EndAfter(position, length));
    }

    [Fact]
    public void The_writer_ends_where_the_format_says()
    {
        var random = new Random(17);
        var disk = new MemoryDisk();
        using var writer = new WalWriter(disk.Root, WalFixture.Options(pages: 64));
        for (int i = 0; i < 200; i++)
        {
            int length = 1 + random.Next(random.Next(3) == 0 ? 40_000 : 300);
            long expected = WalFormat.EndAfter(writer.Position, length);
            if (expected > 64 * WalFormat.PageSize)
                break;
            WalFixture.Write(writer, WalFixture.Record(i, length));
            Assert.Equal(expected, writer.Position);
            Assert.Equal(expected, disk.Root.File("00000000").Length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32768 + 1)]
    [InlineData(0)]
    public void Segments_are_whole_pages(int size) =>
        Assert.ThrowsAny<ArgumentException>(() => new WalWriter(new MemoryDisk().Root, new WalOptions { SegmentSize = size }));

    [Fact]
    public void A_fragment_that_crosses_its_page_is_damage()
    {
        var disk = new MemoryDisk();
        using (var writer = new WalWriter(disk.Root, WalFixture.Options(pages: 4)))
        {
            WalFixture.Write(writer, WalFixture.Record(1, 32_700));
            WalFixture.Write(writer, WalFixture.Record(2, 500));
        }

        // The second record's first fragment says that it is 500 bytes long, 439 of them in the next page.
        byte[] content = disk.Root.File("00000000").Content;
        content[32_707 + 1] = 500 >> 8;
        content[32_707 + 2] = 500 & 255;
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(disk.Root);
        Assert.Single(records);
        Assert.Equal((32_707, false), (damage!.Offset, damage.IsTornTail));
    }

    [Fact]
    public void A_header_in_the_last_six_bytes_of_a_page_is_damage()
    {
        var disk = new MemoryDisk();
        using (var writer = new WalWriter(disk.Root, WalFixture.Options(pages: 4)))
        {
            WalFixture.Write(writer, WalFixture.Record(1, 32_755));
            WalFixture.Write(writer, WalFixture.Record(2, 10));
        }

        disk.Root.File("00000000").Content[32_762] = WalFormat.Full;
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(disk.Root);
        Assert.Single(records);
        Assert.Equal((32_762, "a header of 7 bytes", "6 bytes"), (damage!.Offset, damage.Expected, damage.Actual));
    }
}
