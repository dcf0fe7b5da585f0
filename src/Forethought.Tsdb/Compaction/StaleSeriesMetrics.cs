using Forethought.Client;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// What the compaction of stale series did, under upstream's names, and that of selected series: upstream's library lets its callers
/// name series, the server never does, and neither does this one, so that those stay at zero. Thread-safe.
/// </summary>
internal sealed class StaleSeriesMetrics : ICollector
{
    private static readonly IReadOnlyList<double> DurationBuckets = HistogramBuckets.Exponential(1, 2, 14);

    private readonly Metric[] _metrics;

    /// <summary>Makes the metrics, all at zero.</summary>
    public StaleSeriesMetrics()
    {
        const string selected = "an explicit caller-provided list of series references";
        _metrics =
        [
            Triggered, Failed, Duration,
            new Counter(
                "prometheus_tsdb_selected_series_compactions_triggered_total", $"Total number of compactions triggered for {selected}."),
            new Counter(
                "prometheus_tsdb_selected_series_compactions_failed_total",
                $"Total number of compactions triggered for {selected} that failed."),
            new Histogram(
                "prometheus_tsdb_selected_series_compaction_duration_seconds",
                $"Duration of compactions triggered for {selected}.",
                new HistogramOptions { Buckets = DurationBuckets }),
        ];
        Descriptors = [.. _metrics.Select(metric => metric.Descriptor)];
    }

    public Counter Triggered { get; } = new(
        "prometheus_tsdb_stale_series_compactions_triggered_total", "Total number of triggered stale series compactions.");

    public Counter Failed { get; } = new(
        "prometheus_tsdb_stale_series_compactions_failed_total", "Total number of stale series compactions that failed.");

    public Histogram Duration { get; } = new(
        "prometheus_tsdb_stale_series_compaction_duration_seconds",
        "Duration of stale series compaction runs.",
        new HistogramOptions { Buckets = DurationBuckets });

    /// <inheritdoc/>
    public IReadOnlyList<MetricDescriptor> Descriptors { get; }

    /// <inheritdoc/>
    public void Collect(MetricWriter writer)
    {
        foreach (Metric metric in _metrics)
            metric.Collect(writer);
    }
}
