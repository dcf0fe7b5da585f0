using Forethought.Storage;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Takes series out of the head whose samples are in blocks, and writes into the log that they left: as upstream, a deletion of all
/// times, at which replay drops what it has of the series.
/// </summary>
/// <remarks>
/// The deletion is handed to the log while the index is locked. Who writes the same labels afterwards makes a new series, whose record
/// comes behind it: replay must not drop samples of that one.
/// </remarks>
internal sealed class SeriesEviction(HeadState head, HeadLog? log)
{
    private readonly UnlinkedChunks _unlinked = new(head);
    private readonly List<ulong> _references = [];
    private readonly List<uint> _slots = [];

    /// <summary>Takes those series out that were not touched; they are gone when the task completes.</summary>
    /// <exception cref="IOException">The log could not be written.</exception>
    public async Task RunAsync(uint[] slots)
    {
        ValueTask logged = ValueTask.CompletedTask;
        int first = _references.Count;
        long newestMs = long.MinValue;
        lock (head.Index.Lock)
        {
            foreach (uint slot in slots)
            {
                if (TryKill(slot, ref newestMs))
                    head.Index.Remove(slot);
            }

            if (log is not null && _references.Count > first)
                logged = log.Lane.CommitAsync(Encode(first));
        }

        log?.KeepRecords(_references[first..], newestMs);
        await logged.ConfigureAwait(false);
    }

    /// <summary>Gives back what the series had, when nobody can be reading it any more.</summary>
    public void Finish()
    {
        _unlinked.Retire();
        if (_slots.Count == 0)
            return;
        lock (head.Index.Lock)
            head.Index.FinishRemoval(_slots);
        HeadCounters.Add(ref head.Counters.SeriesRemoved, _slots.Count);
        head.Tombstones.Truncate(long.MinValue, _references);
        head.Metadata.Remove(_references);
        head.Epochs.Advance();
        head.Epochs.Drain();
    }

    private bool TryKill(uint slot, ref long newestMs)
    {
        HeadShard shard = head.ShardOf(slot);
        lock (shard.Lock)
        {
            ref SeriesState state = ref head.Index.Series.State(slot);
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            if (!StaleSeries.IsUntouched(state))
                return false;
            if (entry.Sealed != 0)
                newestMs = Math.Max(newestMs, SealedChain.Newest(shard, entry).MaxTimeMs);
            NewestSample.Forget(head.Counters, shard, ref state);
            if ((state.Flags & SeriesFlags.Open) != 0)
            {
                newestMs = Math.Max(newestMs, OpenChunk.LastTimeMs(shard, ref state));
                OpenChunk.Free(shard, ref state);
                HeadCounters.Add(ref head.Counters.ChunksRemoved, 1);
            }

            _unlinked.Take(shard, ref entry.Sealed);
            shard.Runs.Free(entry.EarlierRuns);
            entry.EarlierRuns = 0;
            state.Flags = SeriesFlags.Dead;
            _references.Add(entry.Reference);
            _slots.Add(slot);
            return true;
        }
    }

    private RecordBuffer Encode(int first)
    {
        var buffer = new RecordBuffer();
        buffer.Begin(WalRecordType.Tombstones);
        foreach (ulong reference in _references.Skip(first))
            TombstoneRecord.Write(buffer, new SeriesRef(reference), long.MinValue, long.MaxValue);
        buffer.End();
        return buffer;
    }
}
