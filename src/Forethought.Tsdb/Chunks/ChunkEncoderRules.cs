namespace Forethought.Tsdb.Chunks;

/// <summary>Which encodings a <see cref="ChunkEncoder"/> uses, and how long its chunks become.</summary>
/// <param name="Floats">
/// <see cref="ChunkEncoding.Xor"/> or <see cref="ChunkEncoding.Xor2"/> for floats; those with a start timestamp always need the latter.
/// </param>
/// <param name="WritesHistogramStartTimes">
/// Whether histograms without start timestamps, too, get the encodings that have them.
/// </param>
/// <param name="MaxSamples">The most samples in a chunk, 65,535 at most.</param>
internal readonly record struct ChunkEncoderRules(ChunkEncoding Floats, bool WritesHistogramStartTimes, int MaxSamples)
{
    /// <summary>Samples in a chunk that comes from merging overlapping ones, as upstream's <c>NewSeriesToChunkEncoder</c>.</summary>
    public const int MergedSamples = 120;

    /// <summary>For merging: a histogram's encoding is decided by its start timestamp.</summary>
    /// <param name="floats">What <c>storage.tsdb.chunk_encoding.floats</c> says.</param>
    public static ChunkEncoderRules Merging(ChunkEncoding floats) => new(floats, false, MergedSamples);

    /// <summary>For writing some of a chunk's samples again: the encoding stays and the chunk is not divided.</summary>
    public static ChunkEncoderRules Keeping(ChunkEncoding encoding) => new(
        encoding == ChunkEncoding.Xor2 ? ChunkEncoding.Xor2 : ChunkEncoding.Xor,
        encoding is ChunkEncoding.HistogramWithStartTimes or ChunkEncoding.FloatHistogramWithStartTimes,
        ushort.MaxValue);
}
