using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Makes a damaged log usable again, as upstream does: what lies behind the damage is given up. Must not run beside a writer.
/// </summary>
public static class WalRepair
{
    /// <summary>
    /// Deletes the segments behind the damaged one, newest first, each for good before the next, so that no crash leaves a gap, and cuts the damaged one to its
    /// whole records before the damage.
    /// </summary>
    /// <param name="directory">The log, not a checkpoint: a damaged checkpoint cannot be repaired.</param>
    /// <param name="damage">What a <see cref="WalReader"/> of that log threw or located.</param>
    /// <exception cref="ArgumentException">The damage has no place in a segment.</exception>
    /// <exception cref="IOException">A file could not be changed; repairing again is safe.</exception>
    public static WalRepairResult Repair(IStorageDirectory directory, TsdbCorruptionException damage)
    {
        if (damage.Segment < 0)
            throw new ArgumentException("corruption error does not specify position", nameof(damage));
        List<int> deleted = DeleteBehind(directory, damage.Segment);
        long end = EndOfRecordsBefore(directory, damage.Segment, damage.Offset);
        long cut;
        using (IStorageFile file = directory.Open(WalFormat.SegmentName(damage.Segment), isWritable: true))
        {
            cut = Math.Max(file.Length - end, 0);
            file.SetLength(end);
            file.SetLength((end + WalFormat.PageSize - 1) / WalFormat.PageSize * WalFormat.PageSize);
            file.Sync();
        }

        directory.Sync();
        return new WalRepairResult(damage.Segment, end, cut, deleted);
    }

    private static List<int> DeleteBehind(IStorageDirectory directory, int segment)
    {
        var deleted = new List<int>();
        foreach (int newer in WalSegments.List(directory).Where(number => number > segment).Reverse())
        {
            directory.Delete(WalFormat.SegmentName(newer));
            directory.Sync();
            deleted.Add(newer);
        }

        return deleted;
    }

    private static long EndOfRecordsBefore(IStorageDirectory directory, int segment, long offset)
    {
        long end = 0;
        using var reader = new WalReader(new WalRange(directory, segment, segment));
        try
        {
            while (reader.TryRead(out _) && reader.Offset <= offset)
                end = reader.Offset;
        }
        catch (TsdbCorruptionException)
        {
            // The damage that is being repaired.
        }

        return end;
    }
}
