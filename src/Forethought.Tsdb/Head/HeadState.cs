using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Head;

/// <summary>What the head consists of; appenders, queriers, truncation and replay work on it.</summary>
internal sealed class HeadState : IDisposable
{
    private RetentionLimits _retention;
    private double _staleSeriesThreshold;

    /// <summary>Makes an empty head.</summary>
    public HeadState(TsdbOptions options)
    {
        Options = options;
        _retention = options.Retention;
        _staleSeriesThreshold = options.StaleSeriesCompactionThreshold;
        Bounds = new HeadBounds(options.ChunkRangeMs, options.TimeProvider);
        Allocator = new NativeAllocator();
        Epochs = new EpochManager(Allocator);
        Shards = new HeadShard[HeadShard.Count];
        for (int i = 0; i < Shards.Length; i++)
            Shards[i] = new HeadShard(Allocator);
        Index = new HeadIndex(Allocator, Epochs, Shards);
        Exemplars = new ExemplarRing(Allocator, options.MaxExemplars)
        {
            OutOfOrderWindowMs = (long)options.OutOfOrderTimeWindow.TotalMilliseconds,
        };
        var limits = new ChunkLimits(
            options.ChunkRangeMs,
            options.SamplesPerChunk,
            options.FloatChunkEncoding,
            options.StoresStartTimes,
            options.WritesHistogramStartTimes);
        Writer = new SeriesWriter(Index.Series, limits, Counters);
        OutOfOrder = new OutOfOrderState(this);
    }

    public TsdbOptions Options { get; }

    /// <summary>How much is kept. A reload may change it.</summary>
    public RetentionLimits Retention
    {
        get => Volatile.Read(ref _retention);
        set => Volatile.Write(ref _retention, value);
    }

    /// <summary>As <see cref="TsdbOptions.StaleSeriesCompactionThreshold"/>. A reload may change it.</summary>
    public double StaleSeriesThreshold
    {
        get => Volatile.Read(ref _staleSeriesThreshold);
        set => Volatile.Write(ref _staleSeriesThreshold, value);
    }

    public NativeAllocator Allocator { get; }

    public EpochManager Epochs { get; }

    public HeadShard[] Shards { get; }

    public HeadIndex Index { get; }

    public ExemplarRing Exemplars { get; }

    public HeadMetadata Metadata { get; } = new();

    public OutOfOrderState OutOfOrder { get; }

    public IsolationState Isolation { get; } = new();

    public HeadTombstones Tombstones { get; } = new();

    public HeadBounds Bounds { get; }

    public HeadCounters Counters { get; } = new();

    public SeriesWriter Writer { get; }

    public HistogramWriter HistogramWriter => Writer.Histograms;

    /// <summary>Where snapshots of the head are kept; null for none. Set before the log is replayed.</summary>
    public IStorageDirectory? SnapshotRoot { get; set; }

    /// <summary>Where full chunks go; null for a head that keeps all in memory.</summary>
    public HeadChunkFiles? ChunkFiles { get; private set; }

    /// <summary>Lets full chunks be moved to files. Before anything is appended.</summary>
    public void UseChunkFiles(HeadChunkFiles files)
    {
        ChunkFiles = files;
        foreach (HeadShard shard in Shards)
            shard.NotesSealed = true;
    }

    /// <summary>The shard of a slot.</summary>
    public HeadShard ShardOf(uint slot) => Shards[HeadShard.IndexOf(slot)];

    /// <summary>Gives all memory back.</summary>
    /// <exception cref="NativeMemoryException">A reader or appender is still open, or memory was lost.</exception>
    public void Dispose()
    {
        Epochs.Dispose();
        ChunkFiles?.Dispose();
        Index.Dispose();
        Exemplars.Dispose();
        OutOfOrder.Dispose();
        foreach (HeadShard shard in Shards)
            shard.Dispose();
        Allocator.AssertNothingOutstanding();
    }
}
