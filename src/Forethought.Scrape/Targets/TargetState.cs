using Forethought.Model;

namespace Forethought.Scrape;

/// <summary>A target that is scraped, as it was at one moment: what <c>/api/v1/targets</c> shows.</summary>
public sealed record TargetState
{
    /// <summary>The labels before relabelling.</summary>
    public required Labels DiscoveredLabels { get; init; }

    /// <summary>The labels after relabelling, those that begin with <c>__</c> left out.</summary>
    public required Labels Labels { get; init; }

    /// <summary>The scrape pool, named as its job.</summary>
    public required string ScrapePool { get; init; }

    /// <summary>Where it is scraped.</summary>
    public required string ScrapeUrl { get; init; }

    /// <summary>Why the last scrape failed; empty when it did not.</summary>
    public required string LastError { get; init; }

    /// <summary>When it was last scraped; the default value before the first time.</summary>
    public required DateTimeOffset LastScrape { get; init; }

    /// <summary>How long the last scrape took.</summary>
    public required TimeSpan LastScrapeDuration { get; init; }

    /// <summary><c>up</c>, <c>down</c>, or <c>unknown</c> before the first scrape.</summary>
    public required string Health { get; init; }

    /// <summary>The interval, in Prometheus' form.</summary>
    public required string ScrapeInterval { get; init; }

    /// <summary>The timeout, in Prometheus' form.</summary>
    public required string ScrapeTimeout { get; init; }

    /// <summary>What the target said about its metric families, in no particular order.</summary>
    public required IReadOnlyList<MetricMetadata> Metadata { get; init; }
}
