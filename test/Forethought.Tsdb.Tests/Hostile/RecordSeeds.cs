using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Snapshots;
using Forethought.Tsdb.Tests.Chunks;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>Records of every type, some of each, as the log, the log of late samples and snapshots have them.</summary>
internal static class RecordSeeds
{
    private static readonly SeriesRef[] Series = [new(1), new(2), new(70_000), new(3)];
    private static readonly long[] Times = [1_700_000_000_000, 1_700_000_000_000, 1_700_000_015_000, 1_699_999_000_000];
    private static readonly long[] Starts = [1_600_000_000_000, 0, 1_600_000_000_000, 1_699_998_000_000];

    /// <summary>Records that a log may have.</summary>
    public static List<byte[]> OfLogs()
    {
        var buffer = new RecordBuffer();
        WriteSeries(buffer);
        WriteSamples(buffer);
        WriteHistograms(buffer);
        buffer.Begin(WalRecordType.Tombstones);
        TombstoneRecord.Write(buffer, Series[0], Times[3], Times[2]);
        TombstoneRecord.Write(buffer, Series[2], long.MinValue, long.MaxValue);
        buffer.End();
        WriteExemplars(buffer, (byte)WalRecordType.Exemplars);
        buffer.Begin(WalRecordType.Metadata);
        MetadataRecord.Write(buffer, Series[0], 1, "seconds"u8, "How long it took."u8);
        MetadataRecord.Write(buffer, Series[2], 3, default, "Help."u8);
        buffer.End();
        buffer.Begin(WalRecordType.MmapMarkers);
        MmapMarkerRecord.Write(buffer, Series[0], (1UL << 32) | 8);
        MmapMarkerRecord.Write(buffer, Series[1], (2UL << 32) | 800);
        buffer.End();
        return Records(buffer);
    }

    /// <summary>Records that a snapshot of the head may have.</summary>
    public static List<byte[]> OfSnapshots()
    {
        var buffer = new RecordBuffer();
        SnapshotSeries.WriteHead(buffer, 5, Labels.FromStrings("__name__", "up", "job", "x").Packed, hasChunk: false);
        buffer.End();
        var rows = new ChunkRows();
        (ChunkEncoding Encoding, byte[] Chunk)[] chunks =
        [
            (ChunkEncoding.Xor, ReferenceEncoders.Xor([(1000, 1.5), (2000, 2.5), (3000, 2.5)])),
            (ChunkEncoding.Xor2, ReferenceEncoders.Xor2([(1000, 500, 1.5), (2000, 500, 2.5)])),
            .. ChunkSeeds.Of(ChunkEncoding.Histogram).Take(3).Select(chunk => (ChunkEncoding.Histogram, chunk)),
            .. ChunkSeeds.Of(ChunkEncoding.FloatHistogramWithStartTimes).Take(3).Select(chunk => (ChunkEncoding.FloatHistogramWithStartTimes, chunk)),
        ];
        ulong reference = 6;
        foreach ((ChunkEncoding encoding, byte[] chunk) in chunks)
        {
            rows.Decode(encoding, chunk);
            SnapshotSeries.WriteHead(buffer, reference++, Labels.FromStrings("__name__", "m", "job", $"{reference}").Packed, hasChunk: true);
            SnapshotSeries.WriteChunk(buffer, rows.TimesMs[0], rows.TimesMs[^1], encoding, chunk, rows);
            buffer.End();
        }

        byte[] tombstones = [SnapshotWriter.TombstonesVersion, 6, 2, 4, 7, 2, 8];
        buffer.WriteByte((byte)SnapshotRecordType.Tombstones);
        buffer.WriteText(tombstones);
        buffer.End();
        WriteExemplars(buffer, (byte)SnapshotRecordType.Exemplars);
        return Records(buffer);
    }

    private static List<byte[]> Records(RecordBuffer buffer) => [.. Enumerable.Range(0, buffer.Count).Select(i => buffer[i].ToArray())];

    private static void WriteSeries(RecordBuffer buffer)
    {
        buffer.Begin(WalRecordType.Series);
        SeriesRecord.Write(buffer, Series[0], Labels.FromStrings("__name__", "up", "job", "x").Packed);
        SeriesRecord.Write(buffer, Series[1], Labels.FromStrings("__name__", "up", "job", new string('x', 300)).Packed);
        SeriesRecord.Write(buffer, Series[2], Labels.FromStrings("a", "", "b", "c").Packed);
        buffer.End();
    }

    private static void WriteSamples(RecordBuffer buffer)
    {
        double[] values = [1, StaleMarker.Value, 2.5, double.NaN];
        SampleRecords.Encode(buffer, Series, Times, values);
        SampleRecords.EncodeV2(buffer, Series, Times, values, Starts);
        SampleRecords.Encode(buffer, Enumerable.Repeat(Series[0], 40).ToArray(), [.. Enumerable.Range(0, 40).Select(i => Times[0] + i)], new double[40]);
    }

    private static void WriteHistograms(RecordBuffer buffer)
    {
        Histogram[] integers = [Exponential(3), Custom(), ChunkSamples.Integer("hs"), Exponential(20)];
        FloatHistogram[] floats = [.. integers.Select(GoldenJson.ToFloat)];
        HistogramRecords.Encode(buffer, Series, Times, integers);
        HistogramRecords.EncodeV2(buffer, Series, Times, integers, Starts);
        HistogramRecords.Encode(buffer, Series, Times, floats);
        HistogramRecords.EncodeV2(buffer, Series, Times, floats, Starts);
    }

    private static void WriteExemplars(RecordBuffer buffer, byte type)
    {
        buffer.WriteByte(type);
        ExemplarRecord.WriteHead(buffer, Series[0], Times[0]);
        for (int i = 0; i < 3; i++)
        {
            ReadOnlySpan<byte> labels = Labels.FromStrings("trace_id", new string((char)('a' + i), 16)).Packed;
            ExemplarRecord.Write(buffer, (Series[0], Times[0]), Series[i], Times[i], 0.5 * i, labels);
        }

        buffer.End();
    }

    private static Histogram Exponential(int schema) => new()
    {
        Schema = schema,
        Count = 12,
        ZeroCount = 2,
        ZeroThreshold = 0.001,
        Sum = 18.4,
        PositiveSpans = [new(0, 2), new(1, 2)],
        PositiveBuckets = [1, 1, -1, 0],
        NegativeSpans = [new(-5, 2), new(1, 2)],
        NegativeBuckets = [1, 1, -1, 0],
    };

    private static Histogram Custom() => new()
    {
        Schema = HistogramSchema.CustomBuckets,
        Count = 3,
        Sum = 2,
        PositiveSpans = [new(0, 2)],
        PositiveBuckets = [1, 1],
        CustomValues = [0.5, 1],
    };
}
