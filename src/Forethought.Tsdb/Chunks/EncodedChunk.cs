namespace Forethought.Tsdb.Chunks;

/// <summary>A chunk that a <see cref="ChunkEncoder"/> has finished.</summary>
/// <param name="MinTimeMs">The time of its first sample.</param>
/// <param name="MaxTimeMs">The time of its last sample.</param>
/// <param name="Encoding">How it is encoded.</param>
/// <param name="SampleCount">The number of samples.</param>
/// <param name="Offset">Where its bytes begin among those of the encoder.</param>
/// <param name="Length">The number of bytes.</param>
internal readonly record struct EncodedChunk(
    long MinTimeMs, long MaxTimeMs, ChunkEncoding Encoding, int SampleCount, int Offset, int Length);
