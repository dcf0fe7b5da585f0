using Forethought.Client;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// The samples of the head that came out of order, until a compaction has written them into blocks. A series here is not collected.
/// </summary>
/// <remarks>
/// Full chunks stay in memory: one of 32 samples takes little more than what would have to be known of it if it were in a file, and
/// the log (<see cref="OutOfOrderLog"/>) has all samples anyway until they are in blocks.
/// </remarks>
internal sealed class OutOfOrderState(HeadState head) : IDisposable
{
    private readonly ChunkEncoder?[] _encoders = new ChunkEncoder?[HeadShard.Count];

    // The newest first. Replaced as a whole.
    private OutOfOrderGeneration[] _generations = [new()];
    private long _windowMs;
    private OutOfOrderLog? _log;

    /// <summary>How much older than the head's newest sample one may be; 0 takes none out of order. A reload may change it.</summary>
    public long WindowMs
    {
        get => Volatile.Read(ref _windowMs);
        set => Volatile.Write(ref _windowMs, Math.Max(0, value));
    }

    /// <summary>Where samples are logged; null as long as none was wanted.</summary>
    public OutOfOrderLog? Log
    {
        get => Volatile.Read(ref _log);
        set => Volatile.Write(ref _log, value);
    }

    /// <summary>What is there now, the newest first.</summary>
    public OutOfOrderGeneration[] Generations => Volatile.Read(ref _generations);

    /// <summary>The newest chunk that replay found in the head's files; markers of later ones mean nothing.</summary>
    public ulong NewestLoadedChunk { get; set; }

    /// <summary>How late samples are.</summary>
    public Client.Histogram Delta { get; } = new(
        "prometheus_tsdb_sample_ooo_delta",
        "Delta in seconds by which a sample is considered out of order (reported regardless of OOO time window and whether sample is accepted or not).",
        new HistogramOptions { Buckets = [600, 1800, 3600, 7200, 10800, 21600, 43200] });

    /// <summary>How long syncs of the log took.</summary>
    public Summary SyncDuration { get; } = new(
        "prometheus_tsdb_out_of_order_wbl_fsync_duration_seconds",
        "Duration of write log fsync.",
        new SummaryOptions { Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)] });

    /// <summary>Whether there may be samples with minTimeMs ≤ t ≤ maxTimeMs.</summary>
    public bool Overlaps(long minTimeMs, long maxTimeMs)
    {
        foreach (OutOfOrderGeneration generation in Generations)
        {
            if (generation.Overlaps(minTimeMs, maxTimeMs))
                return true;
        }

        return false;
    }

    /// <summary>Inserts a sample; the lock of the slot's shard is held.</summary>
    /// <returns>False if there is one of that time among the last ones, and then it is dropped.</returns>
    public bool Insert(uint slot, long timeMs, double value, object? histogram, long startMs)
    {
        OutOfOrderGeneration current = Generations[0];
        OutOfOrderSeries series = Touch(current, slot);
        if (series.Buffered >= head.Options.OutOfOrderCapMax)
            series.Seal(EncoderOf(slot));
        if (!series.TryInsert(timeMs, value, histogram, startMs))
            return false;
        if (series.Buffered == 1)
            HeadCounters.Add(ref head.Counters.ChunksCreated, 1);
        current.Include(timeMs, timeMs);
        return true;
    }

    /// <summary>Adds a chunk that replay found in a file; the lock of the slot's shard is held.</summary>
    public void Add(uint slot, OutOfOrderChunk chunk)
    {
        Touch(Generations[0], slot).Add(chunk);
        Generations[0].Include(chunk.MinTimeMs, chunk.MaxTimeMs);
        HeadCounters.Add(ref head.Counters.ChunksCreated, 1);
    }

    /// <summary>Forgets the samples of a series that are in no chunk yet; the lock of the slot's shard is held.</summary>
    public void DropBuffer(uint slot)
    {
        if (Generations[0].Find(slot) is not { Buffered: > 0 } series)
            return;
        series.DropBuffer();
        HeadCounters.Add(ref head.Counters.ChunksRemoved, 1);
    }

    /// <summary>Forgets a series that leaves the head in replay; the lock of the slot's shard is held.</summary>
    public void Forget(uint slot)
    {
        if (Generations[0].Remove(slot) is { } series)
            HeadCounters.Add(ref head.Counters.ChunksRemoved, series.ChunkCount);
    }

    /// <summary>
    /// Begins a new generation. Nothing is added to those returned any more, which are what has to be compacted. One caller at a time.
    /// </summary>
    public OutOfOrderGeneration[] Freeze()
    {
        OutOfOrderGeneration[] frozen = Generations;
        if (frozen[0].IsEmpty)
            return frozen[1..];
        Volatile.Write(ref _generations, [new OutOfOrderGeneration(), .. frozen]);

        // Whoever found the old generation is done with it once it gave its lock back.
        foreach (HeadShard shard in head.Shards)
        {
            lock (shard.Lock)
            {
            }
        }

        return frozen;
    }

    /// <summary>Drops all but the newest generation: they are in blocks. One caller at a time.</summary>
    public void DropFrozen()
    {
        OutOfOrderGeneration[] all = Generations;
        Volatile.Write(ref _generations, [all[0]]);
        using var lease = new ShardLease(head.Shards);
        long chunks = 0;
        foreach (OutOfOrderGeneration frozen in all.AsSpan(1))
        {
            foreach (uint slot in frozen.Slots)
            {
                lease.MoveTo(slot);
                chunks += frozen.Find(slot)!.ChunkCount;
                if (all[0].Find(slot) is null)
                    head.Index.Series.State(slot).Flags &= ~SeriesFlags.HasOutOfOrder;
            }
        }

        HeadCounters.Add(ref head.Counters.ChunksRemoved, chunks);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ChunkEncoder? encoder in _encoders)
            encoder?.Dispose();
    }

    private OutOfOrderSeries Touch(OutOfOrderGeneration generation, uint slot)
    {
        head.Index.Series.State(slot).Flags |= SeriesFlags.HasOutOfOrder;
        return generation.GetOrAdd(slot);
    }

    private ChunkEncoder EncoderOf(uint slot) => _encoders[HeadShard.IndexOf(slot)] ??= new ChunkEncoder(head.Allocator);
}
