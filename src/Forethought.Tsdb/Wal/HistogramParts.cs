using Forethought.Model;

namespace Forethought.Tsdb.Wal;

/// <summary>The parts of a histogram that records write alike for integer and float counts.</summary>
internal static class HistogramParts
{
    public static void WriteSpans(RecordBuffer buffer, HistogramSpan[] spans)
    {
        buffer.WriteUvarint((ulong)spans.Length);
        foreach (HistogramSpan span in spans)
        {
            buffer.WriteVarint(span.Offset);
            buffer.WriteUvarint(span.Length);
        }
    }

    public static HistogramSpan[] ReadSpans(ref RecordReader reader, HistogramSpan[] reusable)
    {
        HistogramSpan[] spans = Sized(reusable, reader.ReadCount(2));
        for (int i = 0; i < spans.Length; i++)
            spans[i] = new HistogramSpan((int)reader.ReadVarint(), (uint)reader.ReadUvarint());
        return spans;
    }

    public static void WriteDoubles(RecordBuffer buffer, double[] values)
    {
        buffer.WriteUvarint((ulong)values.Length);
        foreach (double value in values)
            buffer.WriteDouble(value);
    }

    public static double[] ReadDoubles(ref RecordReader reader, double[] reusable)
    {
        double[] values = Sized(reusable, reader.ReadCount(sizeof(double)));
        for (int i = 0; i < values.Length; i++)
            values[i] = reader.ReadDouble();
        return values;
    }

    /// <summary>An array of exactly this length, the given one if it fits.</summary>
    public static T[] Sized<T>(T[] reusable, int length)
    {
        if (reusable.Length == length)
            return reusable;
        return length == 0 ? [] : new T[length];
    }
}
