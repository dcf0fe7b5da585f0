using Forethought.Encoding;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>Commits of recognisable records, and what a log holds of them.</summary>
internal static class WalFixture
{
    public static WalOptions Options(int pages = 2, WalCompression compression = WalCompression.None) =>
        new() { SegmentSize = pages * WalFormat.PageSize, Compression = compression };

    /// <summary>A record: a type, then bytes that follow from the seed, so that every record differs and none compresses.</summary>
    public static byte[] Record(int seed, int length)
    {
        byte[] record = new byte[length];
        new Random(seed).NextBytes(record);
        record[0] = (byte)WalRecordType.Samples;
        return record;
    }

    public static RecordBuffer Commit(params ReadOnlySpan<byte[]> records)
    {
        var buffer = new RecordBuffer();
        foreach (byte[] record in records)
        {
            record.CopyTo(buffer.Reserve(record.Length));
            buffer.Advance(record.Length);
            buffer.End();
        }

        return buffer;
    }

    public static void Write(WalWriter writer, params ReadOnlySpan<byte[]> records)
    {
        if (!writer.TryStage(Commit(records)))
            throw new InvalidOperationException("nothing was staged before");
        writer.WriteStaged();
    }

    /// <summary>Length, beginning and checksum: enough to tell records apart where many large ones are compared.</summary>
    public static string Summary(byte[] record) =>
        $"{record.Length} {Convert.ToHexString(record, 0, Math.Min(record.Length, 8))} {Crc32C.Compute(record):x8}";

    /// <summary>All records up to the first damage, as hexadecimal, and the damage.</summary>
    public static (List<string> Records, TsdbCorruptionException? Damage) ReadAll(IStorageDirectory directory) =>
        ReadAll(directory, Convert.ToHexString);

    /// <summary>All records up to the first damage, described, and the damage.</summary>
    public static (List<string> Records, TsdbCorruptionException? Damage) ReadAll(
        IStorageDirectory directory, Func<byte[], string> describe)
    {
        var records = new List<string>();
        using var reader = new WalReader(new WalRange(directory));
        try
        {
            while (reader.TryRead(out ReadOnlySpan<byte> record))
                records.Add(describe(record.ToArray()));
        }
        catch (TsdbCorruptionException e)
        {
            return (records, e);
        }

        return (records, null);
    }
}
