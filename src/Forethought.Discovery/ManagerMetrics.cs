using Forethought.Client;

namespace Forethought.Discovery;

/// <summary>The metrics of one manager, told apart by the constant label <c>name</c>.</summary>
internal sealed class ManagerMetrics
{
    internal ManagerMetrics(MetricRegistry registry, string name, TimeProvider timeProvider)
    {
        var options = new MetricOptions
        {
            ConstantLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name },
            TimeProvider = timeProvider,
        };
        FailedConfigurations = registry.CreateGauge(
            "prometheus_sd_failed_configs", "Current number of service discovery configurations that failed to load.", options);
        DiscoveredTargets = registry.CreateGaugeFamily(
            "prometheus_sd_discovered_targets", "Current number of discovered targets.", ["config"], options);
        ReceivedUpdates = registry.CreateCounter(
            "prometheus_sd_received_updates_total", "Total number of update events received from the SD providers.", options);
        DelayedUpdates = registry.CreateCounter(
            "prometheus_sd_updates_delayed_total", "Total number of update events that couldn't be sent immediately.", options);
        SentUpdates = registry.CreateCounter(
            "prometheus_sd_updates_total", "Total number of update events sent to the SD consumers.", options);
        LastUpdated = registry.CreateGaugeFamily(
            "prometheus_sd_last_update_timestamp_seconds", "Timestamp of the last update sent to the SD consumers.", ["config"], options);
    }

    internal Gauge FailedConfigurations { get; }

    internal GaugeFamily DiscoveredTargets { get; }

    internal Counter ReceivedUpdates { get; }

    internal Counter DelayedUpdates { get; }

    internal Counter SentUpdates { get; }

    internal GaugeFamily LastUpdated { get; }
}
