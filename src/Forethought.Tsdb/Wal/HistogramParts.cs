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

    /// <summary>Reads spans; the given ones, which other histograms may share, are returned if they are the same and never changed.</summary>
    public static HistogramSpan[] ReadSpans(ref RecordReader reader, HistogramSpan[] known)
    {
        HistogramSpan[] spans = Sized(known, reader.ReadCount(2));
        for (int i = 0; i < spans.Length; i++)
        {
            var span = new HistogramSpan((int)reader.ReadVarint(), (uint)reader.ReadUvarint());
            if (spans[i] == span)
                continue;
            if (ReferenceEquals(spans, known))
                spans = [.. known];
            spans[i] = span;
        }

        return spans;
    }

    /// <summary>Counts as deltas, each from the one before.</summary>
    public static void WriteDeltas(RecordBuffer buffer, long[] deltas)
    {
        buffer.WriteUvarint((ulong)deltas.Length);
        foreach (long delta in deltas)
            buffer.WriteVarint(delta);
    }

    public static long[] ReadDeltas(ref RecordReader reader, long[] reusable)
    {
        long[] deltas = Sized(reusable, reader.ReadCount(1));
        for (int i = 0; i < deltas.Length; i++)
            deltas[i] = reader.ReadVarint();
        return deltas;
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

    /// <summary>Bounds of custom buckets; other schemas have none and no count of them either.</summary>
    public static void WriteCustomValues(RecordBuffer buffer, int schema, double[] values)
    {
        if (HistogramSchema.IsCustomBuckets(schema))
            WriteDoubles(buffer, values);
    }

    /// <summary>Reads bounds of custom buckets; the given ones are returned if they are the same and never changed.</summary>
    public static double[] ReadCustomValues(ref RecordReader reader, int schema, double[] known)
    {
        if (!HistogramSchema.IsCustomBuckets(schema))
            return [];
        double[] values = Sized(known, reader.ReadCount(sizeof(double)));
        for (int i = 0; i < values.Length; i++)
        {
            double value = reader.ReadDouble();
            if (BitConverter.DoubleToInt64Bits(values[i]) == BitConverter.DoubleToInt64Bits(value))
                continue;
            if (ReferenceEquals(values, known))
                values = [.. known];
            values[i] = value;
        }

        return values;
    }

    /// <summary>An array of exactly this length, the given one if it fits.</summary>
    private static T[] Sized<T>(T[] reusable, int length)
    {
        if (reusable.Length == length)
            return reusable;
        return length == 0 ? [] : new T[length];
    }
}
