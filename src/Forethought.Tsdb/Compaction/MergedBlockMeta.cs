using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>What the metadata of a block says that was made of others, as upstream's <c>CompactBlockMetas</c> has it.</summary>
internal static class MergedBlockMeta
{
    /// <summary>The metadata of a block that is made of some blocks (at least one), without statistics.</summary>
    public static BlockMeta Of(Ulid ulid, IReadOnlyList<BlockMeta> parents) => new()
    {
        Ulid = ulid,
        MinTimeMs = parents.Min(parent => parent.MinTimeMs),
        MaxTimeMs = parents.Max(parent => parent.MaxTimeMs),
        Compaction = new BlockCompaction
        {
            Level = parents.Max(parent => parent.Compaction.Level) + 1,
            Sources = [.. parents.SelectMany(parent => parent.Compaction.Sources).Distinct().Order()],
            Parents = [.. parents.Select(parent => new BlockDescription(parent.Ulid, parent.MinTimeMs, parent.MaxTimeMs))],
            Hints = [.. Hints(parents).Order(StringComparer.Ordinal)],
        },
    };

    // Out of order only if all are: a block with one part in order tells how far the head has been written. Of the other two the planner
    // merges only blocks of one class, and losing the hint would make replay skip what is in no block.
    private static IEnumerable<string> Hints(IReadOnlyList<BlockMeta> parents)
    {
        if (parents.All(parent => parent.Compaction.Hints.Contains(BlockHints.FromOutOfOrder)))
            yield return BlockHints.FromOutOfOrder;
        foreach (string hint in (string[])[BlockHints.FromStaleSeries, BlockHints.FromSelectedSeries])
        {
            if (parents.Any(parent => parent.Compaction.Hints.Contains(hint)))
                yield return hint;
        }
    }
}
