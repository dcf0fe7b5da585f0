using Forethought.Model;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// What came out of order between two compactions. Only the newest generation is written to; a compaction takes the older ones as they
/// are, and readers that opened before it ended keep them.
/// </summary>
internal sealed class OutOfOrderGeneration
{
    // By shard, under whose lock each is used while this is the newest generation.
    private readonly Dictionary<uint, OutOfOrderSeries>[] _series = new Dictionary<uint, OutOfOrderSeries>[HeadShard.Count];
    private long _min = long.MaxValue;
    private long _max = long.MinValue;

    /// <summary>Makes an empty generation.</summary>
    public OutOfOrderGeneration()
    {
        for (int i = 0; i < _series.Length; i++)
            _series[i] = [];
    }

    /// <summary>No sample is older; <see cref="long.MaxValue"/> while there is none. Any thread.</summary>
    public long MinTimeMs => Volatile.Read(ref _min);

    /// <summary>No sample is newer. Any thread.</summary>
    public long MaxTimeMs => Volatile.Read(ref _max);

    public bool IsEmpty => MinTimeMs == long.MaxValue;

    /// <summary>The slots of the series; of an older generation.</summary>
    public IEnumerable<uint> Slots => _series.SelectMany(series => series.Keys);

    /// <summary>Whether there may be samples with minTimeMs ≤ t ≤ maxTimeMs. Any thread.</summary>
    public bool Overlaps(long minTimeMs, long maxTimeMs) => !IsEmpty && MinTimeMs <= maxTimeMs && minTimeMs <= MaxTimeMs;

    /// <summary>The series of a slot, null if nothing of it came out of order.</summary>
    public OutOfOrderSeries? Find(uint slot) => Of(slot).GetValueOrDefault(slot);

    /// <summary>The series of a slot.</summary>
    public OutOfOrderSeries GetOrAdd(uint slot)
    {
        Dictionary<uint, OutOfOrderSeries> series = Of(slot);
        if (!series.TryGetValue(slot, out OutOfOrderSeries? found))
            series.Add(slot, found = new OutOfOrderSeries());
        return found;
    }

    /// <summary>Takes a series out; null if nothing of it came out of order.</summary>
    public OutOfOrderSeries? Remove(uint slot) => Of(slot).Remove(slot, out OutOfOrderSeries? series) ? series : null;

    /// <summary>Widens the bounds by samples that were added. Any thread.</summary>
    public void Include(long minTimeMs, long maxTimeMs)
    {
        for (long seen = MinTimeMs; minTimeMs < seen; seen = MinTimeMs)
            Interlocked.CompareExchange(ref _min, minTimeMs, seen);
        for (long seen = MaxTimeMs; maxTimeMs > seen; seen = MaxTimeMs)
            Interlocked.CompareExchange(ref _max, maxTimeMs, seen);
    }

    /// <summary>Adds the starts of the ranges of some length in which there are samples; of an older generation.</summary>
    public void CollectRanges(long rangeMs, SortedSet<long> starts)
    {
        var batch = new SampleBatch();
        foreach (OutOfOrderSeries series in _series.SelectMany(series => series.Values))
            series.CollectRanges(rangeMs, starts, batch);
    }

    private Dictionary<uint, OutOfOrderSeries> Of(uint slot) => _series[HeadShard.IndexOf(slot)];
}
