using Forethought.Storage;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// The checkpoints in a log's directory: directories <c>checkpoint.00000042</c> that hold, in the log's own format, what is still
/// needed of the segments up to that number.
/// </summary>
public static class WalCheckpoints
{
    internal const string Prefix = "checkpoint.";

    internal const string TemporarySuffix = ".tmp";

    /// <summary>The last segment that the newest checkpoint covers; null if there is no checkpoint.</summary>
    /// <exception cref="StorageException">Something that is not a directory has a checkpoint's name.</exception>
    public static int? FindLast(IStorageDirectory log)
    {
        List<int> checkpoints = List(log);
        return checkpoints.Count == 0 ? null : checkpoints[^1];
    }

    /// <summary>The directory of the checkpoint that covers the segments up to the given one.</summary>
    public static IStorageDirectory Open(IStorageDirectory log, int segment) => log.GetDirectory(NameOf(segment));

    /// <summary>Deletes the checkpoints that cover less than the given one.</summary>
    internal static void DeleteBefore(IStorageDirectory log, int segment)
    {
        foreach (int checkpoint in List(log))
        {
            if (checkpoint < segment)
                log.DeleteDirectory(NameOf(checkpoint));
        }
    }

    /// <summary>Deletes what checkpoints that were not finished have left.</summary>
    internal static void DeleteTemporary(IStorageDirectory log)
    {
        foreach (StorageEntry entry in log.List())
        {
            if (entry.IsDirectory
                && entry.Name.StartsWith(Prefix, StringComparison.Ordinal)
                && entry.Name.EndsWith(TemporarySuffix, StringComparison.Ordinal))
                log.DeleteDirectory(entry.Name);
        }
    }

    internal static string NameOf(int segment) => Prefix + WalFormat.SegmentName(segment);

    private static List<int> List(IStorageDirectory log)
    {
        var checkpoints = new List<int>();
        foreach (StorageEntry entry in log.List())
        {
            if (!entry.Name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            if (!entry.IsDirectory)
                throw new StorageException($"checkpoint {entry.Name} is not a directory");
            if (WalFormat.TryParseSegment(entry.Name[Prefix.Length..], out int segment))
                checkpoints.Add(segment);
        }

        checkpoints.Sort();
        return checkpoints;
    }
}
