using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Decodes chunks of native histograms into a batch's float histograms. Thread-safe.</summary>
/// <typeparam name="TNumbers">Integer or float counts.</typeparam>
internal static class HistogramChunkDecoder<TNumbers>
    where TNumbers : struct, IHistogramNumbers
{
    // Working space of the thread, as large as the largest histogram that it has met.
    [ThreadStatic]
    private static HistogramSample? _layout;

    [ThreadStatic]
    private static HistogramTracking? _tracking;

    /// <summary>Appends the samples with <paramref name="minTimeMs"/> ≤ t ≤ <paramref name="maxTimeMs"/> to a batch.</summary>
    /// <param name="chunk">The chunk from its sample count on.</param>
    /// <param name="hasStartTimes">Whether its encoding is the one with start timestamps.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive; decoding ends at the first later sample.</param>
    /// <param name="batch">Where the samples go, behind those it has.</param>
    /// <exception cref="TsdbCorruptionException">The bytes are no chunk; the batch is as it was.</exception>
    public static void Decode(ReadOnlySpan<byte> chunk, bool hasStartTimes, long minTimeMs, long maxTimeMs, SampleBatch batch)
    {
        int samples = ChunkHeader.ReadSampleCount(chunk);
        if (chunk.Length < HistogramChunkHeader.Bytes)
            ChunkHeader.ThrowTruncated(chunk, "a chunk header");
        if (hasStartTimes)
            samples &= HistogramChunkHeader.CountMaskWithStartTimes;
        int countBefore = batch.Count;
        SampleKind kindsBefore = batch.AllKinds;
        try
        {
            DecodeSamples(chunk, samples, hasStartTimes, minTimeMs, maxTimeMs, batch);
        }
        catch (InvalidDataException e)
        {
            batch.Histograms?.AsSpan(countBefore).Clear();
            batch.StartTimesMs?.AsSpan(countBefore).Clear();
            batch.Count = countBefore;
            batch.AllKinds = kindsBefore;
            TsdbCorruptionException.Throw(e.Message, chunk.Length, $"{samples} histograms", $"{chunk.Length} bytes");
        }
    }

    private static void DecodeSamples(
        ReadOnlySpan<byte> chunk, int samples, bool hasStartTimes, long minTimeMs, long maxTimeMs, SampleBatch batch)
    {
        CounterResetHint header = HistogramChunkHeader.Decode(chunk[hasStartTimes ? 0 : HistogramChunkHeader.FlagsOffset]);
        var starts = new StartTimeReader(hasStartTimes ? chunk[HistogramChunkHeader.FlagsOffset] : (byte)0);
        HistogramSample layout = _layout ??= new HistogramSample();
        HistogramTracking tracking = _tracking ??= new HistogramTracking();
        Shape? shape = null;
        var reader = new BitReader(chunk[HistogramChunkHeader.Bytes..]);
        for (int i = 0; i < samples; i++)
        {
            if (i == 0)
            {
                HistogramCodec<TNumbers>.ReadFirst(ref reader, layout, tracking);
                starts.ReadFirst(ref reader, tracking.TimeMs);
            }
            else
            {
                long previousTime = tracking.TimeMs;
                HistogramCodec<TNumbers>.ReadNext(ref reader, tracking);
                starts.ReadNext(ref reader, i, previousTime);
            }

            if (tracking.TimeMs > maxTimeMs)
                return;
            if (tracking.TimeMs < minTimeMs)
                continue;
            shape ??= new Shape(layout.Positive.Spans.ToArray(), layout.Negative.Spans.ToArray(), layout.CustomValues.ToArray());
            Fill(batch.AddHistogram(tracking.TimeMs), HistogramChunkHeader.HintOf(header, i == 0), layout, shape, tracking);
            batch.CompleteHistogram();
            if (starts.HasAny)
                batch.RequireStartTimes()[batch.Count - 1] = starts.StartMs;
        }
    }

    private static void Fill(
        FloatHistogram histogram, CounterResetHint hint, HistogramSample layout, Shape shape, HistogramTracking tracking)
    {
        histogram.Sum = BitConverter.UInt64BitsToDouble(tracking.Sum.Value);
        if (histogram.IsStale)
        {
            Empty(histogram);
            return;
        }

        histogram.CounterResetHint = hint;
        histogram.Schema = layout.Schema;
        histogram.ZeroThreshold = layout.ZeroThreshold;
        histogram.ZeroCount = TNumbers.CountToDouble(tracking.ZeroCount.Value);
        histogram.Count = TNumbers.CountToDouble(tracking.Count.Value);
        histogram.PositiveSpans = shape.PositiveSpans;
        histogram.NegativeSpans = shape.NegativeSpans;
        histogram.CustomValues = shape.CustomValues;
        histogram.PositiveBuckets = Sized(histogram.PositiveBuckets, tracking.PositiveCount);
        histogram.NegativeBuckets = Sized(histogram.NegativeBuckets, tracking.NegativeCount);
        TNumbers.ToDoubles(tracking.Positive, histogram.PositiveBuckets);
        TNumbers.ToDoubles(tracking.Negative, histogram.NegativeBuckets);
        if (!HistogramSchema.IsCustomBuckets(histogram.Schema) && histogram.Schema > HistogramSchema.ExponentialMax)
            HistogramResolution.Reduce(histogram, HistogramSchema.ExponentialMax);
    }

    private static void Empty(FloatHistogram histogram)
    {
        histogram.CounterResetHint = CounterResetHint.Unknown;
        histogram.Schema = 0;
        histogram.ZeroThreshold = 0;
        histogram.ZeroCount = 0;
        histogram.Count = 0;
        histogram.PositiveSpans = [];
        histogram.NegativeSpans = [];
        histogram.PositiveBuckets = [];
        histogram.NegativeBuckets = [];
        histogram.CustomValues = [];
    }

    private static T[] Sized<T>(T[] reusable, int length)
    {
        if (reusable.Length == length)
            return reusable;
        return length == 0 ? [] : new T[length];
    }

    /// <summary>
    /// Spans and bounds, which all samples of a chunk share. Histograms that readers keep share them too, so they are never
    /// written to and made anew for each chunk.
    /// </summary>
    private sealed record Shape(HistogramSpan[] PositiveSpans, HistogramSpan[] NegativeSpans, double[] CustomValues);
}
