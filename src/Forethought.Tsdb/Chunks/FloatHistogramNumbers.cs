using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>Float counts: each coded as the XOR with its predecessor.</summary>
internal readonly struct FloatHistogramNumbers : IHistogramNumbers
{
    public static ChunkEncoding Encoding => ChunkEncoding.FloatHistogram;

    public static ChunkEncoding EncodingWithStartTimes => ChunkEncoding.FloatHistogramWithStartTimes;

    public static long FirstTrend => XorWindow.None;

    public static CounterResetHint HeaderAfter(HistogramFit fit, bool isPreviousFull)
    {
        if (fit == HistogramFit.Reset)
            return CounterResetHint.CounterReset;
        return isPreviousFull ? CounterResetHint.NotCounterReset : CounterResetHint.Unknown;
    }

    public static void WriteFirstCount(ref BitWriter writer, ulong value) => writer.WriteBits(value, 64);

    public static ulong ReadFirstCount(ref BitReader reader) => reader.ReadBits(64);

    public static void WriteFirstBucket(ref BitWriter writer, ulong value) => writer.WriteBits(value, 64);

    public static ulong ReadFirstBucket(ref BitReader reader) => reader.ReadBits(64);

    public static void Write(ref BitWriter writer, ulong value, ref TrackedValue tracked) =>
        XorWindow.Write(ref writer, value, ref tracked);

    public static void Read(ref BitReader reader, ref TrackedValue tracked) => XorWindow.Read(ref reader, ref tracked);

    public static void WriteStaleCount(ref BitWriter writer, ref TrackedValue tracked) => XorWindow.Write(ref writer, 0, ref tracked);

    public static bool IsCountLower(ulong count, ulong than) => Float(count) < Float(than);

    public static bool IsBucketLower(ulong absolute, ulong than) => Float(absolute) < Float(than);

    public static bool IsZero(ulong absolute) => Float(absolute) == 0;

    public static void ToAbsolute(Span<ulong> buckets)
    {
        // They are.
    }

    public static void ToStored(Span<ulong> buckets)
    {
        // Stored as they are.
    }

    public static double CountToDouble(ulong count) => Float(count);

    public static void ToDoubles(ReadOnlySpan<TrackedValue> stored, Span<double> absolute)
    {
        for (int i = 0; i < stored.Length; i++)
            absolute[i] = Float(stored[i].Value);
    }

    private static double Float(ulong bits) => BitConverter.UInt64BitsToDouble(bits);
}
