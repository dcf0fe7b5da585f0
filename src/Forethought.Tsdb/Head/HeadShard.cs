using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Chunk memory of a share of the series and the lock that guards it and their state. Series share a shard by pages of slots, so
/// the series of one target, created together, take one lock or two for a whole scrape.
/// </summary>
internal sealed class HeadShard : IDisposable
{
    /// <summary>Number of shards, a power of two.</summary>
    public const int Count = 16;

    private List<ulong> _sealedSeries = [];

    public HeadShard(NativeAllocator allocator)
    {
        Blocks = new BlockSlab(allocator, MemoryPurpose.OpenChunks);
        Buffers = new BufferTable(allocator, MemoryPurpose.OpenHistograms);
        Histograms = new HistogramChunkAppender<IntegerHistogramNumbers>(Buffers);
        FloatHistograms = new HistogramChunkAppender<FloatHistogramNumbers>(Buffers);
        Sealed = new ChunkArena(allocator, MemoryPurpose.SealedChunks);
    }

    /// <summary>Held for a run of appends of one transaction, for the copy of one series' open chunk, for collecting one series.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Blocks of open float chunks.</summary>
    public BlockSlab Blocks { get; }

    /// <summary>Buffers of open histogram chunks.</summary>
    public BufferTable Buffers { get; }

    /// <summary>Appends to open chunks of histograms with integer counts.</summary>
    public HistogramChunkAppender<IntegerHistogramNumbers> Histograms { get; }

    /// <summary>Appends to open chunks of histograms with float counts.</summary>
    public HistogramChunkAppender<FloatHistogramNumbers> FloatHistograms { get; }

    /// <summary>Holder of the histogram at hand.</summary>
    public HistogramSample Sample { get; } = new();

    /// <summary>Full chunks.</summary>
    public ChunkArena Sealed { get; }

    /// <summary>Whether full chunks are moved to files, so that note has to be taken of them.</summary>
    public bool NotesSealed { get; set; }

    /// <summary>Isolation overflow.</summary>
    public AppendRuns Runs { get; } = new();

    /// <summary>Notes that a series got a full chunk in memory; under the lock.</summary>
    public void NoteSealed(ref SeriesState state, ulong reference)
    {
        if (!NotesSealed || (state.Flags & SeriesFlags.NotedSealed) != 0)
            return;
        state.Flags |= SeriesFlags.NotedSealed;
        _sealedSeries.Add(reference);
    }

    /// <summary>The references of series with full chunks in memory that were noted since the last call; under the lock.</summary>
    public List<ulong> TakeSealed()
    {
        List<ulong> taken = _sealedSeries;
        _sealedSeries = [];
        return taken;
    }

    /// <summary>The shard's number of a slot.</summary>
    public static int IndexOf(uint slot) => (int)(slot >> PagedArray<SeriesState>.PageShift) & (Count - 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        Blocks.Dispose();
        Buffers.Dispose();
        Sealed.Dispose();
    }
}
