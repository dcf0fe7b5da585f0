namespace Forethought.Model;

/// <summary>
/// A run of consecutive buckets: <paramref name="Offset"/> buckets are skipped after the previous span (the first offset counts
/// from bucket 0 and may be negative), then <paramref name="Length"/> follow.
/// </summary>
public readonly record struct HistogramSpan(int Offset, uint Length);
