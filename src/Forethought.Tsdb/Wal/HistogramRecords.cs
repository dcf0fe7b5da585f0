using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Records of native histograms, types 7–10, 12 and 13. The older ones begin with reference and time of the first row, 8 bytes
/// big-endian each, which all rows count from; those of version 2 are built like <see cref="WalRecordType.SamplesV2"/>. Format:
/// upstream's <c>tsdb/docs/format/wal.md</c>.
/// </summary>
public static class HistogramRecords
{
    /// <summary>Adds the rows of a record of type 7, 9 or 12 to <paramref name="into"/>.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type or damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> record, WalHistograms<Histogram> into) =>
        Decode<Histogram, IntegerHistogramCodec>(record, into);

    /// <summary>Adds the rows of a record of type 8, 10 or 13 to <paramref name="into"/>.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type or damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> record, WalHistograms<FloatHistogram> into) =>
        Decode<FloatHistogram, FloatHistogramCodec>(record, into);

    /// <summary>
    /// Writes the rows into one record of exponential and one of custom buckets, as far as there are such rows. The spans are
    /// equally long and not empty.
    /// </summary>
    internal static void Encode(
        RecordBuffer buffer, ReadOnlySpan<SeriesRef> series, ReadOnlySpan<long> timesMs, ReadOnlySpan<Histogram> histograms) =>
        Encode<Histogram, IntegerHistogramCodec>(buffer, series, timesMs, histograms);

    /// <inheritdoc cref="Encode(RecordBuffer, ReadOnlySpan{SeriesRef}, ReadOnlySpan{long}, ReadOnlySpan{Histogram})"/>
    internal static void Encode(
        RecordBuffer buffer, ReadOnlySpan<SeriesRef> series, ReadOnlySpan<long> timesMs, ReadOnlySpan<FloatHistogram> histograms) =>
        Encode<FloatHistogram, FloatHistogramCodec>(buffer, series, timesMs, histograms);

    /// <summary>Writes the rows into one record with start timestamps. The spans are equally long and not empty.</summary>
    internal static void EncodeV2(
        RecordBuffer buffer,
        ReadOnlySpan<SeriesRef> series,
        ReadOnlySpan<long> timesMs,
        ReadOnlySpan<Histogram> histograms,
        ReadOnlySpan<long> startTimesMs) =>
        EncodeV2<Histogram, IntegerHistogramCodec>(buffer, series, timesMs, histograms, startTimesMs);

    /// <summary>Writes the rows into one record with start timestamps. The spans are equally long and not empty.</summary>
    internal static void EncodeV2(
        RecordBuffer buffer,
        ReadOnlySpan<SeriesRef> series,
        ReadOnlySpan<long> timesMs,
        ReadOnlySpan<FloatHistogram> histograms,
        ReadOnlySpan<long> startTimesMs) =>
        EncodeV2<FloatHistogram, FloatHistogramCodec>(buffer, series, timesMs, histograms, startTimesMs);

    /// <summary>
    /// Writes the rows into one record of exponential and one of custom buckets, as far as there are such rows. The spans are not empty and
    /// as long as <paramref name="histograms"/> at least.
    /// </summary>
    internal static void Encode<THistogram, TCodec>(
        RecordBuffer buffer, ReadOnlySpan<SeriesRef> series, ReadOnlySpan<long> timesMs, ReadOnlySpan<THistogram> histograms)
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        int firstCustom = -1;
        int exponential = 0;
        for (int i = 0; i < histograms.Length; i++)
        {
            if (!HistogramSchema.IsCustomBuckets(TCodec.SchemaOf(histograms[i])))
                exponential++;
            else if (firstCustom < 0)
                firstCustom = i;
        }

        // As upstream: the exponential record counts from the first row of all, even if that one goes into the other record.
        if (exponential > 0)
            EncodeSelected<THistogram, TCodec>(buffer, series, timesMs, histograms, TCodec.Exponential, 0);
        if (firstCustom >= 0)
            EncodeSelected<THistogram, TCodec>(buffer, series, timesMs, histograms, TCodec.CustomBuckets, firstCustom);
    }

    private static void EncodeSelected<THistogram, TCodec>(
        RecordBuffer buffer,
        ReadOnlySpan<SeriesRef> series,
        ReadOnlySpan<long> timesMs,
        ReadOnlySpan<THistogram> histograms,
        WalRecordType type,
        int first)
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        bool wantsCustom = type == TCodec.CustomBuckets;
        buffer.Begin(type);
        buffer.WriteUInt64(series[first].Value);
        buffer.WriteInt64(timesMs[first]);
        for (int i = first; i < histograms.Length; i++)
        {
            if (HistogramSchema.IsCustomBuckets(TCodec.SchemaOf(histograms[i])) != wantsCustom)
                continue;
            buffer.WriteVarint((long)(series[i].Value - series[first].Value));
            buffer.WriteVarint(timesMs[i] - timesMs[first]);
            TCodec.Write(buffer, histograms[i]);
        }

        buffer.End();
    }

    /// <summary>
    /// Writes the rows into one record with start timestamps. The spans are not empty and as long as <paramref name="histograms"/> at least.
    /// </summary>
    internal static void EncodeV2<THistogram, TCodec>(
        RecordBuffer buffer,
        ReadOnlySpan<SeriesRef> series,
        ReadOnlySpan<long> timesMs,
        ReadOnlySpan<THistogram> histograms,
        ReadOnlySpan<long> startTimesMs)
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        buffer.Begin(TCodec.WithStartTimes);
        for (int i = 0; i < histograms.Length; i++)
        {
            if (i == 0)
            {
                buffer.WriteVarint((long)series[0].Value);
                buffer.WriteVarint(timesMs[0]);
                buffer.WriteVarint(startTimesMs[0]);
            }
            else
            {
                buffer.WriteVarint((long)(series[i].Value - series[i - 1].Value));
                buffer.WriteVarint(timesMs[i] - timesMs[0]);
                StartTimeMarker.Write(buffer, startTimesMs[i], startTimesMs[0], startTimesMs[i - 1]);
            }

            TCodec.Write(buffer, histograms[i]);
        }

        buffer.End();
    }

    /// <summary>Adds the rows of a record of one of the codec's types to <paramref name="into"/>.</summary>
    /// <exception cref="TsdbCorruptionException">The record is of another type or damaged.</exception>
    internal static void Decode<THistogram, TCodec>(ReadOnlySpan<byte> record, WalHistograms<THistogram> into)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        WalRecordType type = WalRecord.TypeOf(record);
        bool isV2 = type == TCodec.WithStartTimes;
        WalRecord.Demand(isV2 || type == TCodec.Exponential || type == TCodec.CustomBuckets, record, TCodec.RecordNames);
        if (record.Length == 1)
            return;
        var reader = new RecordReader(record, 1);
        if (isV2)
            DecodeV2<THistogram, TCodec>(ref reader, into);
        else
            DecodeV1<THistogram, TCodec>(ref reader, into);
    }

    private static void DecodeV1<THistogram, TCodec>(ref RecordReader reader, WalHistograms<THistogram> into)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        ulong baseSeries = reader.ReadUInt64();
        long baseTime = reader.ReadInt64();
        while (!reader.IsAtEnd)
        {
            var series = new SeriesRef(baseSeries + (ulong)reader.ReadVarint());
            long time = baseTime + reader.ReadVarint();
            ReadRow<THistogram, TCodec>(ref reader, into, series, time, 0);
        }
    }

    private static void DecodeV2<THistogram, TCodec>(ref RecordReader reader, WalHistograms<THistogram> into)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        ulong series = (ulong)reader.ReadVarint();
        long firstTime = reader.ReadVarint();
        long firstStart = reader.ReadVarint();
        long start = firstStart;
        ReadRow<THistogram, TCodec>(ref reader, into, new SeriesRef(series), firstTime, firstStart);
        while (!reader.IsAtEnd)
        {
            series += (ulong)reader.ReadVarint();
            long time = firstTime + reader.ReadVarint();
            start = StartTimeMarker.Read(ref reader, start, firstStart);
            ReadRow<THistogram, TCodec>(ref reader, into, new SeriesRef(series), time, start);
        }
    }

    private static void ReadRow<THistogram, TCodec>(
        ref RecordReader reader, WalHistograms<THistogram> into, SeriesRef series, long timeMs, long startTimeMs)
        where THistogram : class, new()
        where TCodec : struct, IHistogramCodec<THistogram>
    {
        THistogram histogram = into.Next();
        TCodec.Read(ref reader, histogram);
        int schema = TCodec.SchemaOf(histogram);
        if (schema is > HistogramSchema.ExponentialMax and <= HistogramSchema.ExponentialMaxReserved)
        {
            TCodec.ReduceResolution(histogram);
        }
        else if (!HistogramSchema.IsKnown(schema) && !HistogramSchema.IsExponentialReserved(schema))
        {
            into.SkippedSchemas++;
            return;
        }

        into.Complete(series, timeMs, startTimeMs);
    }
}
