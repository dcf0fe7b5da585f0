namespace Forethought.Tsdb.Tests.Histories;

/// <summary>A deletion of samples with MinMs ≤ t ≤ MaxMs.</summary>
internal sealed record HistoryDeletion(SeriesChoice Choice, long MinMs, long MaxMs);
