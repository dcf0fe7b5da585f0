namespace Forethought.Tsdb.Blocks;

/// <summary>What an index says of a chunk.</summary>
/// <param name="Reference">Where it is: the number of its segment, counted from 0, and in the low 32 bits its offset there.</param>
/// <param name="MinTimeMs">The time of its first sample.</param>
/// <param name="MaxTimeMs">The time of its last sample.</param>
internal readonly record struct ChunkMeta(ulong Reference, long MinTimeMs, long MaxTimeMs);
