using Forethought.Model;

namespace Forethought.Web;

/// <summary>All targets at one moment, by pool in order of name.</summary>
/// <param name="Active">Targets that are scraped.</param>
/// <param name="Dropped">Labels before relabelling of targets that relabelling dropped, as far as they are kept, with their pool.</param>
/// <param name="DroppedCounts">How many targets each pool dropped, kept or not.</param>
public sealed record TargetsView(
    IReadOnlyList<ActiveTargetView> Active,
    IReadOnlyList<(string ScrapePool, Labels DiscoveredLabels)> Dropped,
    IReadOnlyList<(string ScrapePool, int Count)> DroppedCounts);
