namespace Forethought.Client;

/// <summary>How a <see cref="MetricsHandler"/> answers. Immutable.</summary>
public sealed record MetricsHandlerOptions
{
    /// <summary>Text format only, compressed on request, any number of requests at a time.</summary>
    public static MetricsHandlerOptions Default { get; } = new();

    /// <summary>Whether scrapers that ask for OpenMetrics get it; off unless set, as in Prometheus itself.</summary>
    public bool OfferOpenMetrics { get; init; }

    /// <summary>Whether OpenMetrics answers have a <c>_created</c> line for each counter, summary and histogram.</summary>
    public bool WriteCreatedSamples { get; init; }

    /// <summary>Whether answers are compressed for scrapers that accept gzip.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>More requests than this at a time are answered with 503; 0 for no limit.</summary>
    public int MaxRequestsInFlight { get; init; }
}
