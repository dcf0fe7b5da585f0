using Forethought.Client;
using Forethought.Discovery.Files;

namespace Forethought.Discovery;

/// <summary>
/// The metrics of the discovery mechanisms, shared by all <see cref="DiscoveryManager"/>s of a process. Thread-safe.
/// </summary>
public sealed class MechanismMetrics
{
    private static readonly QuantileObjective[] Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)];

    private readonly CounterFamily _refreshFailures;
    private readonly SummaryFamily _refreshDuration;
    private readonly HistogramFamily _refreshDurationHistogram;

    /// <summary>Registers the metrics; once per registry.</summary>
    public MechanismMetrics(MetricRegistry registry)
    {
        _refreshFailures = registry.CreateCounterFamily(
            "prometheus_sd_refresh_failures_total", "Number of refresh failures for the given SD mechanism.", ["mechanism", "config"]);
        _refreshDuration = registry.CreateSummaryFamily(
            "prometheus_sd_refresh_duration_seconds",
            "The duration of a refresh in seconds for the given SD mechanism.",
            ["mechanism", "config"],
            new SummaryOptions { Objectives = Objectives });
        _refreshDurationHistogram = registry.CreateHistogramFamily(
            "prometheus_sd_refresh_duration_histogram_seconds",
            "The duration of a refresh for the given SD mechanism.",
            ["mechanism"],
            new HistogramOptions { Buckets = [.01, .1, 1, 10] });
        HttpFailures = registry.CreateCounter("prometheus_sd_http_failures_total", "Number of HTTP service discovery refresh failures.");
        Files = new FileDiscoveryMetrics(registry, Objectives);
    }

    internal Counter HttpFailures { get; }

    internal FileDiscoveryMetrics Files { get; }

    internal void Announce(string mechanism, string set)
    {
        _refreshFailures.WithLabels(mechanism, set);
        _refreshDuration.WithLabels(mechanism, set);
        _refreshDurationHistogram.WithLabels(mechanism);
    }

    internal void Refreshed(string mechanism, string set, TimeSpan duration, bool failed)
    {
        _refreshDuration.WithLabels(mechanism, set).Observe(duration.TotalSeconds);
        _refreshDurationHistogram.WithLabels(mechanism).Observe(duration.TotalSeconds);
        if (failed)
        {
            _refreshFailures.WithLabels(mechanism, set).Inc();
        }
    }

    internal void Forget(string mechanism, string set)
    {
        _refreshFailures.Remove(mechanism, set);
        _refreshDuration.Remove(mechanism, set);
    }
}
