using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Compaction;

/// <summary>A chunk on its way into a block. Its bytes are valid until the source moves on.</summary>
/// <param name="minTimeMs">The time of its first sample.</param>
/// <param name="maxTimeMs">The time of its last sample.</param>
/// <param name="encoding">How it is encoded.</param>
/// <param name="bytes">The chunk from its sample count on, without encoding byte and checksum.</param>
internal readonly ref struct SourceChunk(long minTimeMs, long maxTimeMs, ChunkEncoding encoding, ReadOnlySpan<byte> bytes)
{
    public long MinTimeMs { get; } = minTimeMs;

    public long MaxTimeMs { get; } = maxTimeMs;

    public ChunkEncoding Encoding { get; } = encoding;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}
