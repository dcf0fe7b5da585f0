using Forethought.Tsdb.Tombstones;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Deletions as replay meets them. Those of times are gathered for the head; a deletion of all times says that the series left the head
/// there (the compaction of stale series in later versions of Prometheus writes them): what the log has of it before is in a
/// block, and what it has after belongs to a new series. Used by the thread that reads the log.
/// </summary>
internal sealed class ReplayTombstones(HeadState head, ReplaySeries series)
{
    private readonly TombstoneSet _deleted = new();
    private readonly HashSet<uint> _leaving = [];

    /// <summary>Whether the records so far took series out of the head, for <see cref="Evict()"/>.</summary>
    public bool HasLeaving => _leaving.Count > 0;

    /// <summary>Notes the deletions of a record.</summary>
    /// <exception cref="TsdbCorruptionException">The record is damaged or has a reference that cannot be.</exception>
    public void Add(ReadOnlySpan<byte> record)
    {
        for (var stone = new TombstoneRecord(record); stone.MoveNext();)
        {
            // Its series may have been collected, labels and all; the reference is not given out again.
            ulong reference = stone.Series.Value;
            if (reference is 0 or >= SeriesRefMap.Limit)
                TsdbCorruptionException.Throw($"series reference {reference} is out of range", 0, "1 to 2^40 - 1", $"{reference}");
            head.Index.ReserveReferences(reference);
            if (stone is { MinTimeMs: long.MinValue, MaxTimeMs: long.MaxValue })
                NoteLeaving(stone);
            else if (series.TryFindForTombstone(stone.Series, stone.MaxTimeMs, out uint slot))
                _deleted.Add(head.Index.Series.Entry(slot).Reference, new TimeInterval(stone.MinTimeMs, stone.MaxTimeMs));
        }
    }

    /// <summary>Notes a deletion that was read from elsewhere; one from a series that is not there is passed over.</summary>
    public void Restore(ulong reference, TimeInterval interval)
    {
        if (head.Index.References.TryGet(reference, out _))
            _deleted.Add(reference, interval);
    }

    /// <summary>Takes the series out of the head that left it. Their samples must have been appended.</summary>
    public void Evict()
    {
        series.ForgetAliases(_leaving);
        foreach (uint slot in _leaving)
            Evict(slot);
        _leaving.Clear();
    }

    /// <summary>Hands the deletions to the head, at the end of replay.</summary>
    public void Finish() => head.Tombstones.Add(_deleted);

    private void NoteLeaving(in TombstoneRecord stone)
    {
        if (series.TryFind(stone.Series, out uint slot))
            _leaving.Add(slot);
    }

    private void Evict(uint slot)
    {
        int chunks = 0;
        HeadShard shard = head.ShardOf(slot);
        lock (head.Index.Lock)
        {
            lock (shard.Lock)
            {
                ref SeriesState state = ref head.Index.Series.State(slot);
                ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
                NewestSample.Forget(head.Counters, shard, ref state);
                if (entry.Sealed != 0)
                    series.KeepRecord(entry.Reference, SealedChain.Newest(shard, entry).MaxTimeMs);
                if ((state.Flags & SeriesFlags.Open) != 0)
                {
                    series.KeepRecord(entry.Reference, OpenChunk.LastTimeMs(shard, ref state));
                    OpenChunk.Free(shard, ref state);
                    chunks++;
                }

                chunks += SealedChain.Free(shard, ref entry);
                shard.Runs.Free(entry.EarlierRuns);
                entry.EarlierRuns = 0;
                head.OutOfOrder.Forget(slot);
                state.Flags = SeriesFlags.Dead;
            }

            head.Metadata.Remove([head.Index.Series.Entry(slot).Reference]);
            head.Index.RemoveBeforePostings(slot);
        }

        HeadCounters.Add(ref head.Counters.ChunksRemoved, chunks);
        HeadCounters.Add(ref head.Counters.SeriesRemoved, 1);
    }
}
