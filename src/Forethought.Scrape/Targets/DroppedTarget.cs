using Forethought.Model;

namespace Forethought.Scrape;

/// <summary>A target that relabelling dropped.</summary>
/// <param name="ScrapePool">The scrape pool, named as its job.</param>
/// <param name="DiscoveredLabels">Its labels before relabelling.</param>
public sealed record DroppedTarget(string ScrapePool, Labels DiscoveredLabels);
