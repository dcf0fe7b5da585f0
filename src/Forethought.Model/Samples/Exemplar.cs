namespace Forethought.Model;

/// <summary>An observation that illustrates a sample, usually with a trace id.</summary>
/// <param name="Labels">Its labels; their names and values together are at most 128 characters.</param>
/// <param name="Value">The observed value.</param>
/// <param name="TimeMs">Its time in milliseconds since the Unix epoch.</param>
/// <param name="HasTime">Whether the target gave the time; otherwise the sample's time was taken.</param>
public readonly record struct Exemplar(Labels Labels, double Value, long TimeMs, bool HasTime);
