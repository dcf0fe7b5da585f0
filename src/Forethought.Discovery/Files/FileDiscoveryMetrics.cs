using Forethought.Client;

namespace Forethought.Discovery.Files;

/// <summary>The metrics of <c>file_sd_configs</c>.</summary>
internal sealed class FileDiscoveryMetrics
{
    internal FileDiscoveryMetrics(MetricRegistry registry, IReadOnlyList<QuantileObjective> objectives)
    {
        ReadErrors = registry.CreateCounter("prometheus_sd_file_read_errors_total", "The number of File-SD read errors.");
        ScanDuration = registry.CreateSummary(
            "prometheus_sd_file_scan_duration_seconds",
            "The duration of the File-SD scan in seconds.",
            new SummaryOptions { Objectives = objectives });
        WatcherErrors = registry.CreateCounter(
            "prometheus_sd_file_watcher_errors_total", "The number of File-SD errors caused by filesystem watch failures.");
        registry.Register(Timestamps);
    }

    internal Counter ReadErrors { get; }

    internal Summary ScanDuration { get; }

    internal Counter WatcherErrors { get; }

    internal FileTimestamps Timestamps { get; } = new();
}
