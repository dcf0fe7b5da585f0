using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Snapshots;

/// <summary>
/// A series record: type, reference (8 bytes big-endian), labels, 8 bytes that mean nothing any more, and 0, or 1 and the newest chunk:
/// first and last time (8 bytes each), encoding (1 byte), length (uvarint) and bytes; then, for floats, 56 bytes that mean nothing and
/// the last value, otherwise the last histogram as in the log's records. Format: upstream's <c>tsdb/docs/format/memory_snapshot.md</c>.
/// </summary>
internal ref struct SnapshotSeries
{
    // Upstream once kept the last four samples here.
    private const int UnusedNumbers = 7;

    /// <summary>The reference.</summary>
    public ulong Reference { get; private set; }

    /// <summary>The packed labels, valid as long as the record and the scratch buffer.</summary>
    public ReadOnlySpan<byte> PackedLabels { get; private set; }

    /// <summary>The chunk's encoding; <see cref="ChunkEncoding.None"/> if there is no chunk.</summary>
    public ChunkEncoding Encoding { get; private set; }

    /// <summary>The chunk's first time.</summary>
    public long MinTimeMs { get; private set; }

    /// <summary>The chunk's last time.</summary>
    public long MaxTimeMs { get; private set; }

    /// <summary>The chunk from its sample count on, valid as long as the record.</summary>
    public ReadOnlySpan<byte> Chunk { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <exception cref="TsdbCorruptionException">It is damaged.</exception>
    public static SnapshotSeries Read(ReadOnlySpan<byte> record, ref byte[] scratch)
    {
        var reader = new RecordReader(record, 1);
        var series = new SnapshotSeries { Reference = reader.ReadUInt64() };
        series.PackedLabels = RecordLabels.Read(ref reader, ref scratch);
        reader.ReadInt64();
        if (reader.ReadUvarint() == 0)
            return series;
        series.MinTimeMs = reader.ReadInt64();
        series.MaxTimeMs = reader.ReadInt64();
        series.Encoding = (ChunkEncoding)reader.ReadByte();
        series.Chunk = reader.ReadText();
        SkipLastSample(ref reader, series.Encoding);
        return series;
    }

    /// <summary>Writes a series without a chunk, or what comes before its chunk.</summary>
    public static void WriteHead(RecordBuffer buffer, ulong reference, ReadOnlySpan<byte> packedLabels, bool hasChunk)
    {
        buffer.WriteByte((byte)SnapshotRecordType.Series);
        buffer.WriteUInt64(reference);
        RecordLabels.Write(buffer, packedLabels);
        buffer.WriteInt64(0);
        buffer.WriteUvarint(hasChunk ? 1UL : 0);
    }

    /// <summary>Writes a chunk and the last of its samples.</summary>
    public static void WriteChunk(
        RecordBuffer buffer, long minTimeMs, long maxTimeMs, ChunkEncoding encoding, ReadOnlySpan<byte> chunk, ChunkRows rows)
    {
        buffer.WriteInt64(minTimeMs);
        buffer.WriteInt64(maxTimeMs);
        buffer.WriteByte((byte)encoding);
        buffer.WriteText(chunk);
        if (rows.IsFloats)
        {
            for (int i = 0; i < UnusedNumbers; i++)
                buffer.WriteUInt64(0);
            buffer.WriteDouble(rows.Value(rows.Count - 1));
        }
        else
        {
            WriteLastHistogram(buffer, encoding, rows);
        }
    }

    private static void SkipLastSample(ref RecordReader reader, ChunkEncoding encoding)
    {
        switch (encoding)
        {
            case ChunkEncoding.Xor or ChunkEncoding.Xor2:
                for (int i = 0; i < UnusedNumbers; i++)
                    reader.ReadUInt64();
                reader.ReadDouble();
                break;
            case ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes:
                var integers = new Histogram();
                IntegerHistogramCodec.Read(ref reader, integers);
                break;
            case ChunkEncoding.FloatHistogram or ChunkEncoding.FloatHistogramWithStartTimes:
                var floats = new FloatHistogram();
                FloatHistogramCodec.Read(ref reader, floats);
                break;
            default:
                TsdbCorruptionException.Throw(
                    $"chunk from data: invalid chunk encoding \"{ChunkDecoder.NameOf(encoding)}\"", reader.Position, "a known encoding", $"{(byte)encoding}");
                break;
        }
    }

    private static void WriteLastHistogram(RecordBuffer buffer, ChunkEncoding encoding, ChunkRows rows)
    {
        var sample = new HistogramSample();
        rows.LoadHistogram(rows.Count - 1, sample);
        if (encoding is ChunkEncoding.Histogram or ChunkEncoding.HistogramWithStartTimes)
            IntegerHistogramCodec.Write(buffer, sample.ToHistogram());
        else
            FloatHistogramCodec.Write(buffer, sample.ToFloatHistogram());
    }
}
