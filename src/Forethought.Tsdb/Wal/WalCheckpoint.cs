using System.Globalization;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>A checkpoint in a log directory.</summary>
/// <param name="Name">The name of its directory.</param>
/// <param name="Segment">The last segment whose content it stands for.</param>
internal readonly record struct WalCheckpoint(string Name, int Segment)
{
    private const string Prefix = "checkpoint.";

    /// <summary>The newest checkpoint; null if there is none. Half-written ones (<c>.tmp</c>) do not count.</summary>
    public static WalCheckpoint? FindLast(IStorageDirectory log)
    {
        WalCheckpoint? newest = null;
        foreach (StorageEntry entry in log.List())
        {
            if (entry.IsDirectory && entry.Name.StartsWith(Prefix, StringComparison.Ordinal)
                && int.TryParse(entry.Name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int segment)
                && (newest is null || segment > newest.Value.Segment))
                newest = new WalCheckpoint(entry.Name, segment);
        }

        return newest;
    }
}
