namespace Forethought.Tsdb.Wal;

/// <summary>
/// How records of version 2 write a start timestamp: a byte 0 for none, 1 for that of the previous sample, anything else (2 is
/// written) followed by the distance to the record's first as varint.
/// </summary>
internal static class StartTimeMarker
{
    private const byte None = 0;
    private const byte SameAsPrevious = 1;
    private const byte Explicit = 2;

    public static void Write(RecordBuffer buffer, long startMs, long firstMs, long previousMs)
    {
        if (startMs == 0)
        {
            buffer.WriteByte(None);
        }
        else if (startMs == previousMs)
        {
            buffer.WriteByte(SameAsPrevious);
        }
        else
        {
            buffer.WriteByte(Explicit);
            buffer.WriteVarint(startMs - firstMs);
        }
    }

    public static long Read(ref RecordReader reader, long previousMs, long firstMs) => reader.ReadByte() switch
    {
        None => 0,
        SameAsPrevious => previousMs,
        _ => firstMs + reader.ReadVarint(),
    };
}
