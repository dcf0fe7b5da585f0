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

    public static string RecordNames => "HistogramSamples(7), CustomBucketsHistogramSamples(9) or HistogramSamplesV2(12)";

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
        HistogramParts.WriteDeltas(buffer, histogram.PositiveBuckets);
        HistogramParts.WriteDeltas(buffer, histogram.NegativeBuckets);
        HistogramParts.WriteCustomValues(buffer, histogram.Schema, histogram.CustomValues);
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
        histogram.PositiveBuckets = HistogramParts.ReadDeltas(ref reader, histogram.PositiveBuckets);
        histogram.NegativeBuckets = HistogramParts.ReadDeltas(ref reader, histogram.NegativeBuckets);
        histogram.CustomValues = HistogramParts.ReadCustomValues(ref reader, histogram.Schema, histogram.CustomValues);
    }

    public static void ReduceResolution(Histogram histogram) => HistogramResolution.Reduce(histogram, HistogramSchema.ExponentialMax);
}
