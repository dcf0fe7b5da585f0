using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Tombstones;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Deletes samples from the head: notes so in the log, then for readers to come. The samples themselves stay until their chunks are
/// truncated, save those that came out of order, which go at once. One deletion at a time, not beside a truncation or compaction.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="lane">The way into the log; null for a head without one.</param>
internal sealed class HeadDeletion(HeadState head, CommitLane? lane)
{
    // Bounds the records: a record is held in memory as a whole when it is read.
    private const int StonesPerRecord = 4096;

    /// <summary>Deletes samples with minTimeMs ≤ t ≤ maxTimeMs of the series that all matchers accept.</summary>
    /// <exception cref="IOException">A log could not be written; nothing was deleted, but some may be after a restart.</exception>
    public async Task DeleteAsync(long minTimeMs, long maxTimeMs, IReadOnlyList<Matcher> matchers)
    {
        using var outOfOrder = new OutOfOrderDeletion(head);
        var deleted = new TombstoneSet();
        var late = new TombstoneSet();
        Find(minTimeMs, maxTimeMs, matchers, outOfOrder, deleted, late);

        // The write-ahead log has late samples, too, and replay may take some of them for samples in order.
        deleted.AddRange(late);
        if (deleted.Count == 0)
            return;
        if (lane is not null)
            await lane.CommitAsync(Encode(deleted)).ConfigureAwait(false);
        if (late.Count > 0 && head.OutOfOrder.Log is { } log)
            await log.Lane.CommitAsync(Encode(late)).ConfigureAwait(false);
        head.Tombstones.Add(deleted);
        outOfOrder.Apply(late);
    }

    private void Find(
        long minTimeMs,
        long maxTimeMs,
        IReadOnlyList<Matcher> matchers,
        OutOfOrderDeletion outOfOrder,
        TombstoneSet inOrder,
        TombstoneSet late)
    {
        EpochPin pin = head.Epochs.Pin();
        try
        {
            foreach (ulong reference in new SeriesSelector(head.Index).Select(matchers))
            {
                if (!head.Index.References.TryGet(reference, out uint slot))
                    continue;
                if (TimesOf(slot) is { } times && times.Overlaps(minTimeMs, maxTimeMs))
                    inOrder.Add(reference, times.Within(minTimeMs, maxTimeMs));
                foreach (TimeInterval time in outOfOrder.Find(slot, minTimeMs, maxTimeMs).Span)
                    late.Add(reference, time);
            }
        }
        finally
        {
            head.Epochs.Unpin(pin);
        }
    }

    // Null for a series without chunks. Samples that are not visible yet count: their records are before the deletion's in the log.
    private TimeInterval? TimesOf(uint slot)
    {
        HeadShard shard = head.ShardOf(slot);
        lock (shard.Lock)
        {
            ref SeriesState state = ref head.Index.Series.State(slot);
            ref SeriesEntry entry = ref head.Index.Series.Entry(slot);
            if ((state.Flags & SeriesFlags.Dead) != 0)
                return null;
            TimeInterval? full = SealedChain.Times(shard, entry);
            if ((state.Flags & SeriesFlags.Open) == 0)
                return full;
            return new TimeInterval(full?.MinTimeMs ?? entry.OpenMinTimeMs, OpenChunk.LastTimeMs(shard, ref state));
        }
    }

    private static RecordBuffer Encode(TombstoneSet deleted)
    {
        var buffer = new RecordBuffer();
        int stones = 0;
        foreach ((ulong reference, TimeIntervals intervals) in deleted.Series)
        {
            foreach (TimeInterval interval in intervals.Span)
            {
                if (stones % StonesPerRecord == 0)
                    BeginRecord(buffer, isFirst: stones == 0);
                TombstoneRecord.Write(buffer, new SeriesRef(reference), interval.MinTimeMs, interval.MaxTimeMs);
                stones++;
            }
        }

        buffer.End();
        return buffer;
    }

    private static void BeginRecord(RecordBuffer buffer, bool isFirst)
    {
        if (!isFirst)
            buffer.End();
        buffer.Begin(WalRecordType.Tombstones);
    }
}
