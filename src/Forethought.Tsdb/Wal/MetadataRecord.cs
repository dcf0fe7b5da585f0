using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Walks a record of type 6: for each series its reference as uvarint, the metric type's number, and a number of named texts, of
/// which <c>UNIT</c> and <c>HELP</c> are known. Format: upstream's <c>tsdb/docs/format/wal.md</c>.
/// </summary>
public ref struct MetadataRecord
{
    private RecordReader _reader;

    /// <summary>Starts before the first series of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type.</exception>
    public MetadataRecord(ReadOnlySpan<byte> record)
    {
        WalRecord.Demand(WalRecord.TypeOf(record) == WalRecordType.Metadata, record, "Metadata(6)");
        _reader = new RecordReader(record, 1);
    }

    private static ReadOnlySpan<byte> UnitName => "UNIT"u8;

    private static ReadOnlySpan<byte> HelpName => "HELP"u8;

    /// <summary>The current series.</summary>
    public SeriesRef Series { get; private set; }

    /// <summary>
    /// Its metric type: 0 unknown, 1 counter, 2 gauge, 3 histogram, 4 gauge histogram, 5 summary, 6 info, 7 state set; other numbers
    /// mean unknown.
    /// </summary>
    public byte MetricType { get; private set; }

    /// <summary>Its unit as UTF-8; valid as long as the record.</summary>
    public ReadOnlySpan<byte> Unit { get; private set; }

    /// <summary>Its help text as UTF-8; valid as long as the record.</summary>
    public ReadOnlySpan<byte> Help { get; private set; }

    /// <summary>Moves to the next series; false at the end.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged.</exception>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        Series = new SeriesRef(_reader.ReadUvarint());
        MetricType = _reader.ReadByte();
        Unit = default;
        Help = default;
        int fields = _reader.ReadCount(2);
        for (int i = 0; i < fields; i++)
        {
            ReadOnlySpan<byte> name = _reader.ReadText();
            ReadOnlySpan<byte> text = _reader.ReadText();
            if (name.SequenceEqual(UnitName))
                Unit = text;
            else if (name.SequenceEqual(HelpName))
                Help = text;
        }

        return true;
    }

    /// <summary>Writes one series into the open record of a buffer.</summary>
    internal static void Write(RecordBuffer buffer, SeriesRef series, byte metricType, ReadOnlySpan<byte> unit, ReadOnlySpan<byte> help)
    {
        buffer.WriteUvarint(series.Value);
        buffer.WriteByte(metricType);
        buffer.WriteUvarint(2);
        buffer.WriteText(UnitName);
        buffer.WriteText(unit);
        buffer.WriteText(HelpName);
        buffer.WriteText(help);
    }
}
