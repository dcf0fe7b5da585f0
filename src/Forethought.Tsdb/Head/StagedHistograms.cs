using Forethought.Storage;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>The native histograms of one kind of counts in a transaction, as columns for the log's encoder. Reused.</summary>
internal sealed class StagedHistograms<THistogram>
    where THistogram : class, new()
{
    private const int MaxKept = 8 * 1024;

    private readonly List<uint> _slots = [];

    public WalHistograms<THistogram> Rows { get; private set; } = new();

    public int Count => Rows.Count;

    /// <summary>The holder of the row to be added by <see cref="Complete"/>.</summary>
    public THistogram Next() => Rows.Next();

    /// <summary>Adds the row whose histogram was filled in.</summary>
    public void Complete(uint slot, SeriesRef series, long timeMs, long startMs)
    {
        Rows.Complete(series, timeMs, startMs);
        _slots.Add(slot);
    }

    /// <summary>Forgets all rows; of unusually many also the holders.</summary>
    public void Clear()
    {
        Rows.Clear();
        _slots.Clear();
        if (Rows.TimesMs.Length > MaxKept)
            Rows = new WalHistograms<THistogram>();
    }

    /// <summary>
    /// Appends rows to their series. What another transaction or an earlier row was faster with goes to <paramref name="late"/>.
    /// </summary>
    public void Write(HeadState head, Range rows, StagedOutOfOrder late, ref TransactionMark mark)
    {
        (int first, int count) = rows.GetOffsetAndLength(Count);
        int written = 0;
        using var lease = new ShardLease(head.Shards);
        for (int i = first; i < first + count; i++)
        {
            HeadShard shard = lease.MoveTo(_slots[i]);
            AppendOutcome outcome = head.HistogramWriter.Append(
                shard, _slots[i], Rows.TimesMs[i], Rows.Histograms[i], Rows.StartTimesMs[i], ref mark);
            if (outcome != AppendOutcome.Accepted)
            {
                late.Settle(outcome, _slots[i], Rows.Series[i], Rows.TimesMs[i], Rows.Histograms[i], Rows.StartTimesMs[i]);
                continue;
            }

            written++;
            head.Bounds.Include(Rows.TimesMs[i], Rows.TimesMs[i]);
        }

        HeadCounters.Add(ref head.Counters.HistogramsAppended, written);
    }
}
