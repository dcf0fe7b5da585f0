using Forethought.Http;

namespace Forethought.Scrape;

/// <summary>What scraping takes from the server around it.</summary>
public sealed record ScrapeOptions
{
    /// <summary>The defaults.</summary>
    public static ScrapeOptions Default { get; } = new();

    /// <summary>The clock of scrapes, timeouts and timestamps.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The <c>User-Agent</c> of scrapes.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>
    /// The host's full name, which with the external labels decides when in the interval a target is scraped; null finds it by DNS.
    /// </summary>
    public string? HostName { get; init; }

    /// <summary>Whether the storage is told what targets say about the families of their series.</summary>
    public bool PassesMetadata { get; init; }

    /// <summary>
    /// Whether timestamps of scrapes that start a little late are those of the schedule (<c>--scrape.adjust-timestamps</c>).
    /// </summary>
    public bool AlignTimestamps { get; init; } = true;

    /// <summary>
    /// How late a scrape may start to be aligned, but never more than a hundredth of its interval (<c>--scrape.timestamp-tolerance</c>).
    /// </summary>
    public TimeSpan TimestampTolerance { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// The least time between two changes of targets, and from the start to the first (<c>--scrape.discovery-reload-interval</c>).
    /// </summary>
    public TimeSpan DiscoveryReloadInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The metrics of connections; null for none.</summary>
    public ConnectionMetrics? ConnectionMetrics { get; init; }

    /// <summary>Called with what is to be logged, from any thread; must not throw.</summary>
    public Action<ScrapeNotice>? Notice { get; init; }
}
