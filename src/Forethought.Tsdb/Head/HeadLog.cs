using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>The head's log: replayed when opened, written through the lane.</summary>
internal sealed class HeadLog
{
    private HeadLog(IStorageDirectory directory, CommitLane lane, Dictionary<ulong, long> expiries)
    {
        Directory = directory;
        Lane = lane;
        Expiries = expiries;
    }

    public IStorageDirectory Directory { get; }

    public CommitLane Lane { get; }

    /// <summary>
    /// References that no series of the head has (aliases, collected series) but under which the log may have samples up to a time:
    /// their series records must stay in checkpoints that long.
    /// </summary>
    public Dictionary<ulong, long> Expiries { get; }

    /// <summary>Replays the log of a head's data directory into the head and opens it for writing.</summary>
    public static HeadLog Open(HeadState head)
    {
        TsdbOptions options = head.Options;
        string path = options.Path!;
        head.Bounds.RaiseMinValid(BlockTimes.FindMinValidTime(path));
        var directory = new FileSystemDirectory(Path.Combine(path, "wal"));
        var replay = new HeadReplay(head, directory);
        replay.Run();
        var writer = new WalWriter(directory, new WalOptions
        {
            SegmentSize = options.WalSegmentSize,
            Compression = options.WalCompression,
            SyncsInBackground = true,
            TimeProvider = options.TimeProvider,
        });
        return new HeadLog(directory, new CommitLane(writer), replay.AliasExpiries);
    }
}
