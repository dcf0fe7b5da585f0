using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Moves full chunks to files, so that a series keeps in memory only where its chunks are. One run at a time, not beside a
/// truncation; appends and queries go on.
/// </summary>
/// <remarks>
/// A chunk goes only when every reader, present or future, sees all of its samples: how many of them a reader must not see could
/// not be told afterwards. Others wait for the next run.
/// </remarks>
internal sealed class ChunkMover(HeadState head, HeadChunkFiles files)
{
    // Chunks written before their pieces are replaced; between the two they are in memory and on disk.
    private readonly int _batchChunks = head.Options.ChunkWriteQueueSize is > 0 and var size ? size : 4096;

    private readonly List<MovableChunk> _chunks = [];
    private readonly List<ulong> _references = [];
    private long _queued;
    private long _moved;

    /// <summary>Chunks moved so far.</summary>
    public long Moved => Interlocked.Read(ref _moved);

    /// <summary>Chunks that were to be moved so far, again and again those that could not be written.</summary>
    public long Queued => Interlocked.Read(ref _queued);

    /// <summary>Moves what can be moved.</summary>
    /// <exception cref="IOException">The files could not be written; what was not written stays in memory.</exception>
    public void Run()
    {
        foreach (HeadShard shard in head.Shards)
            Run(shard);
    }

    private void Run(HeadShard shard)
    {
        List<ulong> noted;
        lock (shard.Lock)
            noted = shard.TakeSealed();
        EpochPin pin = head.Epochs.Pin();
        int next = 0;
        try
        {
            while (next < noted.Count)
            {
                int first = next;
                next = Collect(shard, noted, next);
                WriteOrNoteAgain(shard, noted, first, next);
            }
        }
        finally
        {
            NoteAgain(shard, noted, next, noted.Count);
            head.Epochs.Unpin(pin);
        }
    }

    // Returns where the batch ends among the noted series.
    private int Collect(HeadShard shard, List<ulong> noted, int next)
    {
        _chunks.Clear();
        lock (shard.Lock)
        {
            long watermark = head.Isolation.Watermark;
            for (; next < noted.Count && _chunks.Count < _batchChunks; next++)
            {
                if (!head.Index.References.TryGet(noted[next], out uint slot))
                    continue;
                ref SeriesState state = ref head.Index.Series.State(slot);
                state.Flags &= ~SeriesFlags.NotedSealed;
                if (state.Transaction > watermark)
                    shard.NoteSealed(ref state, noted[next]);
                else
                    SealedChain.CollectInMemory(shard, head.Index.Series.Entry(slot), _chunks);
            }
        }

        return next;
    }

    private void WriteOrNoteAgain(HeadShard shard, List<ulong> noted, int first, int end)
    {
        try
        {
            Write();
        }
        catch
        {
            NoteAgain(shard, noted, first, end);
            throw;
        }

        Replace(shard);
    }

    private void Write()
    {
        Interlocked.Add(ref _queued, _chunks.Count);
        _references.Clear();
        foreach (MovableChunk chunk in _chunks)
        {
            _references.Add(files.Append(
                chunk.Series, chunk.Chunk.MinTimeMs, chunk.Chunk.MaxTimeMs, chunk.Chunk.Encoding, isOutOfOrder: false, chunk.Span));
        }

        files.Flush();
    }

    private void Replace(HeadShard shard)
    {
        var replaced = new List<(uint Handle, int Bytes)>(_chunks.Count);
        lock (shard.Lock)
        {
            for (int i = 0; i < _chunks.Count; i++)
            {
                MovableChunk chunk = _chunks[i];
                if (head.Index.References.TryGet(chunk.Series, out uint slot)
                    && SealedChain.TryMoveToDisk(shard, ref head.Index.Series.Entry(slot), chunk.Handle, _references[i]))
                    replaced.Add((chunk.Handle, chunk.Chunk.PieceBytes));
            }
        }

        Interlocked.Add(ref _moved, replaced.Count);
        head.Epochs.Retire(() => Free(shard, replaced));
    }

    private static void Free(HeadShard shard, List<(uint Handle, int Bytes)> pieces)
    {
        lock (shard.Lock)
        {
            foreach ((uint handle, int bytes) in pieces)
                shard.Sealed.Free(handle, bytes);
        }
    }

    private void NoteAgain(HeadShard shard, List<ulong> noted, int first, int end)
    {
        lock (shard.Lock)
        {
            for (int i = first; i < end; i++)
            {
                if (!head.Index.References.TryGet(noted[i], out uint slot))
                    continue;
                ref SeriesState state = ref head.Index.Series.State(slot);
                state.Flags &= ~SeriesFlags.NotedSealed;
                shard.NoteSealed(ref state, noted[i]);
            }
        }
    }
}
