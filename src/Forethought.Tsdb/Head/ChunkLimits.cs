using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>
/// What chunks are started, and when one is full, as upstream decides it: at multiples of the chunk range, and so that the chunks of a range hold about
/// equally many samples, which is predicted once a quarter of a chunk is there.
/// </summary>
/// <param name="RangeMs">Chunks do not cross multiples of this.</param>
/// <param name="SamplesPerChunk">Samples that a float chunk is meant to hold.</param>
/// <param name="Floats">The encoding of floats to begin with.</param>
/// <param name="StoresStartTimes">Whether samples come with start timestamps.</param>
/// <param name="WritesHistogramStartTimes">Whether chunks of histograms have a place for start timestamps.</param>
internal sealed record ChunkLimits(
    long RangeMs,
    int SamplesPerChunk,
    ChunkEncoding Floats = ChunkEncoding.Xor,
    bool StoresStartTimes = false,
    bool WritesHistogramStartTimes = false)
{
    /// <summary>Bytes that a histogram chunk is meant to have.</summary>
    public const int HistogramBytes = 1024;

    /// <summary>Samples that a histogram chunk has at least, within its range.</summary>
    public const int MinHistogramSamples = 10;

    /// <summary>The end of the range that a time falls into.</summary>
    public long RangeEnd(long timeMs)
    {
        // Rounds toward zero, as upstream's integer division does.
        long start = timeMs / RangeMs * RangeMs;
        return start > long.MaxValue - RangeMs ? long.MaxValue : start + RangeMs;
    }

    /// <summary>
    /// Where a chunk should end, given that a fraction of it (1 / <paramref name="ratioToFull"/>) took from
    /// <paramref name="startMs"/> to <paramref name="nowMs"/> and that <paramref name="latestMs"/> is the latest end.
    /// </summary>
    public static long PredictEnd(long startMs, long nowMs, long latestMs, double ratioToFull)
    {
        double chunks = (latestMs - startMs) / ((nowMs - startMs + 1) * ratioToFull);
        return chunks <= 1 ? latestMs : (long)(startMs + (latestMs - startMs) / Math.Floor(chunks));
    }
}
