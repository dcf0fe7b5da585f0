using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class WalWriterTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void A_record_is_framed_by_type_length_and_checksum()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        WalFixture.Write(writer, "123456789"u8.ToArray());

        // The check value of CRC-32C is that of "123456789" (RFC 3720, appendix B.4).
        Assert.Equal("010009E3069283" + "313233343536373839", Convert.ToHexString(_disk.Root.File("00000000").Content));
    }

    [Fact]
    public void Records_are_cut_at_pages_and_the_tail_of_a_page_is_zero()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 4));
        // 32768 − 7 − 32751 = 10 bytes are left: a header and three bytes; then 32768 − 7 − 32757 = 4: too few for a header.
        WalFixture.Write(writer, WalFixture.Record(1, 32751));
        WalFixture.Write(writer, WalFixture.Record(2, 13));
        byte[] content = _disk.Root.File("00000000").Content;
        Assert.Equal(2, content[32758]);
        Assert.Equal(3, content[32760]);
        Assert.Equal(4, content[32768]);
        Assert.Equal(10, content[32770]);
        Assert.Equal(32768 + 17, content.Length);

        WalFixture.Write(writer, WalFixture.Record(3, 32768 - 17 - 7 - 4));
        Assert.Equal(2 * 32768, _disk.Root.File("00000000").Content.Length);
        Assert.Equal("00000000", Convert.ToHexString(_disk.Root.File("00000000").Content[^4..]));
    }

    [Theory]
    [InlineData(WalCompression.None)]
    [InlineData(WalCompression.Snappy)]
    [InlineData(WalCompression.Zstd)]
    public void What_was_written_is_read_whatever_the_sizes(WalCompression compression)
    {
        var random = new Random(7);
        var expected = new List<string>();
        using (var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 4, compression)))
        {
            for (int i = 0; i < 300; i++)
            {
                byte[] record = WalFixture.Record(i, 1 + (int)Math.Pow(10, random.NextDouble() * 5));
                if (i % 2 == 0)
                    record.AsSpan(1).Fill((byte)i);
                WalFixture.Write(writer, record);
                expected.Add(Convert.ToHexString(record));
            }

            writer.Close();
        }

        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(_disk.Root);
        Assert.Null(damage);
        Assert.Equal(expected, records);
        Assert.All(_disk.Root.List(), entry => Assert.Equal(0, entry.Length % WalFormat.PageSize));
    }

    [Theory]
    [InlineData(WalCompression.Snappy, WalFormat.SnappyFlag)]
    [InlineData(WalCompression.Zstd, WalFormat.ZstdFlag)]
    public void Compression_that_gains_nothing_is_left_out(WalCompression compression, byte flag)
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(compression: compression));
        WalFixture.Write(writer, WalFixture.Record(1, 50));
        Assert.Equal(WalFormat.Full, _disk.Root.File("00000000").Content[0]);
        WalFixture.Write(writer, new byte[5000]);
        Assert.Equal(WalFormat.Full | flag, _disk.Root.File("00000000").Content[57]);
        Assert.True(writer.Statistics.RecordBytesSaved > 4000);
    }

    [Fact]
    public void A_commit_that_does_not_fit_goes_whole_into_the_next_segment()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 2));
        WalFixture.Write(writer, WalFixture.Record(1, 40_000));
        WalFixture.Write(writer, WalFixture.Record(2, 10), WalFixture.Record(3, 30_000));
        Assert.Equal(1, writer.Segment);
        Assert.Equal(2 * WalFormat.PageSize, _disk.Root.File("00000000").Content.Length);
        Assert.Equal(30_000 + 10 + 14, _disk.Root.File("00000001").Content.Length);
    }

    [Fact]
    public void A_record_that_fills_the_segment_to_the_byte_stays_in_it()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 2));
        WalFixture.Write(writer, WalFixture.Record(1, 2 * WalFormat.MaxFragmentSize));
        Assert.Equal(0, writer.Segment);
        Assert.Equal(2 * WalFormat.PageSize, writer.Position);
        WalFixture.Write(writer, WalFixture.Record(2, 1));
        Assert.Equal(1, writer.Segment);
    }

    [Fact]
    public void A_record_larger_than_a_segment_gets_one_that_is_too_large()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 1));
        byte[] huge = WalFixture.Record(5, 100_000);
        WalFixture.Write(writer, WalFixture.Record(4, 10));
        WalFixture.Write(writer, huge);
        WalFixture.Write(writer, WalFixture.Record(6, 10));
        Assert.Equal(2, writer.Segment);
        Assert.Equal(Convert.ToHexString(huge), WalFixture.ReadAll(_disk.Root).Records[1]);
    }

    [Fact]
    public void A_commit_larger_than_a_segment_is_spread_over_several()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 1));
        byte[][] records = [.. Enumerable.Range(0, 10).Select(i => WalFixture.Record(i, 20_000))];
        WalFixture.Write(writer, records);
        Assert.Equal(9, writer.Segment);
        Assert.Equal(records.Select(Convert.ToHexString), WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public void Opening_starts_a_segment_behind_those_that_exist()
    {
        using (var first = new WalWriter(_disk.Root, WalFixture.Options()))
            WalFixture.Write(first, WalFixture.Record(1, 10));
        using var second = new WalWriter(_disk.Root, WalFixture.Options());
        Assert.Equal(1, second.Segment);
        Assert.Equal(17, _disk.Root.File("00000000").Content.Length);
    }

    [Fact]
    public void A_gap_between_segments_is_refused()
    {
        _disk.Root.Create("00000003");
        _disk.Root.Create("00000005");
        var e = Assert.Throws<Storage.StorageException>(() => new WalWriter(_disk.Root, WalFixture.Options()));
        Assert.Equal("segments are not sequential", e.Message);
    }

    [Fact]
    public void A_finished_segment_is_synced_and_so_is_its_directory()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        WalFixture.Write(writer, WalFixture.Record(1, 100));
        writer.CutSegment();
        WalFixture.Write(writer, WalFixture.Record(2, 100));
        _disk.Restart(losesUnsynced: true);
        Assert.Equal([Convert.ToHexString(WalFixture.Record(1, 100))], WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public void Syncing_in_the_background_reports_its_failure_at_the_next_flush()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options() with { SyncsInBackground = true });
        WalFixture.Write(writer, WalFixture.Record(1, 100));
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Sync ? new DiskFault() : null;
        writer.CutSegment();
        WalFixture.Write(writer, WalFixture.Record(2, 100));
        Assert.Throws<IOException>(writer.Sync);
        _disk.Fault = null;
        writer.Sync();
        Assert.Equal(2, WalFixture.ReadAll(_disk.Root).Records.Count);
    }

    [Fact]
    public void Fsync_times_are_reported()
    {
        var times = new List<TimeSpan>();
        WalOptions options = WalFixture.Options() with { Synced = times.Add, TimeProvider = new Testing.FakeTimeProvider() };
        using var writer = new WalWriter(_disk.Root, options);
        writer.CutSegment();
        writer.Sync();
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], times);
    }

    [Fact]
    public void A_full_disk_fails_the_commit_and_the_log_goes_on_when_there_is_space_again()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        WalFixture.Write(writer, WalFixture.Record(1, 100));
        _disk.FreeBytes = 50;
        Assert.Throws<IOException>(() => WalFixture.Write(writer, WalFixture.Record(2, 100)));
        Assert.Equal(107, _disk.Root.File("00000000").Content.Length);
        Assert.Equal(1, writer.Statistics.WritesFailed);
        WalFixture.Write(writer, WalFixture.Record(3, 40));
        _disk.FreeBytes = long.MaxValue;
        WalFixture.Write(writer, WalFixture.Record(4, 100));
        byte[][] expected = [WalFixture.Record(1, 100), WalFixture.Record(3, 40), WalFixture.Record(4, 100)];
        Assert.Equal(expected.Select(Convert.ToHexString), WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public void What_could_not_be_cut_off_at_once_is_cut_off_before_the_next_write()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        WalFixture.Write(writer, WalFixture.Record(1, 100));
        _disk.Fault = (_, operation) => new DiskFault(BytesDone: 60);
        Assert.Throws<IOException>(() => WalFixture.Write(writer, WalFixture.Record(2, 100)));
        Assert.Equal(167, _disk.Root.File("00000000").Content.Length);
        Assert.Throws<IOException>(() => WalFixture.Write(writer, WalFixture.Record(3, 100)));
        _disk.Fault = null;
        WalFixture.Write(writer, WalFixture.Record(4, 10));
        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(_disk.Root);
        Assert.Null(damage);
        Assert.Equal([Convert.ToHexString(WalFixture.Record(1, 100)), Convert.ToHexString(WalFixture.Record(4, 10))], records);
    }

    [Fact]
    public void Statistics_follow_the_segment()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        WalFixture.Write(writer, WalFixture.Record(1, 40_000));
        Assert.Equal((1, 1, 2, 40_014), (
            writer.Statistics.PageFlushes,
            writer.Statistics.CompletedPages,
            writer.Statistics.RecordPartWrites,
            writer.Statistics.RecordPartBytes));
        writer.CutSegment();
        Assert.Equal(1, writer.Statistics.CurrentSegment);
        Assert.Equal(2, writer.Statistics.CompletedPages);
    }
}
