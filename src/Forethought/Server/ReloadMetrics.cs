using Forethought.Client;

namespace Forethought.Server;

/// <summary>Whether and when the configuration was last loaded.</summary>
internal sealed class ReloadMetrics
{
    private readonly Gauge _successful;
    private readonly Gauge _time;

    public ReloadMetrics(MetricRegistry registry)
    {
        _successful = registry.CreateGauge(
            "prometheus_config_last_reload_successful", "Whether the last configuration reload attempt was successful.");
        _time = registry.CreateGauge(
            "prometheus_config_last_reload_success_timestamp_seconds", "Timestamp of the last successful configuration reload.");
    }

    /// <summary>Whether the last load succeeded.</summary>
    public bool IsSuccessful => _successful.Value != 0;

    /// <summary>When the configuration in force was loaded; the epoch before the first.</summary>
    public DateTimeOffset LastSuccess => DateTimeOffset.FromUnixTimeMilliseconds((long)(_time.Value * 1000));

    public void Succeeded(DateTimeOffset now)
    {
        _successful.Set(1);
        _time.Set(now.ToUnixTimeMilliseconds() / 1000.0);
    }

    public void Failed() => _successful.Set(0);
}
