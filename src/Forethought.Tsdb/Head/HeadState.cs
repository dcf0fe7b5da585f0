using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>What the head consists of; appenders, queriers, truncation and replay work on it.</summary>
internal sealed class HeadState : IDisposable
{
    private long _retentionMs;

    /// <summary>Makes an empty head.</summary>
    public HeadState(TsdbOptions options)
    {
        Options = options;
        _retentionMs = (long)options.Retention.TotalMilliseconds;
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
        var limits = new ChunkLimits(options.ChunkRangeMs, options.SamplesPerChunk);
        Writer = new SeriesWriter(Index.Series, limits, Counters);
    }

    public TsdbOptions Options { get; }

    /// <summary>How long samples are kept, in milliseconds; zero or less: for ever. A reload may change it.</summary>
    public long RetentionMs
    {
        get => Volatile.Read(ref _retentionMs);
        set => Volatile.Write(ref _retentionMs, value);
    }

    public NativeAllocator Allocator { get; }

    public EpochManager Epochs { get; }

    public HeadShard[] Shards { get; }

    public HeadIndex Index { get; }

    public ExemplarRing Exemplars { get; }

    public IsolationState Isolation { get; } = new();

    public HeadBounds Bounds { get; }

    public HeadCounters Counters { get; } = new();

    public SeriesWriter Writer { get; }

    public HistogramWriter HistogramWriter => Writer.Histograms;

    /// <summary>The shard of a slot.</summary>
    public HeadShard ShardOf(uint slot) => Shards[HeadShard.IndexOf(slot)];

    /// <summary>Gives all memory back.</summary>
    /// <exception cref="NativeMemoryException">A reader or appender is still open, or memory was lost.</exception>
    public void Dispose()
    {
        Epochs.Dispose();
        Index.Dispose();
        Exemplars.Dispose();
        foreach (HeadShard shard in Shards)
            shard.Dispose();
        Allocator.AssertNothingOutstanding();
    }
}
