namespace Forethought.Client;

/// <summary>The exposition formats that can be written.</summary>
public enum ExpositionKind
{
    /// <summary>Prometheus' text format, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics text 1.0.0.</summary>
    OpenMetrics,

    /// <summary>OpenMetrics text for scrapers that ask for 0.0.1; the same bytes as 1.0.0.</summary>
    OpenMetrics001,
}
