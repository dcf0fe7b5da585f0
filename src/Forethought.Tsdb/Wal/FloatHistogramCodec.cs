using Forethought.Model;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// A histogram with float counts in a record: as <see cref="IntegerHistogramCodec"/> does it, but zero count, count and buckets
/// are 8 bytes big-endian and buckets are absolute.
/// </summary>
internal readonly struct FloatHistogramCodec : IHistogramCodec<FloatHistogram>
{
    public static WalRecordType Exponential => WalRecordType.FloatHistogramSamples;

    public static WalRecordType CustomBuckets => WalRecordType.CustomBucketsFloatHistogramSamples;

    public static WalRecordType WithStartTimes => WalRecordType.FloatHistogramSamplesV2;

    public static string RecordNames => "FloatHistogramSamples(8), CustomBucketsFloatHistogramSamples(10) or FloatHistogramSamplesV2(13)";

    public static int SchemaOf(FloatHistogram histogram) => histogram.Schema;

    public static void Write(RecordBuffer buffer, FloatHistogram histogram)
    {
        buffer.WriteByte((byte)histogram.CounterResetHint);
        buffer.WriteVarint(histogram.Schema);
        buffer.WriteDouble(histogram.ZeroThreshold);
        buffer.WriteDouble(histogram.ZeroCount);
        buffer.WriteDouble(histogram.Count);
        buffer.WriteDouble(histogram.Sum);
        HistogramParts.WriteSpans(buffer, histogram.PositiveSpans);
        HistogramParts.WriteSpans(buffer, histogram.NegativeSpans);
        HistogramParts.WriteDoubles(buffer, histogram.PositiveBuckets);
        HistogramParts.WriteDoubles(buffer, histogram.NegativeBuckets);
        HistogramParts.WriteCustomValues(buffer, histogram.Schema, histogram.CustomValues);
    }

    public static void Read(ref RecordReader reader, FloatHistogram histogram)
    {
        histogram.CounterResetHint = (CounterResetHint)reader.ReadByte();
        histogram.Schema = (int)reader.ReadVarint();
        histogram.ZeroThreshold = reader.ReadDouble();
        histogram.ZeroCount = reader.ReadDouble();
        histogram.Count = reader.ReadDouble();
        histogram.Sum = reader.ReadDouble();
        histogram.PositiveSpans = HistogramParts.ReadSpans(ref reader, histogram.PositiveSpans);
        histogram.NegativeSpans = HistogramParts.ReadSpans(ref reader, histogram.NegativeSpans);
        histogram.PositiveBuckets = HistogramParts.ReadDoubles(ref reader, histogram.PositiveBuckets);
        histogram.NegativeBuckets = HistogramParts.ReadDoubles(ref reader, histogram.NegativeBuckets);
        histogram.CustomValues = HistogramParts.ReadCustomValues(ref reader, histogram.Schema, histogram.CustomValues);
    }

    public static void ReduceResolution(FloatHistogram histogram) => HistogramResolution.Reduce(histogram, HistogramSchema.ExponentialMax);
}
