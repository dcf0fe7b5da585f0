using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Head;

/// <summary>The chain of a series' full chunks, from the newest to the oldest. Used under the shard lock.</summary>
/// <remarks>
/// Bounds: a piece is allocated for its header and for what that says follows; handles are those of live pieces, by the lock.
/// </remarks>
internal static unsafe class SealedChain
{
    /// <summary>The newest full chunk; there must be one.</summary>
    public static SealedChunk Newest(HeadShard shard, in SeriesEntry entry) => *(SealedChunk*)shard.Sealed.Pointer(entry.Sealed);

    /// <summary>From the first sample of the oldest full chunk to the last of the newest; null when there is none.</summary>
    public static TimeInterval? Times(HeadShard shard, in SeriesEntry entry)
    {
        if (entry.Sealed == 0)
            return null;
        var newest = (SealedChunk*)shard.Sealed.Pointer(entry.Sealed);
        SealedChunk* oldest = newest;
        while (oldest->Previous != 0)
            oldest = (SealedChunk*)shard.Sealed.Pointer(oldest->Previous);
        return new TimeInterval(oldest->MinTimeMs, newest->MaxTimeMs);
    }

    /// <summary>Adds the times of all full chunks.</summary>
    public static void AddTimes(HeadShard shard, in SeriesEntry entry, List<TimeInterval> into)
    {
        for (uint handle = entry.Sealed; handle != 0;)
        {
            var chunk = (SealedChunk*)shard.Sealed.Pointer(handle);
            into.Add(new TimeInterval(chunk->MinTimeMs, chunk->MaxTimeMs));
            handle = chunk->Previous;
        }
    }

    /// <summary>Frees all full chunks, which no reader may have.</summary>
    /// <returns>How many there were.</returns>
    public static int Free(HeadShard shard, ref SeriesEntry entry)
    {
        int freed = 0;
        for (; entry.Sealed != 0; freed++)
        {
            var chunk = (SealedChunk*)shard.Sealed.Pointer(entry.Sealed);
            uint previous = chunk->Previous;
            shard.Sealed.Free(entry.Sealed, chunk->PieceBytes);
            entry.Sealed = previous;
        }

        return freed;
    }

    /// <summary>Puts room for a chunk in front of the chain.</summary>
    /// <param name="shard">The series' shard.</param>
    /// <param name="entry">The series.</param>
    /// <param name="chunk">What is known of the chunk; the link to the next older one is filled in.</param>
    /// <returns>Where its bytes go, valid while the lock is held.</returns>
    public static Span<byte> Push(HeadShard shard, ref SeriesEntry entry, SealedChunk chunk)
    {
        uint handle = shard.Sealed.Allocate(chunk.PieceBytes);
        byte* piece = shard.Sealed.Pointer(handle);
        chunk.Previous = entry.Sealed;
        *(SealedChunk*)piece = chunk;
        entry.Sealed = handle;
        return new Span<byte>(piece + sizeof(SealedChunk), chunk.Length);
    }

    /// <summary>Puts a chunk that is in a file in front of the chain.</summary>
    public static void PushReference(HeadShard shard, ref SeriesEntry entry, in HeadChunkEntry chunk)
    {
        SealedChunk header =
            SealedChunk.Make(chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Encoding, chunk.Length, entry.Sealed).MoveToDisk();
        entry.Sealed = AllocateReference(shard, header, chunk.Reference);
    }

    /// <summary>The chunks that are in memory, oldest first; their bytes stay readable while the caller's epoch is pinned.</summary>
    public static void CollectInMemory(HeadShard shard, in SeriesEntry entry, List<MovableChunk> chunks)
    {
        int first = chunks.Count;
        for (uint handle = entry.Sealed; handle != 0;)
        {
            byte* piece = shard.Sealed.Pointer(handle);
            var chunk = (SealedChunk*)piece;
            if (!chunk->IsOnDisk)
                chunks.Add(new MovableChunk(entry.Reference, handle, *chunk, (nint)(piece + sizeof(SealedChunk))));
            handle = chunk->Previous;
        }

        chunks.Reverse(first, chunks.Count - first);
    }

    /// <summary>Replaces a chunk by its reference in a file.</summary>
    /// <returns>Whether the chunk was still there; if so, the piece is unlinked and to be freed when no reader can have it.</returns>
    public static bool TryMoveToDisk(HeadShard shard, ref SeriesEntry entry, uint handle, ulong reference)
    {
        ref uint link = ref entry.Sealed;
        while (link != 0)
        {
            var chunk = (SealedChunk*)shard.Sealed.Pointer(link);
            if (link == handle)
            {
                link = AllocateReference(shard, chunk->MoveToDisk(), reference);
                return true;
            }

            link = ref chunk->Previous;
        }

        return false;
    }

    private static uint AllocateReference(HeadShard shard, SealedChunk header, ulong reference)
    {
        uint handle = shard.Sealed.Allocate(header.PieceBytes);
        byte* piece = shard.Sealed.Pointer(handle);
        *(SealedChunk*)piece = header;
        *(ulong*)(piece + sizeof(SealedChunk)) = reference;
        return handle;
    }
}
