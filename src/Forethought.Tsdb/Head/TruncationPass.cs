namespace Forethought.Tsdb.Head;

/// <summary>
/// One walk of a truncation over all series: unlinks old chunks, marks series without chunks, finds the oldest time left.
/// </summary>
/// <remarks>Bounds: handles are followed along chains of live pieces only, each of which begins with its header.</remarks>
internal sealed unsafe class TruncationPass(HeadState head, long minTimeMs, bool collectsIdle)
{
    private readonly UnlinkedChunks _unlinked = new(head);

    /// <summary>Series that were idle before and still are, and may be collected.</summary>
    public List<uint> Collectable { get; } = [];

    /// <summary>Series that this pass marked idle.</summary>
    public List<uint> MarkedIdle { get; } = [];

    /// <summary>Start of the oldest chunk left; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestMs { get; private set; } = long.MaxValue;

    /// <summary>Visits the series of a range of slots.</summary>
    public void Visit(uint first, uint end)
    {
        using var lease = new ShardLease(head.Shards);
        for (uint slot = first; slot < end; slot++)
        {
            ref SeriesState state = ref head.Index.Series.State(slot);
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            HeadShard shard = lease.MoveTo(slot);
            if (entry.Reference == 0 || (state.Flags & SeriesFlags.Dead) != 0)
                continue;
            DropOpen(shard, ref state, ref entry);
            UnlinkSealed(shard, ref entry);
            if ((state.Flags & SeriesFlags.Open) != 0 || entry.Sealed != 0)
                continue;
            NewestSample.LeaveHistogram(head.Counters, shard, ref state);
            if ((state.Flags & SeriesFlags.HasOutOfOrder) == 0)
                NoteIdle(slot, ref state);
        }
    }

    /// <summary>Frees the chunks that were unlinked, once no reader can hold their addresses.</summary>
    public void RetireChunks() => _unlinked.Retire();

    private void NoteIdle(uint slot, ref SeriesState state)
    {
        if ((state.Flags & SeriesFlags.Idle) == 0)
        {
            state.Flags |= SeriesFlags.Idle;
            MarkedIdle.Add(slot);
        }
        else if (collectsIdle)
        {
            Collectable.Add(slot);
        }
    }

    // Readers copy the open chunk under the lock: nobody else has its blocks.
    private void DropOpen(HeadShard shard, ref SeriesState state, ref SeriesEntry entry)
    {
        if ((state.Flags & SeriesFlags.Open) == 0)
            return;
        if (OpenChunk.LastTimeMs(shard, ref state) >= minTimeMs)
        {
            OldestMs = Math.Min(OldestMs, entry.OpenMinTimeMs);
            return;
        }

        NewestSample.LeaveHistogram(head.Counters, shard, ref state);
        OpenChunk.Free(shard, ref state);
        HeadCounters.Add(ref head.Counters.ChunksRemoved, 1);
        if ((state.Flags & SeriesFlags.HasEarlierRuns) == 0)
            return;
        shard.Runs.Free(entry.EarlierRuns);
        entry.EarlierRuns = 0;
        state.Flags &= ~SeriesFlags.HasEarlierRuns;
    }

    // Chunks are chained from the newest to the oldest: the first one that is too old takes all behind it along.
    private void UnlinkSealed(HeadShard shard, ref SeriesEntry entry)
    {
        ref uint link = ref entry.Sealed;
        while (link != 0)
        {
            var chunk = (SealedChunk*)shard.Sealed.Pointer(link);
            if (chunk->MaxTimeMs < minTimeMs)
            {
                _unlinked.Take(shard, ref link);
                return;
            }

            OldestMs = Math.Min(OldestMs, chunk->MinTimeMs);
            link = ref chunk->Previous;
        }
    }
}
