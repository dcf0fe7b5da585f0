using Forethought.Tsdb.Head;

namespace Forethought.Tsdb;

/// <summary>What the head holds, for <c>/api/v1/status/tsdb</c>.</summary>
/// <param name="Series">Series.</param>
/// <param name="LabelPairs">Distinct pairs of label name and value.</param>
/// <param name="Chunks">Chunks, open and full.</param>
/// <param name="MinTimeMs">The oldest sample's time; <see cref="long.MaxValue"/> while there is none.</param>
/// <param name="MaxTimeMs">The newest sample's time; <see cref="long.MinValue"/> while there is none.</param>
/// <param name="NativeBytes">Native memory held for all of it.</param>
public sealed record HeadStatistics(int Series, int LabelPairs, long Chunks, long MinTimeMs, long MaxTimeMs, long NativeBytes)
{
    internal static HeadStatistics Of(HeadState head) => new(
        head.Index.SeriesCount,
        head.Index.Pairs.Count,
        Volatile.Read(ref head.Counters.ChunksCreated) - Volatile.Read(ref head.Counters.ChunksRemoved),
        head.Bounds.MinTimeMs,
        head.Bounds.MaxTimeMs,
        head.Allocator.TotalBytes);
}
