using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Syncs and closes finished segments, on a thread of its own if the options say so. At most one is under way. Used by the log's
/// thread.
/// </summary>
internal sealed class SegmentRetirer(IStorageDirectory directory, WalOptions options) : IDisposable
{
    private Thread? _thread;
    private IOException? _failure;

    /// <summary>Takes over a finished segment.</summary>
    /// <exception cref="IOException">It could not be synced; in the background that is left to <see cref="Drain"/>.</exception>
    public void Retire(IStorageFile segment)
    {
        if (!options.SyncsInBackground)
        {
            SyncAndClose(segment);
            return;
        }

        Join();
        _thread = new Thread(() => SyncInBackground(segment)) { IsBackground = true, Name = "wal-segment-sync" };
        _thread.Start();
    }

    /// <summary>Waits for the segment under way.</summary>
    /// <exception cref="IOException">A segment could not be synced since the last call.</exception>
    public void Drain()
    {
        Join();
        IOException? failure = _failure;
        _failure = null;
        if (failure is not null)
            throw new IOException(failure.Message, failure);
    }

    /// <summary>Syncs a file on this thread and reports the time it took.</summary>
    public void Sync(IStorageFile file)
    {
        long start = options.TimeProvider.GetTimestamp();
        file.Sync();
        options.Synced?.Invoke(options.TimeProvider.GetElapsedTime(start));
    }

    /// <inheritdoc/>
    public void Dispose() => Join();

    private void Join()
    {
        _thread?.Join();
        _thread = null;
    }

    private void SyncInBackground(IStorageFile segment)
    {
        try
        {
            SyncAndClose(segment);
        }
        catch (IOException e)
        {
            _failure = e;
        }
    }

    /// <summary>The directory is synced too: the entry of the segment that followed must not be lost.</summary>
    private void SyncAndClose(IStorageFile segment)
    {
        using (segment)
        {
            Sync(segment);
            directory.Sync();
        }
    }
}
