using System.Globalization;
using Forethought.Client;

namespace Forethought.Web;

/// <summary>The metrics that the server keeps of its own HTTP requests, with upstream's names. Thread-safe.</summary>
public sealed class HttpMetrics
{
    private readonly CounterFamily _requests;
    private readonly HistogramFamily _durations;
    private readonly HistogramFamily _sizes;

    /// <summary>Registers the metrics.</summary>
    public HttpMetrics(MetricRegistry registry)
    {
        _requests = registry.CreateCounterFamily(
            "prometheus_http_requests_total", "Counter of HTTP requests.", ["handler", "code"]);
        _durations = registry.CreateHistogramFamily(
            "prometheus_http_request_duration_seconds",
            "Histogram of latencies for HTTP requests.",
            ["handler"],
            new HistogramOptions { Buckets = [.1, .2, .4, 1, 3, 8, 20, 60, 120] });
        _sizes = registry.CreateHistogramFamily(
            "prometheus_http_response_size_bytes",
            "Histogram of response size for HTTP requests.",
            ["handler"],
            new HistogramOptions { Buckets = [100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] });
    }

    /// <summary>Makes a route known, so that it shows with no requests before its first.</summary>
    /// <param name="handler">The route's pattern, not the path: labels must stay few.</param>
    internal void Announce(string handler) => _requests.WithLabels(handler, "200");

    /// <summary>Notes a finished request.</summary>
    /// <param name="handler">The route's pattern.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="bytes">The size of the answer's body.</param>
    internal void Observe(string handler, int status, TimeSpan duration, long bytes)
    {
        string code = status == 200 ? "200" : status.ToString(CultureInfo.InvariantCulture);
        _requests.WithLabels(handler, code).Inc();
        _durations.WithLabels(handler).Observe(duration.TotalSeconds);
        _sizes.WithLabels(handler).Observe(bytes);
    }
}
