namespace Forethought.Storage;

/// <summary>What is known of the metric family that a series belongs to.</summary>
/// <param name="Type">
/// The metric type as log records number it: 0 unknown, 1 counter, 2 gauge, 3 histogram, 4 gauge histogram, 5 summary, 6 info, 7 state set.
/// </param>
/// <param name="Unit">The unit; empty for none.</param>
/// <param name="Help">The help text; empty for none.</param>
public sealed record SeriesMetadata(byte Type, string Unit, string Help);
