using Forethought.Exposition;

namespace Forethought.Scrape;

/// <summary>What a target says about a metric family.</summary>
/// <param name="MetricFamily">The family's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Help">Its help text, escapes undone.</param>
/// <param name="Unit">Its unit; empty for none.</param>
public sealed record MetricMetadata(string MetricFamily, MetricType Type, string Help, string Unit);
