using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Tsdb.Chunks;

/// <summary>How the counts of one kind of histogram are coded and compared; implemented for integer and for float counts.</summary>
/// <remarks>
/// A count or bucket travels as 64 bits: an integer or the bits of a float. Buckets of integer histograms are differences to their
/// neighbour, as chunks store them; <see cref="ToAbsolute"/> and <see cref="ToStored"/> convert.
/// </remarks>
internal interface IHistogramNumbers
{
    static abstract ChunkEncoding Encoding { get; }

    static abstract ChunkEncoding EncodingWithStartTimes { get; }

    /// <summary>The trend of a number that has no successor yet, for a writer; a reader starts with 0.</summary>
    static abstract long FirstTrend { get; }

    /// <summary>The counter-reset header of a counter chunk that follows one to which its first sample relates as told.</summary>
    /// <param name="fit">Whether and why the sample did not fit the previous chunk.</param>
    /// <param name="isPreviousFull">Whether the chunk was cut for its size, not because of the sample.</param>
    static abstract CounterResetHint HeaderAfter(HistogramFit fit, bool isPreviousFull);

    static abstract void WriteFirstCount(ref BitWriter writer, ulong value);

    static abstract ulong ReadFirstCount(ref BitReader reader);

    static abstract void WriteFirstBucket(ref BitWriter writer, ulong value);

    static abstract ulong ReadFirstBucket(ref BitReader reader);

    static abstract void Write(ref BitWriter writer, ulong value, ref TrackedValue tracked);

    static abstract void Read(ref BitReader reader, ref TrackedValue tracked);

    /// <summary>Writes the count of a stale marker, which has none.</summary>
    static abstract void WriteStaleCount(ref BitWriter writer, ref TrackedValue tracked);

    static abstract bool IsCountLower(ulong count, ulong than);

    static abstract bool IsBucketLower(ulong absolute, ulong than);

    /// <summary>Whether a bucket's absolute count is zero.</summary>
    static abstract bool IsZero(ulong absolute);

    static abstract void ToAbsolute(Span<ulong> buckets);

    static abstract void ToStored(Span<ulong> buckets);

    static abstract double CountToDouble(ulong count);

    /// <summary>Turns stored buckets into absolute float counts.</summary>
    static abstract void ToDoubles(ReadOnlySpan<TrackedValue> stored, Span<double> absolute);
}
