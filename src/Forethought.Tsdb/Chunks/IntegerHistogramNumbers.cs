using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Integer counts: coded as changes of changes, in <see cref="VarbitInt"/>.</summary>
internal readonly struct IntegerHistogramNumbers : IHistogramNumbers
{
    public static ChunkEncoding Encoding => ChunkEncoding.Histogram;

    public static ChunkEncoding EncodingWithStartTimes => ChunkEncoding.HistogramWithStartTimes;

    public static long FirstTrend => 0;

    public static CounterResetHint HeaderAfter(HistogramFit fit, bool isPreviousFull) => fit switch
    {
        HistogramFit.Reset => CounterResetHint.CounterReset,
        HistogramFit.OtherLayout => CounterResetHint.Unknown,
        _ => CounterResetHint.NotCounterReset,
    };

    public static void WriteFirstCount(ref BitWriter writer, ulong value) => VarbitInt.WriteUnsigned(ref writer, value);

    public static ulong ReadFirstCount(ref BitReader reader) => VarbitInt.ReadUnsigned(ref reader);

    public static void WriteFirstBucket(ref BitWriter writer, ulong value) => VarbitInt.Write(ref writer, (long)value);

    public static ulong ReadFirstBucket(ref BitReader reader) => (ulong)VarbitInt.Read(ref reader);

    public static void Write(ref BitWriter writer, ulong value, ref TrackedValue tracked)
    {
        long change = (long)(value - tracked.Value);
        VarbitInt.Write(ref writer, change - tracked.Trend);
        tracked = new TrackedValue(value, change);
    }

    public static void Read(ref BitReader reader, ref TrackedValue tracked)
    {
        tracked.Trend += VarbitInt.Read(ref reader);
        tracked.Value += (ulong)tracked.Trend;
    }

    public static void WriteStaleCount(ref BitWriter writer, ref TrackedValue tracked)
    {
        // Only stale markers can follow in this chunk, so what is tracked does not matter any more.
        VarbitInt.Write(ref writer, 0);
        tracked.Value = 0;
    }

    public static bool IsCountLower(ulong count, ulong than) => count < than;

    public static bool IsBucketLower(ulong absolute, ulong than) => (long)absolute < (long)than;

    public static bool IsZero(ulong absolute) => absolute == 0;

    public static void ToAbsolute(Span<ulong> buckets)
    {
        for (int i = 1; i < buckets.Length; i++)
            buckets[i] += buckets[i - 1];
    }

    public static void ToStored(Span<ulong> buckets)
    {
        for (int i = buckets.Length - 1; i > 0; i--)
            buckets[i] -= buckets[i - 1];
    }

    public static double CountToDouble(ulong count) => count;

    public static void ToDoubles(ReadOnlySpan<TrackedValue> stored, Span<double> absolute)
    {
        long count = 0;
        for (int i = 0; i < stored.Length; i++)
        {
            count += (long)stored[i].Value;
            absolute[i] = count;
        }
    }
}
