using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The series of the head that went stale, on their way into blocks: found, kept apart from those that come back meanwhile, and taken
/// out of head and log. Not beside a truncation, which is the other one to mark series idle.
/// </summary>
/// <remarks>
/// A series that is found is marked idle. Whoever finds it to append unmarks it under the shard lock, so that one which is still marked
/// when the transactions from before the marking have ended has the samples that it had then, until it is unmarked.
/// </remarks>
internal sealed class StaleSeries
{
    // Series that leave under one hold of the index lock, and in one record; creating a series waits that long at most.
    private const int EvictBatch = 2048;

    private const SeriesFlags Decisive =
        SeriesFlags.Stale | SeriesFlags.Idle | SeriesFlags.HasOutOfOrder | SeriesFlags.Dead;

    private readonly HeadState _head;
    private readonly List<uint> _slots = [];

    private StaleSeries(HeadState head) => _head = head;

    /// <summary>The series, by their slots.</summary>
    public IReadOnlyCollection<uint> Slots => _slots;

    /// <summary>
    /// Finds the series whose newest sample is a stale marker and which have nothing that came out of order. Those with a sample ahead of
    /// the time that the head has come to are left out: a block that ends far ahead would make all others look old.
    /// </summary>
    /// <returns>To be told to <see cref="Release"/> in the end.</returns>
    public static async Task<StaleSeries> FindAsync(HeadState head, CancellationToken cancellationToken)
    {
        var found = new StaleSeries(head);
        try
        {
            found.Mark();
            await head.Isolation.WhenAppendsClosed().WaitAsync(cancellationToken).ConfigureAwait(false);
            found.DropTouched();
            return found;
        }
        catch
        {
            found.Release();
            throw;
        }
    }

    /// <summary>Whether a series that was found is as it was then; under the shard lock.</summary>
    public static bool IsUntouched(in SeriesState state) => (state.Flags & Decisive) == (SeriesFlags.Stale | SeriesFlags.Idle);

    /// <summary>The starts of the ranges in which the series have chunks.</summary>
    public SortedSet<long> RangeStarts()
    {
        long range = _head.Options.ChunkRangeMs;
        var starts = new SortedSet<long>();
        var times = new List<TimeInterval>();
        using var lease = new ShardLease(_head.Shards);
        foreach (uint slot in _slots)
        {
            HeadShard shard = lease.MoveTo(slot);
            ref SeriesState state = ref _head.Index.Series.State(slot);
            ref SeriesEntry entry = ref _head.Index.Series.Entry(slot);
            times.Clear();
            SealedChain.AddTimes(shard, entry, times);
            if ((state.Flags & SeriesFlags.Open) != 0)
                times.Add(new TimeInterval(entry.OpenMinTimeMs, OpenChunk.LastTimeMs(shard, ref state)));
            foreach (TimeInterval chunk in times)
            {
                for (long start = BlockRanges.StartOf(chunk.MinTimeMs, range); start <= chunk.MaxTimeMs; start = BlockRanges.EndOf(start, range))
                    starts.Add(start);
            }
        }

        return starts;
    }

    /// <summary>
    /// Takes the series that were not touched meanwhile out of the head, and says so in the log; blocks that queries read have their
    /// samples. Waits for readers that are open: what they have not read yet would be in none of their blocks.
    /// </summary>
    /// <param name="log">The log; null for a head without one.</param>
    /// <param name="cancellationToken">Ends the wait; all series stay.</param>
    /// <exception cref="IOException">
    /// The log could not be written: series that left will be in the head again after the next start, beside their blocks.
    /// </exception>
    public async Task EvictAsync(HeadLog? log, CancellationToken cancellationToken)
    {
        await _head.Isolation.WhenReadersBeforeClosed(long.MaxValue).WaitAsync(cancellationToken).ConfigureAwait(false);
        var eviction = new SeriesEviction(_head, log);
        try
        {
            foreach (uint[] part in _slots.Chunk(EvictBatch))
                await eviction.RunAsync(part).ConfigureAwait(false);
        }
        finally
        {
            eviction.Finish();
        }
    }

    /// <summary>Lets go of the series that are still in the head.</summary>
    public void Release()
    {
        using var lease = new ShardLease(_head.Shards);
        foreach (uint slot in _slots)
        {
            lease.MoveTo(slot);
            _head.Index.Series.State(slot).Flags &= ~SeriesFlags.Idle;
        }

        _slots.Clear();
    }

    private void Mark()
    {
        long presentMs = _head.Bounds.PresentTimeMs;
        using var lease = new ShardLease(_head.Shards);
        for (uint slot = 0; slot < _head.Index.Series.Length; slot++)
        {
            HeadShard shard = lease.MoveTo(slot);
            ref SeriesState state = ref _head.Index.Series.State(slot);
            ref SeriesEntry entry = ref _head.Index.Series.Entry(slot);
            if ((state.Flags & (Decisive & ~SeriesFlags.Idle)) != SeriesFlags.Stale || !(NewestTimeMs(shard, ref state, entry) <= presentMs))
                continue;
            state.Flags |= SeriesFlags.Idle;
            _slots.Add(slot);
        }
    }

    // Null without a chunk.
    private static long? NewestTimeMs(HeadShard shard, ref SeriesState state, in SeriesEntry entry)
    {
        if ((state.Flags & SeriesFlags.Open) != 0)
            return OpenChunk.LastTimeMs(shard, ref state);
        return entry.Sealed == 0 ? null : SealedChain.Newest(shard, entry).MaxTimeMs;
    }

    private void DropTouched()
    {
        int kept = 0;
        using var lease = new ShardLease(_head.Shards);
        for (int i = 0; i < _slots.Count; i++)
        {
            uint slot = _slots[i];
            lease.MoveTo(slot);
            ref SeriesState state = ref _head.Index.Series.State(slot);
            if (IsUntouched(state))
                _slots[kept++] = slot;
            else
                state.Flags &= ~SeriesFlags.Idle;
        }

        _slots.RemoveRange(kept, _slots.Count - kept);
    }
}
