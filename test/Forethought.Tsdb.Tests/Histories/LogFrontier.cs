using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>Up to where the logs on a disk would survive a power loss. Segments that are gone have been replaced by something that would.</summary>
internal readonly record struct LogFrontier(int Segment, long Offset, int LateSegment, long LateOffset)
{
    /// <summary>Where the logs of a disk are durable.</summary>
    public static LogFrontier Of(MemoryDisk disk)
    {
        (int segment, long offset) = Of(disk, "wal");
        (int lateSegment, long lateOffset) = Of(disk, "wbl");
        return new LogFrontier(segment, offset, lateSegment, lateOffset);
    }

    /// <summary>Where the logs of a disk end.</summary>
    public static LogPlace EndOf(MemoryDisk disk, bool isLate)
    {
        (int segment, long offset) = EndOf(disk, "wal");
        (int lateSegment, long lateOffset) = isLate ? EndOf(disk, "wbl") : (-1, 0);
        return new LogPlace(segment, offset, lateSegment, lateOffset);
    }

    public bool Covers(LogPlace place) =>
        (place.Segment, place.Offset).CompareTo((Segment, Offset)) <= 0
        && (place.LateSegment, place.LateOffset).CompareTo((LateSegment, LateOffset)) <= 0;

    private static (int Segment, long Offset) Of(MemoryDisk disk, string name)
    {
        if (disk.Root.Find(name) is not MemoryDirectory directory)
            return (int.MaxValue, 0);
        if (!disk.Root.IsDurable(name))
            return (-1, long.MaxValue);
        foreach (int segment in Segments(directory))
        {
            string file = WalFormat.SegmentName(segment);
            if (!directory.IsDurable(file))
                return (segment - 1, long.MaxValue);
            if (!directory.File(file).IsDurable)
                return (segment, directory.File(file).DurableLength);
        }

        return (int.MaxValue, 0);
    }

    private static (int Segment, long Offset) EndOf(MemoryDisk disk, string name)
    {
        if (disk.Root.Find(name) is not MemoryDirectory directory)
            return (-1, 0);
        int last = Segments(directory).DefaultIfEmpty(-1).Last();
        return (last, last < 0 ? 0 : directory.File(WalFormat.SegmentName(last)).Length);
    }

    private static IEnumerable<int> Segments(MemoryDirectory directory) => directory.List()
        .Where(entry => !entry.IsDirectory)
        .Select(entry => WalFormat.TryParseSegment(entry.Name, out int number) ? number : -1)
        .Where(number => number >= 0)
        .Order();
}
