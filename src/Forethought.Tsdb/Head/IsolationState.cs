namespace Forethought.Tsdb.Head;

/// <summary>
/// Makes transactions visible as a whole. Each takes a number just before it writes into chunks and reports when it is done;
/// a reader sees the transactions up to the number published when it opened. A number is published when it and all before it
/// are done. Thread-safe.
/// </summary>
/// <remarks>
/// Within a series, numbers never descend: a transaction that comes to a series after one with a higher number marks its samples
/// with that higher number and is published together with it (<c>publishWith</c>).
/// </remarks>
internal sealed class IsolationState
{
    private readonly Lock _lock = new();
    private readonly Queue<PublishSignal> _inFlight = new();
    private readonly LinkedList<OpenRead> _reads = new();
    private readonly LinkedList<OpenAppend> _appends = new();
    private long _last;
    private long _published;
    private long _watermark;

    /// <summary>
    /// No reader, present or future, needs to tell transactions up to this number apart. Never falls; an old value is safe.
    /// </summary>
    public long Watermark => Volatile.Read(ref _watermark);

    /// <summary>The number given out last.</summary>
    public long Newest => Volatile.Read(ref _last);

    /// <summary>Readers that are open.</summary>
    public int OpenReads
    {
        get
        {
            lock (_lock)
                return _reads.Count;
        }
    }

    /// <summary>Gives a transaction its number. From here to <see cref="Complete"/> it must not wait for anything.</summary>
    public long Begin(PublishSignal signal)
    {
        lock (_lock)
        {
            _inFlight.Enqueue(signal);
            signal.PublishWith = 0;
            return ++_last;
        }
    }

    /// <summary>
    /// Reports that a transaction has written all its samples. The task completes when they are visible: at once, unless one that
    /// began earlier still writes.
    /// </summary>
    /// <param name="signal">The signal given at <see cref="Begin"/>.</param>
    /// <param name="publishWith">The highest number with which its samples were marked.</param>
    public ValueTask Complete(PublishSignal signal, long publishWith)
    {
        ValueTask published = signal.Arm();
        lock (_lock)
        {
            signal.PublishWith = publishWith;
            Publish();
        }

        return published;
    }

    /// <summary>Notes that a transaction opens, before it looks at what may be appended.</summary>
    public void OpenAppend(LinkedListNode<OpenAppend> append)
    {
        lock (_lock)
            _appends.AddLast(append);
    }

    /// <summary>Notes that a transaction ended, its samples visible or dropped.</summary>
    public void CloseAppend(LinkedListNode<OpenAppend> append)
    {
        lock (_lock)
        {
            _appends.Remove(append);
            append.Value.NoteClosed();
        }
    }

    /// <summary>Completes when the transactions that are open now have ended.</summary>
    public Task WhenAppendsClosed()
    {
        lock (_lock)
            return Task.WhenAll(_appends.Select(append => append.WhenClosed).ToArray());
    }

    /// <summary>Opens a reader on what is published now.</summary>
    public LinkedListNode<OpenRead> OpenRead(long minTimeMs, long maxTimeMs)
    {
        lock (_lock)
            return _reads.AddLast(new OpenRead(_published, minTimeMs, maxTimeMs));
    }

    /// <summary>Closes a reader.</summary>
    public void CloseRead(LinkedListNode<OpenRead> read)
    {
        lock (_lock)
        {
            _reads.Remove(read);
            read.Value.NoteClosed();
            UpdateWatermark();
        }
    }

    /// <summary>Completes when the readers that want samples older than a time and are open now have been closed.</summary>
    public Task WhenReadersBeforeClosed(long timeMs)
    {
        lock (_lock)
            return Task.WhenAll(_reads.Where(read => read.MinTimeMs < timeMs).Select(read => read.WhenClosed).ToArray());
    }

    // Publishes the longest run of done transactions that none of them asks to go beyond.
    private void Publish()
    {
        long end = _published, publishWith = 0, publishable = _published;
        foreach (PublishSignal transaction in _inFlight)
        {
            if (transaction.PublishWith == 0)
                break;
            end++;
            publishWith = Math.Max(publishWith, transaction.PublishWith);
            if (publishWith <= end)
                publishable = end;
        }

        for (; _published < publishable; _published++)
            _inFlight.Dequeue().Set();
        UpdateWatermark();
    }

    // Bounds ascend in order of opening: the first reader has the lowest.
    private void UpdateWatermark() =>
        Volatile.Write(ref _watermark, _reads.First is { } first ? Math.Min(first.Value.Bound, _published) : _published);
}
