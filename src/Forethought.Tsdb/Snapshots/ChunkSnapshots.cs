using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Snapshots;

/// <summary>
/// The snapshots of a data directory: directories <c>chunk_snapshot.000007.0000065536</c> with what the head's series had in open
/// chunks when the log ended there, in the framing of the log.
/// </summary>
internal static class ChunkSnapshots
{
    /// <summary>The newest snapshot that fits the log; one that the log is behind of is deleted, as are all others then.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="log">The log's directory.</param>
    /// <param name="warned">Told of snapshots that were deleted.</param>
    /// <remarks>
    /// A checkpoint of the snapshot's segment or of a later one makes it useless: the log alone is complete, and its series may have
    /// other references by now.
    /// </remarks>
    public static SnapshotPlace FindUsable(IStorageDirectory data, IStorageDirectory log, Action<string>? warned)
    {
        SnapshotPlace last = List(data).Append(SnapshotPlace.None).Max();
        if (!last.Exists)
            return last;
        IReadOnlyList<int> segments = WalSegments.List(log);
        if (segments.Count == 0 || segments[^1] < last.Segment)
        {
            warned?.Invoke("Last WAL file is behind snapshot, removing snapshots");
            DeleteAll(data);
            return SnapshotPlace.None;
        }

        return WalCheckpoints.FindLast(log) >= last.Segment || segments[0] > last.Segment ? SnapshotPlace.None : last;
    }

    /// <summary>Deletes all snapshots.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool DeleteAll(IStorageDirectory data) => DeleteBefore(data, new SnapshotPlace(int.MaxValue, long.MaxValue));

    /// <summary>Deletes the snapshots that are older than a place.</summary>
    /// <returns>Whether there was one.</returns>
    /// <remarks>They lose their names first: half of one would be taken for all of it.</remarks>
    public static bool DeleteBefore(IStorageDirectory data, SnapshotPlace place)
    {
        List<SnapshotPlace> old = List(data).FindAll(snapshot => snapshot.CompareTo(place) < 0);
        if (old.Count == 0)
            return false;
        foreach (SnapshotPlace snapshot in old)
            data.Rename(snapshot.Name, snapshot.TemporaryName);
        data.Sync();
        foreach (SnapshotPlace snapshot in old)
            data.DeleteDirectory(snapshot.TemporaryName);
        return true;
    }

    /// <summary>Deletes what snapshots that were not finished have left.</summary>
    public static void DeleteTemporary(IStorageDirectory data)
    {
        foreach (StorageEntry entry in data.List())
        {
            if (entry.IsDirectory && SnapshotPlace.IsTemporary(entry.Name))
                data.DeleteDirectory(entry.Name);
        }
    }

    private static List<SnapshotPlace> List(IStorageDirectory data)
    {
        var snapshots = new List<SnapshotPlace>();
        foreach (StorageEntry entry in data.List())
        {
            if (entry.IsDirectory && SnapshotPlace.TryParse(entry.Name, out SnapshotPlace place))
                snapshots.Add(place);
        }

        return snapshots;
    }
}
