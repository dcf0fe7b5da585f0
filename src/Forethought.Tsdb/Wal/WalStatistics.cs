namespace Forethought.Tsdb.Wal;

/// <summary>
/// What a log has done since it was opened: the source of <c>prometheus_tsdb_wal_…</c> metrics, named like them. Written by the
/// log's thread, read by any.
/// </summary>
public sealed class WalStatistics
{
    private long _pageFlushes;
    private long _completedPages;
    private long _writesFailed;
    private long _recordPartWrites;
    private long _recordPartBytes;
    private long _recordBytesSaved;
    private int _currentSegment;

    /// <summary>Writes of the pending records to the segment.</summary>
    public long PageFlushes => Volatile.Read(ref _pageFlushes);

    /// <summary>Pages filled.</summary>
    public long CompletedPages => Volatile.Read(ref _completedPages);

    /// <summary>Writes that failed.</summary>
    public long WritesFailed => Volatile.Read(ref _writesFailed);

    /// <summary>Fragments written.</summary>
    public long RecordPartWrites => Volatile.Read(ref _recordPartWrites);

    /// <summary>Bytes of fragments written, headers included.</summary>
    public long RecordPartBytes => Volatile.Read(ref _recordPartBytes);

    /// <summary>Bytes saved by compression.</summary>
    public long RecordBytesSaved => Volatile.Read(ref _recordBytesSaved);

    /// <summary>The segment being written.</summary>
    public int CurrentSegment => Volatile.Read(ref _currentSegment);

    internal void CountFailure() => Volatile.Write(ref _writesFailed, _writesFailed + 1);

    internal void CountSaved(long bytes) => Volatile.Write(ref _recordBytesSaved, _recordBytesSaved + bytes);

    internal void CountFragment(int bytes)
    {
        Volatile.Write(ref _recordPartWrites, _recordPartWrites + 1);
        Volatile.Write(ref _recordPartBytes, _recordPartBytes + bytes);
    }

    internal void CountWrite(long from, long to)
    {
        Volatile.Write(ref _pageFlushes, _pageFlushes + 1);
        Volatile.Write(ref _completedPages, _completedPages + to / WalFormat.PageSize - from / WalFormat.PageSize);
    }

    internal void SetSegment(int segment) => Volatile.Write(ref _currentSegment, segment);
}
