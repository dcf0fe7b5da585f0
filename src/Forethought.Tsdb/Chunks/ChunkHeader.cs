using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Forethought.Tsdb.Chunks;

/// <summary>What all encodings begin with: the number of samples, 2 bytes big-endian.</summary>
internal static class ChunkHeader
{
    public const int SampleCountBytes = 2;

    /// <summary>The number of samples that a chunk says it has.</summary>
    /// <exception cref="TsdbCorruptionException">There is not even a count.</exception>
    public static int ReadSampleCount(ChunkEncoding encoding, ReadOnlySpan<byte> chunk)
    {
        int count = ReadSampleCount(chunk);
        return encoding is ChunkEncoding.HistogramWithStartTimes or ChunkEncoding.FloatHistogramWithStartTimes
            ? count & HistogramChunkHeader.CountMaskWithStartTimes
            : count;
    }

    /// <summary>
    /// The first two bytes of a chunk: the number of samples, and in encodings of histograms with start timestamps something else above it.
    /// </summary>
    /// <exception cref="TsdbCorruptionException">There is not even a count.</exception>
    public static int ReadSampleCount(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < SampleCountBytes)
            ThrowTruncated(chunk, "a sample count");
        return BinaryPrimitives.ReadUInt16BigEndian(chunk);
    }

    /// <summary>Moves the rows from <paramref name="minTimeMs"/> on to the front and returns their number.</summary>
    public static int DropBefore<T>(long minTimeMs, Span<long> times, Span<T> values)
    {
        int first = 0;
        while (first < times.Length && times[first] < minTimeMs)
            first++;
        if (first == 0)
            return times.Length;
        int kept = times.Length - first;
        times[first..].CopyTo(times);
        values.Slice(first, kept).CopyTo(values);
        return kept;
    }

    [DoesNotReturn]
    public static void ThrowTruncated(ReadOnlySpan<byte> chunk, string expected) =>
        TsdbCorruptionException.Throw("unexpected EOF", chunk.Length, expected, $"{chunk.Length} bytes");
}
