using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Compaction;

/// <summary>How <see cref="ChunkMerge"/> writes chunks.</summary>
/// <param name="Floats">
/// The encoding of floats in chunks that are written anew, <see cref="ChunkEncoding.Xor"/> or <see cref="ChunkEncoding.Xor2"/>:
/// what <c>storage.tsdb.chunk_encoding.floats</c> says.
/// </param>
/// <param name="JoinsSmallChunks">
/// Whether neighbouring chunks of floats are joined while they are small, see <see cref="ChunkJoin"/>. Upstream does not do it.
/// </param>
internal sealed record ChunkMergeOptions(ChunkEncoding Floats = ChunkEncoding.Xor, bool JoinsSmallChunks = false);
