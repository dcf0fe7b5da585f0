using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Decides which blocks are to be deleted, as upstream does: those past a limit of time or size, oldest first, those of which
/// compacting left nothing, and those that were compacted into one that is loaded. Thread-safe.
/// </summary>
internal static class RetentionRules
{
    /// <param name="blocks">The blocks that can be loaded, in any order.</param>
    /// <param name="limits">How much to keep.</param>
    /// <param name="headBytes">The bytes of the head's files: log, log of out-of-order samples, checkpoints and chunks.</param>
    /// <param name="diskBytes">The size of the file system, zero or less if unknown; heeded only with a percentage.</param>
    public static RetentionVerdict Apply(
        IReadOnlyCollection<RetainedBlock> blocks, RetentionLimits limits, long headBytes, long diskBytes)
    {
        RetainedBlock[] newestFirst = [.. blocks.OrderByDescending(block => block.Meta.MaxTimeMs)];
        bool isDiskSizeMissing = newestFirst.Length > 0 && limits.MaxPercentage > 0 && diskBytes <= 0;
        var deletable = new HashSet<Ulid>();
        foreach (RetainedBlock block in newestFirst)
        {
            if (block.Meta.Compaction.IsDeletable)
                deletable.Add(block.Meta.Ulid);
            foreach (BlockDescription parent in block.Meta.Compaction.Parents)
                deletable.Add(parent.Ulid);
        }

        int firstTooOld = FirstBeyondTime(newestFirst, limits.Duration);
        int firstTooMuch = FirstBeyondSize(newestFirst, MaxBytes(limits, diskBytes), headBytes);
        foreach (RetainedBlock block in newestFirst.Skip(Math.Min(firstTooOld, firstTooMuch)))
            deletable.Add(block.Meta.Ulid);
        return new RetentionVerdict
        {
            Deletable = deletable,
            IsTimeExceeded = firstTooOld < newestFirst.Length,
            IsSizeExceeded = firstTooMuch < newestFirst.Length,
            IsDiskSizeMissing = isDiskSizeMissing,
        };
    }

    /// <summary>The newest block stays in any case; data outlives the limit by up to the length of a block.</summary>
    private static int FirstBeyondTime(RetainedBlock[] newestFirst, TimeSpan duration)
    {
        long durationMs = (long)duration.TotalMilliseconds;
        if (durationMs == 0)
            return newestFirst.Length;
        for (int i = 1; i < newestFirst.Length; i++)
        {
            if (newestFirst[0].Meta.MaxTimeMs - newestFirst[i].Meta.MaxTimeMs >= durationMs)
                return i;
        }

        return newestFirst.Length;
    }

    private static int FirstBeyondSize(RetainedBlock[] newestFirst, long maxBytes, long headBytes)
    {
        if (maxBytes <= 0)
            return newestFirst.Length;
        long bytes = headBytes;
        for (int i = 0; i < newestFirst.Length; i++)
        {
            bytes += newestFirst[i].SizeBytes;
            if (bytes > maxBytes)
                return i;
        }

        return newestFirst.Length;
    }

    private static long MaxBytes(RetentionLimits limits, long diskBytes) =>
        limits.MaxPercentage > 0 && diskBytes > 0 ? (long)(diskBytes * limits.MaxPercentage / 100) : limits.MaxBytes;
}
