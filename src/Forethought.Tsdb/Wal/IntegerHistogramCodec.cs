using Forethought.Model;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// A histogram with integer counts in a record: hint, schema as varint, zero threshold, zero count and count as uvarints, sum,
/// spans, delta-coded buckets as varints and, for schema −53 only, custom bounds. Floats are 8 bytes big-endian.
/// </summary>
internal readonly struct IntegerHistogramCodec : IHistogramCodec<Histogram>
{
    public static WalRecordType Exponential => WalRecordType.HistogramSamples;

    public static WalRecordType CustomBuckets => WalRecordType.CustomBucketsHistogramSamples;

    public static WalRecordType WithStartTimes => WalRecordType.HistogramSamplesV2;

    public static int SchemaOf(Histogram histogram) => histogram.Schema;

    public static void Write(RecordBuffer buffer, Histogram histogram)
    {
        buffer.WriteByte((byte)histogram.CounterResetHint);
        buffer.WriteVarint(histogram.Schema);
        buffer.WriteDouble(histogram.ZeroThreshold);
        buffer.WriteUvarint(histogram.ZeroCount);
        buffer.WriteUvarint(histogram.Count);
        buffer.WriteDouble(histogram.Sum);
        HistogramParts.WriteSpans(buffer, histogram.PositiveSpans);
        HistogramParts.WriteSpans(buffer, histogram.NegativeSpans);
        WriteBuckets(buffer, histogram.PositiveBuckets);
        WriteBuckets(buffer, histogram.NegativeBuckets);
        if (HistogramSchema.IsCustomBuckets(histogram.Schema))
            HistogramParts.WriteDoubles(buffer, histogram.CustomValues);
    }

    public static void Read(ref RecordReader reader, Histogram histogram)
    {
        histogram.CounterResetHint = (CounterResetHint)reader.ReadByte();
        histogram.Schema = (int)reader.ReadVarint();
        histogram.ZeroThreshold = reader.ReadDouble();
        histogram.ZeroCount = reader.ReadUvarint();
        histogram.Count = reader.ReadUvarint();
        histogram.Sum = reader.ReadDouble();
        histogram.PositiveSpans = HistogramParts.ReadSpans(ref reader, histogram.PositiveSpans);
        histogram.NegativeSpans = HistogramParts.ReadSpans(ref reader, histogram.NegativeSpans);
        histogram.PositiveBuckets = ReadBuckets(ref reader, histogram.PositiveBuckets);
        histogram.NegativeBuckets = ReadBuckets(ref reader, histogram.NegativeBuckets);
        histogram.CustomValues = HistogramSchema.IsCustomBuckets(histogram.Schema)
            ? HistogramParts.ReadDoubles(ref reader, histogram.CustomValues)
            : [];
    }

    public static void ReduceResolution(Histogram histogram) => HistogramResolution.Reduce(histogram, HistogramSchema.ExponentialMax);

    private static void WriteBuckets(RecordBuffer buffer, long[] buckets)
    {
        buffer.WriteUvarint((ulong)buckets.Length);
        foreach (long delta in buckets)
            buffer.WriteVarint(delta);
    }

    private static long[] ReadBuckets(ref RecordReader reader, long[] reusable)
    {
        long[] buckets = HistogramParts.Sized(reusable, reader.ReadCount(1));
        for (int i = 0; i < buckets.Length; i++)
            buckets[i] = reader.ReadVarint();
        return buckets;
    }
}
