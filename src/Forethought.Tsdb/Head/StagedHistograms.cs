using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>The native histograms of a transaction, copied, as columns for the log's encoder. Reused.</summary>
internal sealed class StagedHistograms(HeadState head)
{
    private readonly WalHistograms<Histogram> _integers = new();
    private readonly WalHistograms<FloatHistogram> _floats = new();
    private readonly List<uint> _integerSlots = [];
    private readonly List<uint> _floatSlots = [];

    /// <summary>Rows of both kinds.</summary>
    public int Count => _integers.Count + _floats.Count;

    /// <summary>Adds a copy of a <see cref="Histogram"/> or <see cref="FloatHistogram"/>.</summary>
    public void Add(uint slot, SeriesRef series, long timeMs, object histogram)
    {
        if (histogram is Histogram integer)
        {
            Copy(integer, _integers.Next());
            _integers.Complete(series, timeMs, 0);
            _integerSlots.Add(slot);
            return;
        }

        ((FloatHistogram)histogram).CopyTo(_floats.Next());
        _floats.Complete(series, timeMs, 0);
        _floatSlots.Add(slot);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _integers.Clear();
        _floats.Clear();
        _integerSlots.Clear();
        _floatSlots.Clear();
    }

    /// <summary>Writes the log's records.</summary>
    public void Encode(RecordBuffer records)
    {
        int count = _integers.Count;
        if (count > 0)
        {
            HistogramRecords.Encode(
                records, _integers.Series.AsSpan(0, count), _integers.TimesMs.AsSpan(0, count), _integers.Histograms.AsSpan(0, count));
        }

        count = _floats.Count;
        if (count > 0)
        {
            HistogramRecords.Encode(
                records, _floats.Series.AsSpan(0, count), _floats.TimesMs.AsSpan(0, count), _floats.Histograms.AsSpan(0, count));
        }
    }

    /// <summary>Appends the rows to their series.</summary>
    public void Write(ref TransactionMark mark)
    {
        int written = Write(_integers, _integerSlots, ref mark) + Write(_floats, _floatSlots, ref mark);
        HeadCounters.Add(ref head.Counters.HistogramsAppended, written);
    }

    private static void Copy(Histogram from, Histogram to)
    {
        to.CounterResetHint = from.CounterResetHint;
        to.Schema = from.Schema;
        to.ZeroThreshold = from.ZeroThreshold;
        to.ZeroCount = from.ZeroCount;
        to.Count = from.Count;
        to.Sum = from.Sum;
        to.PositiveSpans = [.. from.PositiveSpans];
        to.NegativeSpans = [.. from.NegativeSpans];
        to.PositiveBuckets = [.. from.PositiveBuckets];
        to.NegativeBuckets = [.. from.NegativeBuckets];
        to.CustomValues = [.. from.CustomValues];
    }

    private int Write<THistogram>(WalHistograms<THistogram> rows, List<uint> slots, ref TransactionMark mark)
        where THistogram : class, new()
    {
        int written = 0;
        using var lease = new ShardLease(head.Shards);
        for (int i = 0; i < rows.Count; i++)
        {
            HeadShard shard = lease.MoveTo(slots[i]);
            if (head.HistogramWriter.Append(shard, slots[i], rows.TimesMs[i], rows.Histograms[i], ref mark) != AppendOutcome.Accepted)
                continue;
            written++;
            head.Bounds.Include(rows.TimesMs[i], rows.TimesMs[i]);
        }

        return written;
    }
}
