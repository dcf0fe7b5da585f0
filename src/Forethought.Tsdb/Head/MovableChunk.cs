namespace Forethought.Tsdb.Head;

/// <summary>A full chunk in memory that may be moved to a file.</summary>
/// <param name="Series">The series' reference.</param>
/// <param name="Handle">Its piece in the shard's arena.</param>
/// <param name="Chunk">What is known of it.</param>
/// <param name="Bytes">The address of its bytes, alive while the epoch of whoever took it is pinned.</param>
/// <remarks>Bounds: the chunk's length is what follows the address, as the piece's header has it.</remarks>
internal readonly unsafe record struct MovableChunk(ulong Series, uint Handle, SealedChunk Chunk, nint Bytes)
{
    public ReadOnlySpan<byte> Span => new((void*)Bytes, Chunk.Length);
}
