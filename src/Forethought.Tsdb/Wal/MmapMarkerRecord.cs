using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Walks a record of type 5: for each marker a series and the reference of its chunk in the head chunk files (file number in the
/// upper, offset in the lower four bytes), 8 bytes big-endian each: the samples of the series up to here are in that file.
/// </summary>
public ref struct MmapMarkerRecord
{
    private RecordReader _reader;

    /// <summary>Starts before the first marker of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type.</exception>
    public MmapMarkerRecord(ReadOnlySpan<byte> record)
    {
        WalRecord.Demand(WalRecord.TypeOf(record) == WalRecordType.MmapMarkers, record, "MmapMarkers(5)");
        _reader = new RecordReader(record, 1);
    }

    /// <summary>The series of the current marker.</summary>
    public SeriesRef Series { get; private set; }

    /// <summary>Its chunk.</summary>
    public ulong ChunkRef { get; private set; }

    /// <summary>Moves to the next marker; false at the end.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        Series = new SeriesRef(_reader.ReadUInt64());
        ChunkRef = _reader.ReadUInt64();
        return true;
    }

    /// <summary>Writes one marker into the open record of a buffer.</summary>
    internal static void Write(RecordBuffer buffer, SeriesRef series, ulong chunkRef)
    {
        buffer.WriteUInt64(series.Value);
        buffer.WriteUInt64(chunkRef);
    }
}
