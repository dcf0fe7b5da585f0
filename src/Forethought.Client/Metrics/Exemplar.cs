namespace Forethought.Client;

/// <summary>One event behind a number, shown beside it by OpenMetrics. Immutable.</summary>
/// <param name="Labels">What identifies the event.</param>
/// <param name="Value">The value it added or was observed with.</param>
/// <param name="Timestamp">When it happened; null if not known.</param>
public sealed record Exemplar(ExemplarLabels Labels, double Value, DateTimeOffset? Timestamp);
