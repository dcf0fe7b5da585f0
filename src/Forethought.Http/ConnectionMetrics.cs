using Forethought.Client;

namespace Forethought.Http;

/// <summary>
/// The <c>net_conntrack_dialer_*</c> metrics: what became of attempts to connect, by what the client is for. Thread-safe.
/// </summary>
public sealed class ConnectionMetrics
{
    private readonly CounterFamily _attempted;
    private readonly CounterFamily _established;
    private readonly CounterFamily _failed;
    private readonly CounterFamily _closed;

    /// <summary>Registers the metrics; once per registry.</summary>
    public ConnectionMetrics(MetricRegistry registry)
    {
        _attempted = registry.CreateCounterFamily(
            "net_conntrack_dialer_conn_attempted_total",
            "Total number of connections attempted by the given dialer a given name.",
            ["dialer_name"]);
        _established = registry.CreateCounterFamily(
            "net_conntrack_dialer_conn_established_total",
            "Total number of connections successfully established by the given dialer a given name.",
            ["dialer_name"]);
        _failed = registry.CreateCounterFamily(
            "net_conntrack_dialer_conn_failed_total",
            "Total number of connections failed to dial by the dialer a given name.",
            ["dialer_name", "reason"]);
        _closed = registry.CreateCounterFamily(
            "net_conntrack_dialer_conn_closed_total",
            "Total number of connections closed which originated from the dialer of a given name.",
            ["dialer_name"]);
    }

    /// <summary>Makes the metrics of a client visible at zero.</summary>
    public void Announce(string dialerName)
    {
        _attempted.WithLabels(dialerName);
        _established.WithLabels(dialerName);
        _closed.WithLabels(dialerName);
        foreach (string reason in (ReadOnlySpan<string>)["resolution", "refused", "timeout", "unknown"])
        {
            _failed.WithLabels(dialerName, reason);
        }
    }

    internal void Attempted(string dialerName) => _attempted.WithLabels(dialerName).Inc();

    internal void Established(string dialerName) => _established.WithLabels(dialerName).Inc();

    internal void Failed(string dialerName, string reason) => _failed.WithLabels(dialerName, reason).Inc();

    internal void Closed(string dialerName) => _closed.WithLabels(dialerName).Inc();
}
