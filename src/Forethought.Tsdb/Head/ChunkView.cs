using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Head;

/// <summary>A chunk that a reader is about to decode.</summary>
/// <param name="Bytes">Its bytes in the arena, alive while the reader's epoch is pinned; null where they are elsewhere.</param>
/// <param name="DiskReference">Where it is in the head's files; 0 for the copy of the open chunk and for one in the arena.</param>
/// <param name="Length">Their number.</param>
/// <param name="Encoding">The encoding as in files.</param>
/// <param name="HiddenSamples">Newest samples that the reader must not see.</param>
/// <param name="MinTimeMs">The first sample's time.</param>
/// <param name="MaxTimeMs">The last sample's time, hidden or not.</param>
/// <remarks>Bounds: address and length are those of one piece, as its header had them.</remarks>
internal readonly unsafe record struct ChunkView(
    nint Bytes, ulong DiskReference, int Length, ChunkEncoding Encoding, int HiddenSamples, long MinTimeMs, long MaxTimeMs)
{
    /// <summary>The bytes in the arena; of the open chunk, those of the reader's copy.</summary>
    public ReadOnlySpan<byte> Span(byte[] openCopy) =>
        Bytes == 0 ? openCopy.AsSpan(0, Length) : new ReadOnlySpan<byte>((void*)Bytes, Length);
}
