namespace Forethought.Scrape.Targets;

/// <summary>Discovered labels make no target; the message is upstream's.</summary>
internal sealed class TargetException(string message) : Exception(message);
