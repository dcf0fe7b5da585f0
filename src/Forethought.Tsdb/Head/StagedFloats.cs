using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.OutOfOrder;

namespace Forethought.Tsdb.Head;

/// <summary>The float samples of a transaction as columns, as the log's encoder reads them. Reused.</summary>
/// <param name="keepsStartTimes">Whether there is a column of start timestamps.</param>
internal sealed class StagedFloats(bool keepsStartTimes)
{
    private const int FirstCapacity = 256;
    private const int PrefetchDistance = 12;

    // A backfill or a first scrape of a huge target may need more; what it leaves behind is let go.
    private const int MaxKept = 64 * 1024;

    public int Count;
    public SeriesRef[] Series = new SeriesRef[FirstCapacity];
    public long[] TimesMs = new long[FirstCapacity];
    public double[] Values = new double[FirstCapacity];

    // Null in a store that does not keep start timestamps.
    public long[]? StartTimesMs = keepsStartTimes ? new long[FirstCapacity] : null;

    private uint[] _slots = new uint[FirstCapacity];

    /// <summary>Adds a row.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, double value, long startMs)
    {
        if (Count == _slots.Length)
            Resize(2 * Count);
        if (StartTimesMs is not null)
            StartTimesMs[Count] = startMs;
        _slots[Count] = slot;
        Series[Count] = series;
        TimesMs[Count] = timeMs;
        Values[Count++] = value;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Count = 0;
        if (_slots.Length > MaxKept)
            Resize(FirstCapacity);
    }

    /// <summary>
    /// Appends rows to their series. What another transaction or an earlier row was faster with goes to <paramref name="late"/>.
    /// </summary>
    public void Write(HeadState head, Range rows, StagedOutOfOrder late, ref TransactionMark mark)
    {
        (int first, int count) = rows.GetOffsetAndLength(Count);
        int end = first + count;
        long min = long.MaxValue, max = long.MinValue;
        int written = 0, asHistograms = 0;
        using (var lease = new ShardLease(head.Shards))
        {
            for (int i = first; i < end; i++)
            {
                uint slot = _slots[i];
                HeadShard shard = lease.MoveTo(slot);
                Prefetch(head, shard, slot, Math.Min(i + PrefetchDistance, end - 1));
                AppendOutcome outcome = head.Writer.AppendFloat(shard, slot, TimesMs[i], Values[i], StartTimesMs?[i] ?? 0, ref mark);
                if (outcome != AppendOutcome.Accepted)
                {
                    late.Settle(outcome, slot, Series[i], TimesMs[i], Values[i], StartTimesMs?[i] ?? 0);
                    continue;
                }

                written++;
                if (StaleMarker.IsStale(Values[i]) && (head.Index.Series.State(slot).Flags & SeriesFlags.OpenAnyFloats) == 0)
                    asHistograms++;
                min = Math.Min(min, TimesMs[i]);
                max = Math.Max(max, TimesMs[i]);
            }
        }

        if (written == 0)
            return;
        head.Bounds.Include(min, max);
        HeadCounters.Add(ref head.Counters.FloatsAppended, written - asHistograms);
        HeadCounters.Add(ref head.Counters.HistogramsAppended, asHistograms);
    }

    private void Prefetch(HeadState head, HeadShard held, uint slot, int row)
    {
        if (HeadShard.IndexOf(_slots[row]) == HeadShard.IndexOf(slot))
            head.Writer.PrefetchFloat(held, _slots[row]);
    }

    private void Resize(int length)
    {
        Array.Resize(ref _slots, length);
        Array.Resize(ref Series, length);
        Array.Resize(ref TimesMs, length);
        Array.Resize(ref Values, length);
        if (StartTimesMs is not null)
            Array.Resize(ref StartTimesMs, length);
    }
}
