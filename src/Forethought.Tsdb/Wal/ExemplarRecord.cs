using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Walks a record of type 4: first reference and time, 8 bytes big-endian each, then for every exemplar the distances of reference
/// and time to those as varints, the value's bits big-endian and the labels. Format: upstream's <c>tsdb/docs/format/wal.md</c>.
/// </summary>
public ref struct ExemplarRecord
{
    private RecordReader _reader;
    private byte[] _scratch = [];
    private readonly ulong _baseSeries;
    private readonly long _baseTime;

    /// <summary>Starts before the first exemplar of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type or ends inside its head.</exception>
    public ExemplarRecord(ReadOnlySpan<byte> record)
    {
        WalRecord.Demand(WalRecord.TypeOf(record) == WalRecordType.Exemplars, record, "Exemplars(4)");
        _reader = new RecordReader(record, 1);
        if (_reader.IsAtEnd)
            return;
        _baseSeries = _reader.ReadUInt64();
        _baseTime = _reader.ReadInt64();
    }

    /// <summary>The series of the current exemplar.</summary>
    public SeriesRef Series { get; private set; }

    /// <summary>Its time in milliseconds.</summary>
    public long TimeMs { get; private set; }

    /// <summary>Its value.</summary>
    public double Value { get; private set; }

    /// <summary>Its labels as packed labels; valid until the next <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> PackedLabels { get; private set; }

    /// <summary>Moves to the next exemplar; false at the end.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        Series = new SeriesRef(_baseSeries + (ulong)_reader.ReadVarint());
        TimeMs = _baseTime + _reader.ReadVarint();
        Value = _reader.ReadDouble();
        PackedLabels = RecordLabels.Read(ref _reader, ref _scratch);
        return true;
    }

    /// <summary>Writes the head of a record: series and time of its first exemplar, which the others count from.</summary>
    internal static void WriteHead(RecordBuffer buffer, SeriesRef firstSeries, long firstTimeMs)
    {
        buffer.WriteUInt64(firstSeries.Value);
        buffer.WriteInt64(firstTimeMs);
    }

    /// <summary>Writes one exemplar into the open record of a buffer, after its head.</summary>
    internal static void Write(
        RecordBuffer buffer,
        (SeriesRef Series, long TimeMs) first,
        SeriesRef series,
        long timeMs,
        double value,
        ReadOnlySpan<byte> packedLabels)
    {
        buffer.WriteVarint((long)(series.Value - first.Series.Value));
        buffer.WriteVarint(timeMs - first.TimeMs);
        buffer.WriteDouble(value);
        RecordLabels.Write(buffer, packedLabels);
    }
}
