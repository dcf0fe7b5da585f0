using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>A chunk of samples that came out of order. Immutable.</summary>
/// <param name="MinTimeMs">Its first sample's time.</param>
/// <param name="MaxTimeMs">Its last sample's time.</param>
/// <param name="Encoding">How it is encoded.</param>
/// <param name="Bytes">The chunk from its sample count on.</param>
internal readonly record struct OutOfOrderChunk(long MinTimeMs, long MaxTimeMs, ChunkEncoding Encoding, byte[] Bytes)
{
    /// <summary>Whether it may have samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    public bool Overlaps(long minTimeMs, long maxTimeMs) => MinTimeMs <= maxTimeMs && minTimeMs <= MaxTimeMs;
}
