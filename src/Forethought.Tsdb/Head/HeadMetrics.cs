using System.Text.Json;
using Forethought.Client;
using Forethought.Tsdb.Exemplars;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The metrics of head and log under upstream's names: read from counters when asked, so that nothing is kept on the hot path and
/// no storage lock is taken. Thread-safe.
/// </summary>
internal sealed class HeadMetrics : ICollector
{
    private const string Prefix = "prometheus_tsdb_";

    private readonly List<(MetricDescriptor Descriptor, Func<double> Read, string[] Labels)> _values = [];
    private readonly List<Summary> _summaries = [];

    /// <summary>Makes the metrics of a head and, if it has one, its log.</summary>
    public HeadMetrics(HeadState head, HeadMaintenance maintenance, HeadLog? log, int cleanStart)
    {
        AddContent(head);
        AddSamples(head.Counters);
        AddMaintenance(head, cleanStart);
        AddExemplars(head.Exemplars);
        _summaries.Add(maintenance.TruncationDuration);
        if (log is not null)
            AddLog(head.Counters, log);
        Descriptors = [.. _values.Select(value => value.Descriptor).Distinct(), .. _summaries.Select(summary => summary.Descriptor)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        foreach ((MetricDescriptor descriptor, Func<double> read, string[] labels) in _values)
            writer.Write(descriptor, read(), labels);
        foreach (Summary summary in _summaries)
            summary.Collect(writer);
    }

    private void AddContent(HeadState head)
    {
        HeadCounters counters = head.Counters;
        Gauge("head_series", "Total number of series in the head block.", () => head.Index.SeriesCount);
        Gauge("head_stale_series", "Total number of stale series in the head block.", () => counters.StaleSeries);
        Gauge(
            "head_native_histogram_series", "Number of series whose most recent in-order sample is a native histogram.",
            () => counters.HistogramSeries);
        Gauge(
            "head_native_histogram_buckets",
            "Number of positive and negative bucket entries in the most recent in-order native histogram sample of each series, including "
            + "entries carried by staleness markers.",
            () => counters.HistogramBuckets);
        Counter("head_series_created_total", "Total number of series created in the head", () => counters.SeriesCreated);
        Counter("head_series_removed_total", "Total number of series removed in the head", () => counters.SeriesRemoved);
        Counter("head_series_not_found_total", "Total number of requests for series that were not found.", () => counters.SeriesNotFound);
        Gauge("head_chunks", "Total number of chunks in the head block.", () => counters.ChunksCreated - counters.ChunksRemoved);
        Counter("head_chunks_created_total", "Total number of chunks created in the head", () => counters.ChunksCreated);
        Counter("head_chunks_removed_total", "Total number of chunks removed in the head", () => counters.ChunksRemoved);
        HeadBounds bounds = head.Bounds;
        const string unit = " The unit is decided by the library consumer.";
        Gauge("head_min_time", "Minimum time bound of the head block." + unit, () => bounds.MinTimeMs);
        Gauge("head_max_time", "Maximum timestamp of the head block." + unit, () => bounds.MaxTimeMs);
        Gauge("head_min_time_seconds", "Minimum time bound of the head block.", () => Math.Floor(bounds.MinTimeMs / 1000.0));
        Gauge("head_max_time_seconds", "Maximum timestamp of the head block.", () => Math.Floor(bounds.MaxTimeMs / 1000.0));
        Gauge("lowest_timestamp", "Lowest timestamp value stored in the database." + unit, () => bounds.MinTimeMs);
        Gauge("lowest_timestamp_seconds", "Lowest timestamp value stored in the database.", () => Math.Floor(bounds.MinTimeMs / 1000.0));
        var memory = new MetricDescriptor(
            "forethought_tsdb_native_memory_bytes", "Native memory held for the head, by purpose.", MetricType.Gauge, ["purpose"]);
        foreach (MemoryPurpose purpose in Enum.GetValues<MemoryPurpose>())
        {
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(purpose.ToString());
            _values.Add((memory, () => head.Allocator.BytesOf(purpose), [name]));
        }
    }

    private void AddSamples(HeadCounters counters)
    {
        const string appended = "Total number of appended samples.";
        const string outOfOrder = "Total number of out of order samples ingestion failed attempts due to out of order being disabled.";
        const string outOfBounds = "Total number of out of bound samples ingestion failed attempts with out of order support disabled.";
        ByType("head_samples_appended_total", appended, () => counters.FloatsAppended, () => counters.HistogramsAppended);
        ByType("out_of_order_samples_total", outOfOrder, () => counters.FloatsOutOfOrder, () => counters.HistogramsOutOfOrder);
        ByType("out_of_bound_samples_total", outOfBounds, () => counters.FloatsOutOfBounds, () => counters.HistogramsOutOfBounds);
        Gauge("head_active_appenders", "Number of currently active appender transactions", () => counters.ActiveAppenders);
        Counter("head_appenders_created_total", "Total number of appender transactions created.", () => counters.AppendersCreated);
    }

    private void AddExemplars(ExemplarRing ring)
    {
        Counter("exemplar_exemplars_appended_total", "Total number of appended exemplars.", () => ring.Appended);
        Gauge("exemplar_exemplars_in_storage", "Number of exemplars currently in circular storage.", () => ring.Count);
        Gauge(
            "exemplar_series_with_exemplars_in_storage", "Number of series with exemplars currently in circular storage.",
            () => ring.SeriesCount);
        Gauge(
            "exemplar_last_exemplars_timestamp_seconds",
            "The timestamp of the oldest exemplar stored in circular storage. Useful to check for what timerange the current exemplar "
            + "buffer limit allows. This usually means the last timestampfor all exemplars for a typical setup. This is not true though "
            + "if one of the series timestamp is in future compared to rest series.",
            () => ring.FirstTimeMs / 1000.0);
        Gauge(
            "exemplar_max_exemplars", "Total number of exemplars the exemplar storage can store, resizeable.", () => ring.Capacity);
        Counter(
            "exemplar_out_of_order_exemplars_total", "Total number of out of order exemplar ingestion failed attempts.",
            () => ring.OutOfOrder);
    }

    private void AddMaintenance(HeadState head, int cleanStart)
    {
        HeadCounters counters = head.Counters;
        Counter("head_truncations_total", "Total number of head truncations attempted.", () => counters.Truncations);
        Counter("head_truncations_failed_total", "Total number of head truncations that failed.", () => counters.TruncationsFailed);
        Gauge("isolation_low_watermark", "The lowest TSDB append ID that is still referenced.", () => head.Isolation.Watermark);
        Gauge("isolation_high_watermark", "The highest TSDB append ID that has been given out.", () => head.Isolation.Newest);
        Gauge("retention_limit_seconds", "How long to retain samples in storage.", () => Math.Max(0, head.Retention.Duration.TotalSeconds));
        Gauge(
            "clean_start",
            "-1: lockfile is disabled. 0: a lockfile from a previous execution was replaced. 1: lockfile creation was clean",
            () => cleanStart);
    }

    private void AddLog(HeadCounters counters, HeadLog log)
    {
        WalStatistics wal = log.Lane.Statistics;
        Counter("wal_page_flushes_total", "Total number of page flushes.", () => wal.PageFlushes);
        Counter("wal_completed_pages_total", "Total number of completed pages.", () => wal.CompletedPages);
        Counter("wal_writes_failed_total", "Total number of write log writes that failed.", () => wal.WritesFailed);
        Counter("wal_record_part_writes_total", "Total number of record parts written before flushing.", () => wal.RecordPartWrites);
        Counter(
            "wal_record_parts_bytes_written_total",
            "Total number of record part bytes written before flushing, including CRC and compression headers.",
            () => wal.RecordPartBytes);
        if (WalCompressions.NameOf(log.Compression) is { } compression)
        {
            Add(
                "wal_record_bytes_saved_total",
                "Total number of bytes saved by the optional record compression. Use this metric to learn about the effectiveness compression.",
                MetricType.Counter, () => wal.RecordBytesSaved, "compression", compression);
        }

        Gauge("wal_segment_current", "Write log segment index that TSDB is currently writing to.", () => wal.CurrentSegment);
        Gauge("wal_storage_size_bytes", "Size of the write log directory.", () => SizeOf(log));
        Counter("wal_corruptions_total", "Total number of WAL corruptions.", () => counters.WalCorruptions);
        Counter("snapshot_replay_error_total", "Total number snapshot replays that failed.", () => counters.SnapshotsFailed);
        Counter("wal_truncations_total", "Total number of write log truncations attempted.", () => counters.WalTruncations);
        Counter("wal_truncations_failed_total", "Total number of write log truncations that failed.", () => counters.WalTruncationsFailed);
        Counter("checkpoint_deletions_total", "Total number of checkpoint deletions attempted.", () => counters.CheckpointDeletions);
        Counter(
            "checkpoint_deletions_failed_total", "Total number of checkpoint deletions that failed.",
            () => counters.CheckpointDeletionsFailed);
        Counter("checkpoint_creations_total", "Total number of checkpoint creations attempted.", () => counters.CheckpointsCreated);
        Counter("checkpoint_creations_failed_total", "Total number of checkpoint creations that failed.", () => counters.CheckpointsFailed);
        Gauge("data_replay_duration_seconds", "Time taken to replay the data on disk.", () => log.ReplayDuration.TotalSeconds);
        const string unknown = "Total number of unknown series references encountered during WAL replay.";
        Add("wal_replay_unknown_refs_total", unknown, MetricType.Counter, () => log.UnknownSamples, "type", "samples");
        Add("wal_replay_unknown_refs_total", unknown, MetricType.Counter, () => log.UnknownExemplars, "type", "exemplars");
        Add("wal_replay_unknown_refs_total", unknown, MetricType.Counter, () => log.UnknownMetadata, "type", "metadata");
        Add("wal_replay_unknown_refs_total", unknown, MetricType.Counter, () => log.UnknownTombstones, "type", "tombstones");
        _summaries.Add(log.SyncDuration);
        _summaries.Add(log.TruncateDuration);
    }

    // A segment may be deleted while the directory is walked.
    private static double SizeOf(HeadLog log)
    {
        try
        {
            return WalSegments.SizeOf(log.Directory);
        }
        catch (IOException)
        {
            return double.NaN;
        }
    }

    private void Gauge(string name, string help, Func<double> read) => Add(name, help, MetricType.Gauge, read);

    private void Counter(string name, string help, Func<double> read) => Add(name, help, MetricType.Counter, read);

    private void ByType(string name, string help, Func<double> floats, Func<double> histograms)
    {
        Add(name, help, MetricType.Counter, floats, "type", "float");
        Add(name, help, MetricType.Counter, histograms, "type", "histogram");
    }

    private void Add(string name, string help, MetricType type, Func<double> read) =>
        _values.Add((new MetricDescriptor(Prefix + name, help, type), read, []));

    // Values of one name share a descriptor.
    private void Add(string name, string help, MetricType type, Func<double> read, string label, string value)
    {
        MetricDescriptor descriptor = _values.Find(other => other.Descriptor.Name == Prefix + name).Descriptor
            ?? new MetricDescriptor(Prefix + name, help, type, [label]);
        _values.Add((descriptor, read, [value]));
    }
}
