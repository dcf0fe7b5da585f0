using Forethought.Client;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// The metrics of samples out of order under upstream's names. Those of the log are there from when it is opened. Thread-safe.
/// </summary>
internal sealed class OutOfOrderMetrics : ICollector
{
    private const string Prefix = "prometheus_tsdb_";

    private readonly HeadState _head;
    private readonly List<(MetricDescriptor Descriptor, Func<double> Read, string Type)> _byType = [];
    private readonly List<(MetricDescriptor Descriptor, Func<OutOfOrderLog, double> Read, string[] Labels)> _ofLog = [];

    /// <summary>Makes the metrics of a head.</summary>
    public OutOfOrderMetrics(HeadState head)
    {
        _head = head;
        AddSamples(head.Counters);
        AddUnknown(head.Counters);
        AddLog();
        if (WalCompressions.NameOf(head.Options.WalCompression) is { } compression)
            AddSaved(compression);
        Descriptors =
        [
            .. _byType.Select(value => value.Descriptor).Distinct(),
            .. _ofLog.Select(value => value.Descriptor),
            head.OutOfOrder.Delta.Descriptor,
            head.OutOfOrder.SyncDuration.Descriptor,
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        foreach ((MetricDescriptor descriptor, Func<double> read, string type) in _byType)
            writer.Write(descriptor, read(), [type]);
        _head.OutOfOrder.Delta.Collect(writer);
        if (_head.OutOfOrder.Log is not { } log)
            return;
        foreach ((MetricDescriptor descriptor, Func<OutOfOrderLog, double> read, string[] labels) in _ofLog)
            writer.Write(descriptor, read(log), labels);
        _head.OutOfOrder.SyncDuration.Collect(writer);
    }

    private void AddSamples(HeadCounters counters)
    {
        const string tooOld = "Total number of out of order samples ingestion failed attempts with out of support enabled, but sample outside of time window.";
        ByType("too_old_samples_total", tooOld, ("float", () => counters.FloatsTooOld), ("histogram", () => counters.HistogramsTooOld));
        ByType(
            "head_out_of_order_samples_appended_total", "Total number of appended out of order samples.",
            ("float", () => counters.FloatsAppendedOutOfOrder), ("histogram", () => counters.HistogramsAppendedOutOfOrder));
    }

    private void AddUnknown(HeadCounters counters) => ByType(
        "wbl_replay_unknown_refs_total", "Total number of unknown series references encountered during WBL replay.",
        ("series", () => counters.LateSeriesUnknown), ("samples", () => counters.LateFloatsUnknown),
        ("histograms", () => counters.LateHistogramsUnknown), ("mmap_markers", () => counters.LateMarkersUnknown));

    private void AddLog()
    {
        Counter("page_flushes_total", "Total number of page flushes.", log => log.Lane.Statistics.PageFlushes);
        Counter("completed_pages_total", "Total number of completed pages.", log => log.Lane.Statistics.CompletedPages);
        Counter("writes_failed_total", "Total number of write log writes that failed.", log => log.Lane.Statistics.WritesFailed);
        Counter("record_part_writes_total", "Total number of record parts written before flushing.", log => log.Lane.Statistics.RecordPartWrites);
        Counter(
            "record_parts_bytes_written_total",
            "Total number of record part bytes written before flushing, including CRC and compression headers.",
            log => log.Lane.Statistics.RecordPartBytes);
        Counter("truncations_total", "Total number of write log truncations attempted.", log => log.Truncations);
        Counter("truncations_failed_total", "Total number of write log truncations that failed.", log => log.FailedTruncations);
        OfLog("segment_current", "Write log segment index that TSDB is currently writing to.", MetricType.Gauge, log => log.Lane.Statistics.CurrentSegment);
        OfLog("storage_size_bytes", "Size of the write log directory.", MetricType.Gauge, SizeOf);
    }

    // A segment may be deleted while the directory is walked.
    private static double SizeOf(OutOfOrderLog log)
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

    private void ByType(string name, string help, params ReadOnlySpan<(string Type, Func<double> Read)> values)
    {
        var descriptor = new MetricDescriptor(Prefix + name, help, MetricType.Counter, ["type"]);
        foreach ((string type, Func<double> read) in values)
            _byType.Add((descriptor, read, type));
    }

    private void Counter(string name, string help, Func<OutOfOrderLog, double> read) => OfLog(name, help, MetricType.Counter, read);

    private void OfLog(string name, string help, MetricType type, Func<OutOfOrderLog, double> read) =>
        _ofLog.Add((new MetricDescriptor(Prefix + "out_of_order_wbl_" + name, help, type), read, []));

    private void AddSaved(string compression)
    {
        var descriptor = new MetricDescriptor(
            Prefix + "out_of_order_wbl_record_bytes_saved_total",
            "Total number of bytes saved by the optional record compression. Use this metric to learn about the effectiveness compression.",
            MetricType.Counter,
            ["compression"]);
        _ofLog.Add((descriptor, log => log.Lane.Statistics.RecordBytesSaved, [compression]));
    }
}
