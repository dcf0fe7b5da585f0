using Forethought.Tsdb.Head;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.OutOfOrder;

/// <summary>
/// The log of samples that came out of order, which the write-ahead log cannot bring back because replay finds them too old there
/// (upstream's write-behind log, directory <c>wbl</c>). Thread-safe.
/// </summary>
internal sealed class OutOfOrderLog
{
    /// <summary>The log's directory within the data directory.</summary>
    public const string DirectoryName = "wbl";

    private long _truncations;
    private long _failedTruncations;

    private OutOfOrderLog(HeadState head, IStorageDirectory directory)
    {
        Directory = directory;
        Lane = new CommitLane(new WalWriter(directory, new WalOptions
        {
            SegmentSize = head.Options.WalSegmentSize,
            Compression = head.Options.WalCompression,
            SyncsInBackground = !head.Options.DiskWork.IsInline,
            TimeProvider = head.Options.TimeProvider,
            Synced = time => head.OutOfOrder.SyncDuration.Observe(time.TotalSeconds),
        }), head.Options.DiskWork);
    }

    public IStorageDirectory Directory { get; }

    public CommitLane Lane { get; }

    public long Truncations => Interlocked.Read(ref _truncations);

    public long FailedTruncations => Interlocked.Read(ref _failedTruncations);

    /// <summary>Whether a data directory has such a log with something in it.</summary>
    public static bool IsIn(IStorageDirectory data) =>
        data.List().Any(entry => entry.IsDirectory && entry.Name == DirectoryName) && SizeIn(data) > 0;

    /// <summary>Bytes of the log in a data directory, 0 if there is none.</summary>
    public static long SizeIn(IStorageDirectory data) =>
        data.List().Any(entry => entry.IsDirectory && entry.Name == DirectoryName)
            ? WalSegments.SizeOf(data.GetDirectory(DirectoryName))
            : 0;

    /// <summary>Opens the log of a data directory for writing, in a new segment.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public static OutOfOrderLog Open(HeadState head, IStorageDirectory data)
    {
        var log = new OutOfOrderLog(head, data.GetDirectory(DirectoryName));

        // Segments are synced into a directory whose own entry must not be lost.
        data.Sync();
        return log;
    }

    /// <summary>Deletes the segments below one: what they hold is in blocks.</summary>
    /// <exception cref="IOException">A segment could not be deleted.</exception>
    public void DeleteBefore(int segment)
    {
        Interlocked.Increment(ref _truncations);
        try
        {
            WalSegments.DeleteBefore(Directory, segment);
        }
        catch
        {
            Interlocked.Increment(ref _failedTruncations);
            throw;
        }
    }
}
