using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// Deletes samples that came out of order, for good: their chunks are made anew. A deletion names the times of the samples that are
/// there, not a range, so that what comes late afterwards is new, whatever its time and whichever of the two is logged first.
/// Not beside a compaction; not thread-safe.
/// </summary>
internal sealed class OutOfOrderDeletion(HeadState head) : IDisposable
{
    private readonly ChunkRows _rows = new();
    private readonly ChunkDeletion _chunks = new(head.Allocator);

    /// <summary>Finds the times of a series' samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    /// <exception cref="TsdbCorruptionException">A chunk is damaged.</exception>
    public TimeIntervals Find(uint slot, long minTimeMs, long maxTimeMs)
    {
        var times = new TimeIntervals();
        lock (head.ShardOf(slot).Lock)
        {
            foreach (OutOfOrderGeneration generation in head.OutOfOrder.Generations)
                generation.Find(slot)?.CollectTimes(minTimeMs, maxTimeMs, _rows, times);
        }

        return times;
    }

    /// <summary>Deletes the samples of the times of each series; series that are not there are passed over.</summary>
    /// <exception cref="TsdbCorruptionException">A chunk is damaged; series before it are done.</exception>
    public void Apply(TombstoneSet deleted)
    {
        foreach ((ulong reference, TimeIntervals times) in deleted.Series)
        {
            if (head.Index.References.TryGet(reference, out uint slot))
                Apply(slot, times.Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _chunks.Dispose();

    private void Apply(uint slot, ReadOnlySpan<TimeInterval> times)
    {
        bool isLeft = false;
        lock (head.ShardOf(slot).Lock)
        {
            foreach (OutOfOrderGeneration generation in head.OutOfOrder.Generations)
                isLeft |= Remove(generation, slot, times);
            if (!isLeft)
                head.Index.Series.State(slot).Flags &= ~SeriesFlags.HasOutOfOrder;
        }
    }

    // Says whether the generation still has samples of the series.
    private bool Remove(OutOfOrderGeneration generation, uint slot, ReadOnlySpan<TimeInterval> times)
    {
        if (generation.Find(slot) is not { } series)
            return false;
        int before = series.ChunkCount;
        series.Remove(times, _chunks);
        int after = series.ChunkCount;
        HeadCounters.Add(ref head.Counters.ChunksRemoved, Math.Max(0, before - after));
        HeadCounters.Add(ref head.Counters.ChunksCreated, Math.Max(0, after - before));
        if (after == 0)
            generation.Remove(slot);
        return after > 0;
    }
}
