using System.Runtime.Intrinsics.X86;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Puts decoded log records into the head: no isolation, no limits but the oldest valid time. A series that the log names twice,
/// under two references, becomes one series; the second reference is an alias while replay lasts. Used from one thread.
/// </summary>
internal sealed unsafe class ReplayAppender(HeadState head)
{
    private const int PrefetchDistance = 12;

    private readonly Dictionary<ulong, uint> _aliases = [];
    private uint[] _slots = [];

    public ReplayStatistics Statistics { get; } = new();

    /// <summary>Until which time the log has samples under an alias: its series record must stay in checkpoints that long.</summary>
    public Dictionary<ulong, long> AliasExpiries { get; } = [];

    /// <summary>Creates the series of a record.</summary>
    public void AddSeries(ReadOnlySpan<byte> record)
    {
        var series = new SeriesRecord(record);
        while (series.MoveNext())
        {
            ulong reference = series.Series.Value;
            if (reference is 0 or >= SeriesRefMap.Limit)
                TsdbCorruptionException.Throw($"series reference {reference} is out of range", 0, "1 to 2^40 - 1", $"{reference}");
            head.Index.ReserveReferences(reference);
            uint slot = head.Index.GetOrCreate(series.PackedLabels, XxHash64.Compute(series.PackedLabels), reference, out bool created);
            head.Index.Series.State(slot)->Flags |= SeriesFlags.Logged;
            Statistics.Series++;
            if (created)
                HeadCounters.Add(ref head.Counters.SeriesCreated, 1);
            else if (head.Index.Series.Entry(slot)->Reference != reference)
                _aliases[reference] = slot;
        }
    }

    /// <summary>Appends float samples.</summary>
    public void AddFloats(WalSamples samples)
    {
        FindSlots(samples);
        long min = long.MaxValue, max = long.MinValue, minValid = head.Bounds.MinValidTimeMs;
        int written = 0;
        TransactionMark mark = TransactionMark.Replayed;
        using var lease = new ShardLease(head.Shards);
        for (int i = 0; i < samples.Count; i++)
        {
            Prefetch(i + 2 * PrefetchDistance, samples.Count);
            uint slot = _slots[i];
            long time = samples.TimesMs[i];
            if (slot == uint.MaxValue || time < minValid)
                continue;
            HeadShard shard = lease.MoveTo(slot);
            uint ahead = _slots[Math.Min(i + PrefetchDistance, samples.Count - 1)];
            if (ahead != uint.MaxValue && HeadShard.IndexOf(ahead) == HeadShard.IndexOf(slot))
                head.Writer.PrefetchFloat(shard, ahead);
            if (head.Writer.AppendFloat(shard, slot, time, samples.Values[i], ref mark) != AppendOutcome.Accepted)
                continue;
            written++;
            min = Math.Min(min, time);
            max = Math.Max(max, time);
        }

        Statistics.Samples += written;
        if (written > 0)
            head.Bounds.Include(min, max);
    }

    /// <summary>Appends native histograms; such as contradict themselves are passed over.</summary>
    public void AddHistograms<THistogram>(WalHistograms<THistogram> rows)
        where THistogram : class, new()
    {
        TransactionMark mark = TransactionMark.Replayed;
        using var lease = new ShardLease(head.Shards);
        for (int i = 0; i < rows.Count; i++)
        {
            long time = rows.TimesMs[i];
            uint slot = FindSlot(rows.Series[i].Value, time);
            THistogram histogram = rows.Histograms[i];
            if (slot == uint.MaxValue || time < head.Bounds.MinValidTimeMs || !IsConsistent(histogram)
                || head.HistogramWriter.Append(lease.MoveTo(slot), slot, time, histogram, ref mark) != AppendOutcome.Accepted)
                continue;
            Statistics.Samples++;
            head.Bounds.Include(time, time);
        }
    }

    private static bool IsConsistent(object histogram) => histogram is Histogram integer
        ? HistogramValidation.Check(integer) is null
        : HistogramValidation.Check((FloatHistogram)histogram) is null;

    private void FindSlots(WalSamples samples)
    {
        if (_slots.Length < samples.Count)
            _slots = new uint[Math.Max(samples.Count, 2 * _slots.Length)];
        for (int i = 0; i < samples.Count; i++)
            _slots[i] = FindSlot(samples.Series[i].Value, samples.TimesMs[i]);
    }

    private uint FindSlot(ulong reference, long timeMs)
    {
        if (head.Index.References.TryGet(reference, out uint slot))
            return slot;
        if (_aliases.TryGetValue(reference, out slot))
        {
            AliasExpiries[reference] = Math.Max(timeMs, AliasExpiries.GetValueOrDefault(reference, long.MinValue));
            return slot;
        }

        Statistics.UnknownReferences++;
        return uint.MaxValue;
    }

    private void Prefetch(int row, int count)
    {
        if (Sse.IsSupported && row < count && _slots[row] != uint.MaxValue)
            Sse.Prefetch0(head.Index.Series.State(_slots[row]));
    }
}
