using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>A chunk in a file of the head.</summary>
/// <param name="Series">The reference of the series that it belongs to.</param>
/// <param name="MinTimeMs">Its first sample's time.</param>
/// <param name="MaxTimeMs">Its last sample's time.</param>
/// <param name="Encoding">How its data is encoded.</param>
/// <param name="IsOutOfOrder">Whether its samples came out of order.</param>
/// <param name="Reference">Where it is (<see cref="HeadChunkFormat.Reference"/>).</param>
/// <param name="Length">Bytes of its data.</param>
internal readonly record struct HeadChunkEntry(
    ulong Series, long MinTimeMs, long MaxTimeMs, ChunkEncoding Encoding, bool IsOutOfOrder, ulong Reference, int Length);
