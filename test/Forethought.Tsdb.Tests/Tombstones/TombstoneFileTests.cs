using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Forethought.Encoding;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tombstones;
using Xunit;

namespace Forethought.Tsdb.Tests.Tombstones;

public sealed class TombstoneFileTests
{
    // Written by upstream: three series, whose first hour is deleted.
    private const string Written =
        "0130BA300121D8F5D0FDF96280A9A5FFF96256D0F5D0FDF96280A9A5FFF96270C2F5D0FDF96280A9A5FFF9620BE1138B";

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Reads_what_upstream_wrote()
    {
        Put(Convert.FromHexString(Written));
        TombstoneSet tombstones = TombstoneFile.Read(_disk.Root, out long size);
        Assert.Equal(48, size);
        Assert.Equal(3, tombstones.Count);
        Assert.Equal([0x21, 0x56, 0x70], tombstones.Series.Select(series => series.Key));
        Assert.Equal([new TimeInterval(1_699_999_260_012, 1_700_001_000_000)], tombstones[0x21].ToArray());
        Assert.Empty(tombstones[0x22].ToArray());
    }

    [Fact]
    public void Writes_the_bytes_that_upstream_writes()
    {
        Put(Convert.FromHexString(Written));
        TombstoneSet tombstones = TombstoneFile.Read(_disk.Root, out _);
        Assert.Equal(48, TombstoneFile.Write(_disk.Root, tombstones));
        Assert.Equal(Written, Convert.ToHexString(_disk.Root.File("tombstones").Content));
    }

    [Fact]
    public void A_file_without_intervals_is_header_and_checksum()
    {
        Assert.Equal(9, TombstoneFile.Write(_disk.Root, new TombstoneSet()));
        Assert.Equal("0130BA300100000000", Convert.ToHexString(_disk.Root.File("tombstones").Content));
        Assert.Equal(0, TombstoneFile.Read(_disk.Root, out long size).Count);
        Assert.Equal(9, size);
    }

    [Fact]
    public void Without_a_file_nothing_is_deleted()
    {
        Assert.Equal(0, TombstoneFile.Read(_disk.Root, out long size).Count);
        Assert.Equal(0, size);
    }

    [Fact]
    public void Intervals_survive_with_any_ends_and_references()
    {
        var written = new TombstoneSet();
        written.Add(ulong.MaxValue, new TimeInterval(long.MinValue, -5));
        written.Add(ulong.MaxValue, new TimeInterval(7, long.MaxValue));
        written.Add(0, new TimeInterval(0, 0));
        TombstoneFile.Write(_disk.Root, written);
        TombstoneSet read = TombstoneFile.Read(_disk.Root, out _);
        Assert.Equal([new TimeInterval(long.MinValue, -5), new TimeInterval(7, long.MaxValue)], read[ulong.MaxValue].ToArray());
        Assert.Equal([new TimeInterval(0, 0)], read[0].ToArray());
        Assert.Equal(3, read.Count);
    }

    [Fact]
    public void Every_bit_that_flips_and_every_cut_is_noticed()
    {
        byte[] bytes = Convert.FromHexString(Written);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Put(flipped);
            TsdbCorruptionException found = Assert.Throws<TsdbCorruptionException>(() => TombstoneFile.Read(_disk.Root, out _));
            Assert.Equal("/data/tombstones", found.File);
        }

        for (int length = 0; length < bytes.Length; length++)
        {
            Put(bytes[..length]);
            Assert.Throws<TsdbCorruptionException>(() => TombstoneFile.Read(_disk.Root, out _));
        }
    }

    // Header, bytes, their checksum.
    [Theory]
    [InlineData("21D8", "read tombstones: invalid size")]
    [InlineData("2102", "read tombstones: invalid size")]
    [InlineData("210204FFFFFFFFFFFFFFFFFFFF", "read tombstones: invalid size")]
    public void Intervals_that_end_too_early_are_noticed(string intervals, string message)
    {
        byte[] body = Convert.FromHexString(intervals);
        byte[] sum = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(sum, Encoding.Crc32C.Compute(body));
        Put([.. Convert.FromHexString("0130BA3001"), .. body, .. sum]);
        Assert.Equal(message, Assert.Throws<TsdbCorruptionException>(() => TombstoneFile.Read(_disk.Root, out _)).Message);
    }

    [Theory]
    [InlineData("0130BA3101 00000000", "invalid magic number 130ba31")]
    [InlineData("0130BA3002 00000000", "invalid tombstone format 2")]
    [InlineData("0130BA3001 00000001", "checksum did not match")]
    [InlineData("0130BA3001", "tombstones header: invalid size")]
    public void Says_what_is_wrong_in_upstream_s_words(string bytes, string message)
    {
        Put(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(message, Assert.Throws<TsdbCorruptionException>(() => TombstoneFile.Read(_disk.Root, out _)).Message);
    }

    [Fact]
    public void A_power_loss_at_any_operation_leaves_the_old_file_or_the_new_one()
    {
        for (int n = 0; ; n++)
        {
            int at = n;
            var disk = new MemoryDisk();
            var old = new TombstoneSet();
            old.Add(1, new TimeInterval(1, 2));
            TombstoneFile.Write(disk.Root, old);
            int before = disk.Journal.Count;
            disk.Fault = (number, _) => number == at ? new DiskFault(3, Crashes: true) : null;
            var added = new TombstoneSet();
            added.Add(1, new TimeInterval(1, 9));
            Exception? failure = Record.Exception(() => TombstoneFile.Write(disk.Root, added));
            disk.Restart(losesUnsynced: true);
            TimeInterval found = Assert.Single(TombstoneFile.Read(disk.Root, out _)[1].ToArray());
            if (failure is null)
            {
                Assert.Equal(9, found.MaxTimeMs);
                Assert.True(disk.Journal.Count - before > 3);
                return;
            }

            Assert.IsType<IOException>(failure);
            Assert.Contains(found.MaxTimeMs, (long[])[2, 9]);
        }
    }

    private void Put(byte[] bytes) => _disk.Root.Create("tombstones").Write(bytes, 0);

    /// <summary>Upstream writes deletions in no order. Were each put before all others, so many would take hours.</summary>
    [Fact]
    public void Deletions_in_descending_order_are_read_like_any_others()
    {
        const int Count = 400_000;
        var bytes = new List<byte>(Count * 6) { 0x01, 0x30, 0xBA, 0x30, 1 };
        byte[] number = new byte[Varint.MaxLength];
        for (int i = Count; i > 0; i--)
        {
            bytes.Add(7);
            for (int end = 0; end < 2; end++)
                bytes.AddRange(number.AsSpan(0, Varint.WriteVarint(number, 3L * i + end)));
        }

        byte[] checksum = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32C.Compute(CollectionsMarshal.AsSpan(bytes)[5..]));
        var disk = new MemoryDisk();
        disk.Root.Create("tombstones").Write([.. bytes, .. checksum], 0);
        TombstoneSet read = TombstoneFile.Read(disk.Root, out _);
        Assert.Equal(Count, read.Count);
        Assert.Equal([new TimeInterval(3, 4), new TimeInterval(6, 7)], read[7][..2].ToArray());
    }
}
