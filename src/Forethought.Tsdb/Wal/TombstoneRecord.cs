using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Walks a record of type 3: for each deleted range the series, 8 bytes big-endian, and its first and last time as varints, both
/// inclusive. The range of all times means that the series left the head. Format: upstream's <c>tsdb/docs/format/wal.md</c>.
/// </summary>
public ref struct TombstoneRecord
{
    private RecordReader _reader;

    /// <summary>Starts before the first range of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type.</exception>
    public TombstoneRecord(ReadOnlySpan<byte> record)
    {
        WalRecord.Demand(WalRecord.TypeOf(record) == WalRecordType.Tombstones, record, "Tombstones(3)");
        _reader = new RecordReader(record, 1);
    }

    /// <summary>The series of the current range.</summary>
    public SeriesRef Series { get; private set; }

    /// <summary>Its first time in milliseconds.</summary>
    public long MinTimeMs { get; private set; }

    /// <summary>Its last time in milliseconds.</summary>
    public long MaxTimeMs { get; private set; }

    /// <summary>Moves to the next range; false at the end.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        Series = new SeriesRef(_reader.ReadUInt64());
        MinTimeMs = _reader.ReadVarint();
        MaxTimeMs = _reader.ReadVarint();
        return true;
    }

    /// <summary>Writes one range into the open record of a buffer.</summary>
    internal static void Write(RecordBuffer buffer, SeriesRef series, long minTimeMs, long maxTimeMs)
    {
        buffer.WriteUInt64(series.Value);
        buffer.WriteVarint(minTimeMs);
        buffer.WriteVarint(maxTimeMs);
    }
}
