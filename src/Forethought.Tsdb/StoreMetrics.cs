using Forethought.Client;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.OutOfOrder;

namespace Forethought.Tsdb;

/// <summary>The metrics of a store under upstream's names: those of its head and, if it has a directory, of its blocks. Thread-safe.</summary>
internal sealed class StoreMetrics : ICollector
{
    private readonly ICollector[] _collectors;

    /// <summary>Puts the metrics together.</summary>
    public StoreMetrics(HeadMetrics head, HeadState state, BlockStore? blocks, BlockMaintenance? maintenance)
    {
        _collectors = blocks is null || maintenance is null
            ? [head, new OutOfOrderMetrics(state)]
            : [head, new OutOfOrderMetrics(state), blocks.Compactor.Metrics, blocks.Compactor.StaleSeries, .. ListMetrics(blocks), .. ChunkFileMetrics(state, blocks, maintenance)];
        if (maintenance is not null && state.Options.ChunkWriteQueueSize > 0)
            _collectors = [.. _collectors, new ChunkWriteQueueMetrics(() => maintenance.QueuedChunks, () => maintenance.MovedChunks)];
        Descriptors = [.. _collectors.SelectMany(collector => collector.Descriptors)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        foreach (ICollector collector in _collectors)
            collector.Collect(writer);
    }

    private static IEnumerable<ICollector> ListMetrics(BlockStore store)
    {
        BlockList list = store.List;
        return
        [
            new GaugeFunc("prometheus_tsdb_blocks_loaded", "Number of currently loaded data blocks", () => list.Current.Count),
            new GaugeFunc(
                "forethought_tsdb_blocks_quarantined", "Blocks that could not be opened and are left out.", () => list.QuarantinedCount),
            new GaugeFunc(
                "prometheus_tsdb_symbol_table_size_bytes",
                "Size of symbol table in memory for loaded blocks",
                () => list.Current.Sum(block => block.Index.Symbols.MemoryBytes)),
            new GaugeFunc(
                "prometheus_tsdb_storage_blocks_bytes",
                "The number of bytes that are currently used for local storage by all blocks.",
                () => list.Current.Sum(block => block.SizeBytes)),
            new CounterFunc(
                "prometheus_tsdb_reloads_total", "Number of times the database reloaded block data from disk.", () => list.Reloads),
            new CounterFunc(
                "prometheus_tsdb_reloads_failures_total",
                "Number of times the database failed to reloadBlocks block data from disk.",
                () => list.FailedReloads),
            new GaugeFunc(
                "prometheus_tsdb_retention_limit_bytes",
                "Max number of bytes to be retained in the tsdb blocks, configured 0 means disabled",
                () => Math.Max(0, store.Limits.MaxBytes)),
            new GaugeFunc(
                "prometheus_tsdb_retention_limit_percentage",
                "Max percentage of total storage space to be retained in the tsdb blocks, configured 0 means disabled",
                () => Math.Max(0, store.Limits.MaxPercentage)),
            new CounterFunc(
                "prometheus_tsdb_time_retentions_total",
                "The number of times that blocks were deleted because the maximum time limit was exceeded.",
                () => store.TimeRetentions),
            new CounterFunc(
                "prometheus_tsdb_size_retentions_total",
                "The number of times that blocks were deleted because the maximum number of bytes was exceeded.",
                () => store.SizeRetentions),
            .. CacheMetrics(list.Postings),
        ];
    }

    private static IEnumerable<ICollector> CacheMetrics(PostingsCache cache) =>
    [
        new CounterFunc("forethought_tsdb_postings_cache_hits_total", "Selections in blocks answered from memory.", () => cache.Hits),
        new CounterFunc(
            "forethought_tsdb_postings_cache_misses_total",
            "Selections in blocks by matchers that look at many values, which were not in memory.",
            () => cache.Misses),
        new CounterFunc(
            "forethought_tsdb_postings_cache_evictions_total", "Selections that made room for others.", () => cache.Evictions),
        new GaugeFunc("forethought_tsdb_postings_cache_bytes", "Bytes of the selections in memory.", () => cache.Bytes),
    ];

    private static IEnumerable<ICollector> ChunkFileMetrics(HeadState head, BlockStore store, BlockMaintenance maintenance) =>
    [
        new GaugeFunc(
            "prometheus_tsdb_head_chunks_storage_size_bytes", "Size of the chunks_head directory.", () => store.ChunkFiles.SizeBytes),
        new CounterFunc("prometheus_tsdb_mmap_chunks_total", "Total number of chunks that were memory-mapped.", () => maintenance.MovedChunks),
        new CounterFunc(
            "prometheus_tsdb_mmap_chunk_corruptions_total",
            "Total number of memory-mapped chunk corruptions.",
            () => head.Counters.ChunkFileCorruptions),
    ];
}
