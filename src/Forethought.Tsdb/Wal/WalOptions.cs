namespace Forethought.Tsdb.Wal;

/// <summary>How a log is written.</summary>
internal sealed record WalOptions
{
    /// <summary>The most bytes in a segment, a multiple of the page size (32 KiB); a single larger record still goes into one.</summary>
    public int SegmentSize { get; init; } = WalFormat.DefaultSegmentSize;

    public WalCompression Compression { get; init; } = WalCompression.Snappy;

    /// <summary>
    /// Whether a finished segment is synced by a thread of its own, so that commits do not wait for the disk at every cut; a failure
    /// is then reported by the next flush or close. Otherwise cutting waits for it.
    /// </summary>
    public bool SyncsInBackground { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told how long each fsync of a segment took; called on the thread that synced.</summary>
    public Action<TimeSpan>? Synced { get; init; }
}
