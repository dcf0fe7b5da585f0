using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Walks a record of type 1: for each series its reference, 8 bytes big-endian, and its labels. Format: upstream's
/// <c>tsdb/docs/format/wal.md</c>.
/// </summary>
public ref struct SeriesRecord
{
    private RecordReader _reader;
    private byte[] _scratch = [];

    /// <summary>Starts before the first series of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type.</exception>
    public SeriesRecord(ReadOnlySpan<byte> record)
    {
        WalRecord.Demand(WalRecord.TypeOf(record) == WalRecordType.Series, record, "Series(1)");
        _reader = new RecordReader(record, 1);
    }

    /// <summary>The current series.</summary>
    public SeriesRef Series { get; private set; }

    /// <summary>Its labels as packed labels, in the order of the record; valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> PackedLabels { get; private set; }

    /// <summary>Moves to the next series; false at the end.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        Series = new SeriesRef(_reader.ReadUInt64());
        PackedLabels = RecordLabels.Read(ref _reader, ref _scratch);
        return true;
    }

    /// <summary>Writes one series into the open record of a buffer.</summary>
    internal static void Write(RecordBuffer buffer, SeriesRef series, ReadOnlySpan<byte> packedLabels)
    {
        buffer.WriteUInt64(series.Value);
        RecordLabels.Write(buffer, packedLabels);
    }
}
