using Forethought.Storage;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>The segment files of a log or checkpoint directory.</summary>
public static class WalSegments
{
    /// <summary>The numbers of the segments, ascending and without a gap; empty if there is none.</summary>
    /// <exception cref="StorageException">There is a gap: "segments are not sequential".</exception>
    public static IReadOnlyList<int> List(IStorageDirectory directory)
    {
        var segments = new List<int>();
        foreach (StorageEntry entry in directory.List())
        {
            if (WalFormat.TryParseSegment(entry.Name, out int index))
                segments.Add(index);
        }

        segments.Sort();
        for (int i = 1; i < segments.Count; i++)
        {
            if (segments[i] != segments[i - 1] + 1)
                throw new StorageException("segments are not sequential");
        }

        return segments;
    }

    /// <summary>
    /// Deletes the segments below <paramref name="firstKept"/>, oldest first, each for good before the next, so that no crash leaves a gap.
    /// </summary>
    /// <returns>The number of segments deleted.</returns>
    internal static int DeleteBefore(IStorageDirectory directory, int firstKept)
    {
        int deleted = 0;
        foreach (int segment in List(directory))
        {
            if (segment >= firstKept)
                break;
            directory.Delete(WalFormat.SegmentName(segment));
            directory.Sync();
            deleted++;
        }

        return deleted;
    }

    /// <summary>The bytes of all files directly in the log's directory and in the directories below it.</summary>
    internal static long SizeOf(IStorageDirectory directory)
    {
        long size = 0;
        foreach (StorageEntry entry in directory.List())
            size += entry.IsDirectory ? SizeOf(directory.GetDirectory(entry.Name)) : entry.Length;
        return size;
    }
}
