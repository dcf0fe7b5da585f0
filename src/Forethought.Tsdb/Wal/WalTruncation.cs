namespace Forethought.Tsdb.Wal;

/// <summary>Which segments a checkpoint replaces.</summary>
internal static class WalTruncation
{
    /// <summary>
    /// The last segment to be replaced: of all but the one being written, the lower two thirds, which hold mostly samples that have
    /// reached a block; null if that is not worth it. With two-hour blocks some three hours of log remain.
    /// </summary>
    /// <param name="first">The first segment that exists.</param>
    /// <param name="current">The segment that was written before a new one was started for the truncation.</param>
    public static int? LastToReplace(int first, int current)
    {
        int last = current - 1;
        if (last < 0)
            return null;
        last = first + (last - first) * 2 / 3;
        return last <= first ? null : last;
    }
}
