namespace Forethought.Configuration;

/// <summary>An exposition format that can be asked for.</summary>
public enum ScrapeProtocol
{
    /// <summary><c>PrometheusProto</c>: length-delimited protobuf.</summary>
    PrometheusProto,

    /// <summary><c>PrometheusText0.0.4</c>.</summary>
    PrometheusText004,

    /// <summary><c>PrometheusText1.0.0</c>.</summary>
    PrometheusText100,

    /// <summary><c>OpenMetricsText0.0.1</c>.</summary>
    OpenMetricsText001,

    /// <summary><c>OpenMetricsText1.0.0</c>.</summary>
    OpenMetricsText100,
}
