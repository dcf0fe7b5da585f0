using Forethought.Client;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Drops what is older than a time: full and open chunks that end before it, then series that had no chunk when an earlier pass
/// looked and that no transaction has touched since. Memory is freed when the epoch has drained. One truncation at a time.
/// </summary>
/// <remarks>
/// A series without chunks is first marked idle. Whoever finds it to append unmarks it under the shard lock and keeps an epoch
/// pinned. So a series that is still idle once all pins from before the marking are gone belongs to no open transaction.
/// </remarks>
internal sealed class HeadTruncation(HeadState head)
{
    // Series collected under one hold of the index lock; creating a series waits that long at most.
    private const int CollectBatch = 2048;

    // Slots visited under one lease of shard locks: a page, so one lock.
    private const uint PassStep = 1024;

    private long _markedEpoch = long.MaxValue;

    public Summary Duration { get; } = new(
        "prometheus_tsdb_head_gc_duration_seconds", "Runtime of garbage collection in the head block.");

    /// <summary>
    /// Truncates to samples of at least <paramref name="minTimeMs"/>; chunks that reach beyond it stay whole. Waits for readers that
    /// are open and want older samples, then works on a thread of its own.
    /// </summary>
    /// <param name="minTimeMs">The first time that is kept.</param>
    /// <param name="cancellationToken">Ends the wait for readers; nothing was dropped then.</param>
    /// <returns>The references of collected series.</returns>
    public async Task<IReadOnlyList<ulong>> TruncateAsync(long minTimeMs, CancellationToken cancellationToken = default)
    {
        head.Bounds.RaiseMinValid(minTimeMs);
        await head.Isolation.WhenReadersBeforeClosed(minTimeMs).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await head.Options.DiskWork.RunAsync(() => Truncate(minTimeMs), CancellationToken.None).ConfigureAwait(false);
    }

    private List<ulong> Truncate(long minTimeMs)
    {
        long start = head.Options.TimeProvider.GetTimestamp();
        var collected = new List<ulong>();
        head.Bounds.BeginTruncation();
        var pass = new TruncationPass(head, minTimeMs, collectsIdle: _markedEpoch != long.MaxValue && head.Epochs.HasDrained(_markedEpoch));
        for (uint slot = 0; slot < head.Index.Series.Length; slot += PassStep)
            pass.Visit(slot, Math.Min(slot + PassStep, head.Index.Series.Length));
        pass.RetireChunks();
        RetireFiles(minTimeMs);
        Collect(pass.Collectable, collected);
        _markedEpoch = head.Epochs.Advance();
        if (head.Epochs.HasDrained(_markedEpoch))
            Collect(pass.MarkedIdle, collected);

        // A chunk in a file is found again at the next start, though the head has dropped it.
        head.Tombstones.Truncate(Math.Min(pass.OldestMs, head.ChunkFiles?.OldestMs ?? long.MaxValue), collected);
        if (head.Bounds.MinTimeMs != long.MaxValue)
            head.Bounds.EndTruncation(Math.Max(minTimeMs, Math.Min(pass.OldestMs, head.Bounds.AppendableMinTimeMs(minTimeMs))));
        head.Metadata.Remove(collected);
        head.Epochs.Drain();
        Duration.Observe(head.Options.TimeProvider.GetElapsedTime(start).TotalSeconds);
        return collected;
    }

    // Files that cannot be finished now go another time. The pass must come to its end: what it marked idle counts from there on.
    private void RetireFiles(long minTimeMs)
    {
        try
        {
            if (head.ChunkFiles is { } files)
                head.Epochs.Retire(files.Truncate(minTimeMs));
        }
        catch (IOException e)
        {
            head.Options.Warned?.Invoke("truncate chunks_head: " + e.Message);
        }
    }

    private void Collect(List<uint> candidates, List<ulong> references)
    {
        var slots = new List<uint>();
        foreach (uint[] part in candidates.Chunk(CollectBatch))
        {
            lock (head.Index.Lock)
            {
                foreach (uint slot in part)
                {
                    if (!TryKill(slot))
                        continue;
                    references.Add(head.Index.Series.Entry(slot).Reference);
                    head.Index.Remove(slot);
                    slots.Add(slot);
                }
            }
        }

        if (slots.Count == 0)
            return;
        lock (head.Index.Lock)
            head.Index.FinishRemoval(slots);
        HeadCounters.Add(ref head.Counters.SeriesRemoved, slots.Count);
    }

    private bool TryKill(uint slot)
    {
        HeadShard shard = head.ShardOf(slot);
        lock (shard.Lock)
        {
            ref SeriesState state = ref head.Index.Series.State(slot);
            if ((state.Flags & (SeriesFlags.Idle | SeriesFlags.Open | SeriesFlags.HasOutOfOrder | SeriesFlags.Dead)) != SeriesFlags.Idle)
                return false;
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            if (entry.Sealed != 0)
                return false;
            NewestSample.Forget(head.Counters, shard, ref state);
            shard.Runs.Free(entry.EarlierRuns);
            entry.EarlierRuns = 0;
            state.Flags = SeriesFlags.Dead;
            return true;
        }
    }
}
