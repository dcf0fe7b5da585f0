using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Head;

/// <summary>What the head has to know of the blocks beside it.</summary>
internal static class BlockTimes
{
    /// <summary>
    /// The end of the newest block that was written from the head as a whole: what is older in the log is in blocks already.
    /// <see cref="long.MinValue"/> without one. A block whose <c>meta.json</c> is missing or unreadable does not count.
    /// </summary>
    public static long FindMinValidTime(string dataDirectory)
    {
        long newest = long.MinValue;
        if (!Directory.Exists(dataDirectory))
            return newest;
        foreach (string directory in Directory.EnumerateDirectories(dataDirectory))
        {
            if (Ulid.TryParse(Path.GetFileName(directory), out _) && Read(directory) is { Compaction.IsFromWholeHead: true } meta)
                newest = Math.Max(newest, meta.MaxTimeMs);
        }

        return newest;
    }

    private static BlockMeta? Read(string directory)
    {
        try
        {
            return BlockMetaFile.Read(new FileSystemDirectory(directory), out _);
        }
        catch (Exception e) when (e is FileNotFoundException or TsdbCorruptionException)
        {
            return null;
        }
    }
}
