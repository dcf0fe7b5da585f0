namespace Forethought.Tsdb.Tombstones;

/// <summary>A range of times, both ends inclusive.</summary>
/// <param name="MinTimeMs">The first time, milliseconds.</param>
/// <param name="MaxTimeMs">The last time, milliseconds.</param>
internal readonly record struct TimeInterval(long MinTimeMs, long MaxTimeMs)
{
    public bool Contains(long timeMs) => timeMs >= MinTimeMs && timeMs <= MaxTimeMs;

    public bool Contains(long minTimeMs, long maxTimeMs) => minTimeMs >= MinTimeMs && maxTimeMs <= MaxTimeMs;

    /// <summary>The part of it from one time to another, with which it overlaps.</summary>
    public TimeInterval Within(long minTimeMs, long maxTimeMs) =>
        new(Math.Max(MinTimeMs, minTimeMs), Math.Min(MaxTimeMs, maxTimeMs));

    public bool Overlaps(long minTimeMs, long maxTimeMs) => MinTimeMs <= maxTimeMs && minTimeMs <= MaxTimeMs;
}
