using Forethought.Encoding;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// The bits of one histogram in a chunk. The first has the layout, its time as varbit, counts, the sum's 64 bits and the buckets;
/// the others the change of the time's delta, changes of the counts, the sum's XOR and changes of the buckets. Format: upstream's
/// <c>tsdb/docs/format/chunks.md</c>.
/// </summary>
/// <typeparam name="TNumbers">Integer or float counts.</typeparam>
internal static class HistogramCodec<TNumbers>
    where TNumbers : struct, IHistogramNumbers
{
    public static void WriteFirst(ref BitWriter writer, long timeMs, HistogramSample sample, HistogramTracking tracking)
    {
        HistogramLayout.Write(ref writer, sample);
        VarbitInt.Write(ref writer, timeMs);
        TNumbers.WriteFirstCount(ref writer, sample.Count);
        TNumbers.WriteFirstCount(ref writer, sample.ZeroCount);
        ulong sum = BitConverter.DoubleToUInt64Bits(sample.Sum);
        writer.WriteBits(sum, 64);
        tracking.TimeMs = timeMs;
        tracking.TimeDelta = 0;
        tracking.Count = new TrackedValue(sample.Count, TNumbers.FirstTrend);
        tracking.ZeroCount = new TrackedValue(sample.ZeroCount, TNumbers.FirstTrend);
        tracking.Sum = new TrackedValue(sum, XorWindow.None);
        tracking.SetBucketCounts(sample.Positive.Values.Length, sample.Negative.Values.Length);
        WriteFirst(ref writer, sample.Positive.Values, tracking.Positive);
        WriteFirst(ref writer, sample.Negative.Values, tracking.Negative);
    }

    public static void WriteNext(ref BitWriter writer, long timeMs, HistogramSample sample, HistogramTracking tracking)
    {
        long timeDelta = timeMs - tracking.TimeMs;
        VarbitInt.Write(ref writer, timeDelta - tracking.TimeDelta);
        tracking.TimeMs = timeMs;
        tracking.TimeDelta = timeDelta;
        ulong sum = BitConverter.DoubleToUInt64Bits(sample.Sum);
        if (sample.IsStale)
        {
            TNumbers.WriteStaleCount(ref writer, ref tracking.Count);
            TNumbers.WriteStaleCount(ref writer, ref tracking.ZeroCount);
            XorWindow.Write(ref writer, sum, ref tracking.Sum);
            return;
        }

        TNumbers.Write(ref writer, sample.Count, ref tracking.Count);
        TNumbers.Write(ref writer, sample.ZeroCount, ref tracking.ZeroCount);
        XorWindow.Write(ref writer, sum, ref tracking.Sum);
        WriteNext(ref writer, sample.Positive.Values, tracking.Positive);
        WriteNext(ref writer, sample.Negative.Values, tracking.Negative);
    }

    /// <summary>Reads the layout into <paramref name="layout"/> and the numbers into <paramref name="tracking"/>.</summary>
    /// <exception cref="InvalidDataException">The bits end or make no sense.</exception>
    public static void ReadFirst(ref BitReader reader, HistogramSample layout, HistogramTracking tracking)
    {
        HistogramLayout.Read(ref reader, layout);
        tracking.TimeMs = VarbitInt.Read(ref reader);
        tracking.TimeDelta = 0;
        tracking.Count = new TrackedValue(TNumbers.ReadFirstCount(ref reader), 0);
        tracking.ZeroCount = new TrackedValue(TNumbers.ReadFirstCount(ref reader), 0);
        tracking.Sum = new TrackedValue(reader.ReadBits(64), 0);
        tracking.SetBucketCounts(layout.Positive.Values.Length, layout.Negative.Values.Length);
        foreach (ref TrackedValue bucket in tracking.Buckets)
            bucket = new TrackedValue(TNumbers.ReadFirstBucket(ref reader), 0);
    }

    /// <inheritdoc cref="ReadFirst"/>
    public static void ReadNext(ref BitReader reader, HistogramTracking tracking)
    {
        tracking.TimeDelta += VarbitInt.Read(ref reader);
        tracking.TimeMs += tracking.TimeDelta;
        TNumbers.Read(ref reader, ref tracking.Count);
        TNumbers.Read(ref reader, ref tracking.ZeroCount);
        XorWindow.Read(ref reader, ref tracking.Sum);
        if (tracking.Sum.Value == Model.StaleMarker.Bits)
            return;
        foreach (ref TrackedValue bucket in tracking.Buckets)
            TNumbers.Read(ref reader, ref bucket);
    }

    private static void WriteFirst(ref BitWriter writer, ReadOnlySpan<ulong> values, Span<TrackedValue> tracked)
    {
        for (int i = 0; i < values.Length; i++)
        {
            TNumbers.WriteFirstBucket(ref writer, values[i]);
            tracked[i] = new TrackedValue(values[i], TNumbers.FirstTrend);
        }
    }

    private static void WriteNext(ref BitWriter writer, ReadOnlySpan<ulong> values, Span<TrackedValue> tracked)
    {
        for (int i = 0; i < values.Length; i++)
            TNumbers.Write(ref writer, values[i], ref tracked[i]);
    }
}
