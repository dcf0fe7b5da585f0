using Forethought.Testing;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Wal;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>
/// Segments of a log, damaged, their records plain or compressed: what can be read is read, and after the repair it is all there is.
/// </summary>
public sealed class HostileLogTests
{
    private const string Segment = "00000000";

    private readonly List<string> _records = [];

    public static TheoryData<int> Compressions => [(int)WalCompression.None, (int)WalCompression.Snappy, (int)WalCompression.Zstd];

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Segments_cut_anywhere_are_repaired(int compression) => Input((WalCompression)compression, isLong: false).Cut();

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Mutated_segments_are_repaired(int compression)
    {
        Input((WalCompression)compression, isLong: false).Mutate(310 + compression, 2000);
        Input((WalCompression)compression, isLong: true).Mutate(320 + compression, 100);
    }

    // A frame of zstd may say in four bytes that a byte repeats 128 KiB long, which is what compression is for.
    private HostileInput Input(WalCompression compression, bool isLong) => new()
    {
        Seeds = [Write(compression, isLong)],
        Seal = LogChecksums.Seal,
        Decode = Read,
        IsDocumented = _ => false,
        AllocatedAlways = 4 << 20,
    };

    private void Read(byte[] segment)
    {
        var disk = new MemoryDisk();
        StoredFiles.Put(disk, "wal/" + Segment, segment);
        disk.ReadsLeft = 64 + segment.Length / 16;
        TsdbCorruptionException? damage = ReadRecords(disk);
        if (damage is null)
            return;
        Assert.Equal(0, damage.Segment);
        // A page that is not whole is read as if zeros followed.
        Assert.InRange(damage.Offset, 0, segment.Length + WalFormat.PageSize);
        string[] before = [.. _records];
        WalRepair.Repair(disk.Log, damage);
        Assert.Null(ReadRecords(disk));
        Assert.Equal(before, _records);
    }

    private TsdbCorruptionException? ReadRecords(MemoryDisk disk)
    {
        _records.Clear();
        using var reader = new WalReader(new WalRange(disk.Log));
        try
        {
            while (reader.TryRead(out ReadOnlySpan<byte> record))
                _records.Add($"{record.Length} {Encoding.Crc32C.Compute(record)}");
            return null;
        }
        catch (TsdbCorruptionException e)
        {
            return e;
        }
    }

    // Long ones go over several pages.
    private static byte[] Write(WalCompression compression, bool isLong)
    {
        var disk = new MemoryDisk();
        using (var writer = new WalWriter(disk.Log, new WalOptions { Compression = compression }))
        {
            foreach (byte[] record in RecordSeeds.OfLogs())
                WalFixture.Write(writer, isLong ? [.. record, .. WalFixture.Record(7, 20_000), .. new byte[20_000]] : record);
            writer.Close();
        }

        byte[] written = disk.Log.File(Segment).Content;
        return isLong ? written : written[..(Array.FindLastIndex(written, value => value != 0) + 1)];
    }
}
