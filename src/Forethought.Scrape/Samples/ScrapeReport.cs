namespace Forethought.Scrape.Samples;

/// <summary>What the report series say about one scrape.</summary>
internal readonly struct ScrapeReport
{
    public required bool IsUp { get; init; }

    public required TimeSpan Duration { get; init; }

    public required ScrapeCounts Counts { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>The configured limit; 0 for none.</summary>
    public required double SampleLimit { get; init; }

    /// <summary>The uncompressed size; 0 of a failed scrape, -1 of one that exceeded the limit.</summary>
    public required double BodyBytes { get; init; }
}
