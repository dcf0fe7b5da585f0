using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Decides which blocks to compact into one next, as upstream's leveled compactor does: blocks that overlap come first, then those
/// that fill a range of the next step or will not be followed by another in it, then a large one with many deletions. Thread-safe.
/// </summary>
/// <param name="ranges">Lengths of blocks in milliseconds, ascending, each a multiple of the one before; at least one.</param>
/// <param name="mergesOverlapping">Whether blocks that overlap are merged; otherwise that is left to another component.</param>
internal sealed class LeveledPlanner(IReadOnlyList<long> ranges, bool mergesOverlapping = true)
{
    /// <summary>With a larger share of series that have a deletion, a large block is written anew.</summary>
    private const double MaxTombstoneShare = 0.05;

    /// <summary>The blocks to compact together, in order of time; none if there is nothing to do.</summary>
    public IReadOnlyList<BlockMeta> Plan(IEnumerable<BlockMeta> blocks)
    {
        // Blocks with a part of the head's series must not lose the hint that says so, so each kind is kept to itself. Blocks with
        // out-of-order samples are not: they have to be merged with what they overlap. Whole blocks go first, not to be starved.
        BlockMeta[] all = [.. blocks];
        long writtenUpTo = all.Where(block => block.Compaction.IsFromWholeHead).Select(block => block.MaxTimeMs).DefaultIfEmpty(long.MinValue).Max();
        foreach (IGrouping<int, BlockMeta> kind in all.GroupBy(KindOf).OrderBy(kind => kind.Key))
        {
            IReadOnlyList<BlockMeta> plan = PlanKind([.. kind.OrderBy(block => block.MinTimeMs)], writtenUpTo);
            if (plan.Count > 0)
                return plan;
        }

        return [];
    }

    /// <summary>
    /// Divides blocks among the ranges of one length, which begin at multiples of it. Blocks that lie in two ranges are left out.
    /// </summary>
    /// <param name="blocks">Blocks in order of their first times.</param>
    /// <param name="rangeMs">The length.</param>
    public static IReadOnlyList<IReadOnlyList<BlockMeta>> SplitByRange(IReadOnlyList<BlockMeta> blocks, long rangeMs)
    {
        var groups = new List<IReadOnlyList<BlockMeta>>();
        for (int i = 0; i < blocks.Count;)
        {
            long end = BlockRanges.StartOf(blocks[i].MinTimeMs, rangeMs) + rangeMs;
            int first = i;
            while (i < blocks.Count && blocks[i].MaxTimeMs <= end)
                i++;
            if (i > first)
                groups.Add([.. blocks.Skip(first).Take(i - first)]);
            else
                i++;
        }

        return groups;
    }

    private static int KindOf(BlockMeta block)
    {
        if (block.Compaction.Hints.Contains(BlockHints.FromStaleSeries))
            return 1;
        return block.Compaction.Hints.Contains(BlockHints.FromSelectedSeries) ? 2 : 0;
    }

    private IReadOnlyList<BlockMeta> PlanKind(IReadOnlyList<BlockMeta> sorted, long writtenUpTo)
    {
        List<BlockMeta> overlapping = mergesOverlapping ? FirstOverlap([.. sorted.Where(IsBehindHead)]) : [];
        if (overlapping.Count > 0)
            return overlapping;

        // The newest block, which has just come from the head, waits, so that whoever copies blocks has time to do it.
        BlockMeta[] settled = [.. sorted.SkipLast(1).Where(IsBehindHead)];
        IReadOnlyList<BlockMeta> filling = FirstCompleteRange(settled);
        return filling.Count > 0 ? filling : LastWithManyTombstones([.. settled.Where(IsNotLastFromHead)]);

        // It tells how much of the log is in blocks: if nothing is left of it, it must not go.
        bool IsNotLastFromHead(BlockMeta block) => !block.Compaction.IsFromWholeHead || block.MaxTimeMs < writtenUpTo;

        // What came out of order may be in a block before what came in order is. Merged with blocks in order it would say that the head
        // was written that far, and replay would pass over what is in the log only. Upstream merges such blocks.
        bool IsBehindHead(BlockMeta block) =>
            block.MaxTimeMs <= writtenUpTo || !block.Compaction.Hints.Contains(BlockHints.FromOutOfOrder);
    }

    /// <summary>
    /// The first blocks of which each overlaps one before it. Upstream picks them again and again even if compacting them fails; here
    /// they are left alone then, because queries merge them anyway and nothing else would be compacted any more.
    /// </summary>
    private static List<BlockMeta> FirstOverlap(IReadOnlyList<BlockMeta> sorted)
    {
        var overlapping = new List<BlockMeta>();
        long end = sorted.Count == 0 ? 0 : sorted[0].MaxTimeMs;
        for (int i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].MinTimeMs < end)
            {
                if (overlapping.Count == 0)
                    overlapping.Add(sorted[i - 1]);
                overlapping.Add(sorted[i]);
            }
            else if (IsDue(overlapping))
            {
                break;
            }
            else
            {
                overlapping.Clear();
            }

            end = Math.Max(end, sorted[i].MaxTimeMs);
        }

        return IsDue(overlapping) ? overlapping : [];
    }

    private static bool IsDue(IReadOnlyList<BlockMeta> group) => group.Count > 1 && !group.Any(block => block.Compaction.HasFailed);

    private IReadOnlyList<BlockMeta> FirstCompleteRange(BlockMeta[] settled)
    {
        if (settled.Length == 0)
            return [];
        long newestMin = settled[^1].MinTimeMs;
        foreach (long range in ranges.Skip(1))
        {
            foreach (IReadOnlyList<BlockMeta> group in SplitByRange(settled, range))
            {
                // Before the newest block nothing more will come, even if there are gaps.
                long end = group[^1].MaxTimeMs;
                bool isComplete = end - group[0].MinTimeMs == range || end <= newestMin;
                if (isComplete && IsDue(group))
                    return group;
            }
        }

        return [];
    }

    private BlockMeta[] LastWithManyTombstones(BlockMeta[] settled)
    {
        foreach (BlockMeta block in settled.AsEnumerable().Reverse())
        {
            BlockStats stats = block.Stats;
            if (block.MaxTimeMs - block.MinTimeMs < ranges[ranges.Count / 2])
            {
                // A small block is worth it only if nothing is left of it, taking each deletion for another series.
                return !block.Compaction.HasFailed && stats.Tombstones > 0 && stats.Tombstones >= stats.Series ? [block] : [];
            }

            if (!block.Compaction.HasFailed && (double)stats.Tombstones / (stats.Series + 1) > MaxTombstoneShare)
                return [block];
        }

        return [];
    }
}
