using Forethought.Client;

namespace Forethought.Tsdb.Compaction;

/// <summary>What compaction did, under upstream's names. Thread-safe.</summary>
internal sealed class CompactionMetrics : ICollector
{
    private readonly Metric[] _metrics;

    /// <summary>Makes the metrics, all at zero.</summary>
    public CompactionMetrics()
    {
        _metrics =
        [
            Triggered, Skipped, Failed, Ran, PopulatingBlock, Vertical, Duration, ChunkSizeBytes, ChunkSamples, ChunkRangeSeconds,
            TombstoneCleanup,
        ];
        Descriptors = [.. _metrics.Select(metric => metric.Descriptor)];
    }

    public Counter Triggered { get; } = new(
        "prometheus_tsdb_compactions_triggered_total", "Total number of triggered compactions for the partition.");

    public Counter Skipped { get; } = new(
        "prometheus_tsdb_compactions_skipped_total", "Total number of skipped compactions due to disabled auto compaction.");

    public Counter Failed { get; } = new(
        "prometheus_tsdb_compactions_failed_total", "Total number of compactions that failed for the partition.");

    /// <summary>Blocks written or tried, from the head as well as from other blocks.</summary>
    public Counter Ran { get; } = new(
        "prometheus_tsdb_compactions_total", "Total number of compactions that were executed for the partition.");

    public Gauge PopulatingBlock { get; } = new(
        "prometheus_tsdb_compaction_populating_block", "Set to 1 when a block is currently being written to the disk.");

    public Counter Vertical { get; } = new(
        "prometheus_tsdb_vertical_compactions_total", "Total number of compactions done on overlapping blocks.");

    public Histogram Duration { get; } = new(
        "prometheus_tsdb_compaction_duration_seconds",
        "Duration of compaction runs",
        new HistogramOptions { Buckets = HistogramBuckets.Exponential(1, 2, 14) });

    public Histogram ChunkSizeBytes { get; } = new(
        "prometheus_tsdb_compaction_chunk_size_bytes",
        "Final size of chunks on their first compaction",
        new HistogramOptions { Buckets = HistogramBuckets.Exponential(32, 1.5, 12) });

    public Histogram ChunkSamples { get; } = new(
        "prometheus_tsdb_compaction_chunk_samples",
        "Final number of samples on their first compaction",
        new HistogramOptions { Buckets = HistogramBuckets.Exponential(4, 1.5, 12) });

    public Histogram ChunkRangeSeconds { get; } = new(
        "prometheus_tsdb_compaction_chunk_range_seconds",
        "Final time range of chunks on their first compaction",
        new HistogramOptions { Buckets = HistogramBuckets.Exponential(100, 4, 10) });

    /// <summary>Upstream's is a native histogram, of which the text format shows the bucket of +Inf only.</summary>
    public Histogram TombstoneCleanup { get; } = new(
        "prometheus_tsdb_tombstone_cleanup_seconds",
        "The time taken to recompact blocks to remove tombstones.",
        new HistogramOptions { Buckets = [] });

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        foreach (Metric metric in _metrics)
            metric.Collect(writer);
    }
}
