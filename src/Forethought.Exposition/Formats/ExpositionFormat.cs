namespace Forethought.Exposition;

/// <summary>The formats that the readers understand.</summary>
public enum ExpositionFormat
{
    /// <summary>The Prometheus text format, versions 0.0.4 and 1.0.0.</summary>
    Text,

    /// <summary>OpenMetrics text, versions 0.0.1 and 1.0.0.</summary>
    OpenMetrics,
}
