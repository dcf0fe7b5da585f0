using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Blocks;

/// <summary>A chunk as read from a segment, its checksum verified; valid until the next one is read.</summary>
internal readonly ref struct StoredChunk(ChunkEncoding encoding, ReadOnlySpan<byte> bytes)
{
    public ChunkEncoding Encoding { get; } = encoding;

    /// <summary>The chunk from its sample count on.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}
