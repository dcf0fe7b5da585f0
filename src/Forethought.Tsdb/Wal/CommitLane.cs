using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// The one way into the log. A thread of its own owns the writer; appenders hand over their records and await the task, which
/// completes when the operating system has them. Commits that wait at the same time share a write. Requests are served in the
/// order in which they came; a failure goes to those it concerns as <see cref="IOException"/> and the lane goes on. Thread-safe.
/// </summary>
internal sealed class CommitLane : IAsyncDisposable
{
    /// <summary>A write takes no further commit once it holds this many bytes.</summary>
    private const int MaxGroupBytes = 1 << 20;

    private readonly object _gate = new();
    private readonly WalWriter _writer;
    private readonly bool _isInline;
    private readonly List<LaneRequest> _group = [];
    private LaneRequest? _first;
    private LaneRequest? _last;
    private LaneRequest? _pool;
    private readonly Thread? _thread;
    private bool _isClosing;

    /// <summary>Takes over a writer, which nobody else may use from here on.</summary>
    /// <param name="writer">The log's.</param>
    /// <param name="work">If it is inline there is no thread: whoever asks is served at once, under the lock.</param>
    public CommitLane(WalWriter writer, DiskWork? work = null)
    {
        _writer = writer;
        _isInline = work?.IsInline == true;
        if (_isInline)
            return;
        _thread = new Thread(Run) { IsBackground = true, Name = "wal-commit-lane" };
        _thread.Start();
    }

    /// <summary>Raised on the lane's thread after records were written; handlers must be quick and must not throw.</summary>
    public event Action? Written;

    /// <summary>Where the log ends, once the lane is closed.</summary>
    public (int Segment, long Offset) End => (_writer.Segment, _writer.Position);

    /// <summary>What the log has done.</summary>
    public WalStatistics Statistics => _writer.Statistics;

    /// <summary>
    /// Writes the records of a commit as a whole. The buffer belongs to the lane until the task has completed, and the task must be
    /// awaited exactly once.
    /// </summary>
    /// <exception cref="IOException">The log could not be written: none of the records is in it.</exception>
    /// <exception cref="ObjectDisposedException">The lane was closed before.</exception>
    public ValueTask CommitAsync(RecordBuffer records)
    {
        if (records.Count == 0)
            return ValueTask.CompletedTask;
        LaneRequest request = Enqueue(LaneRequestKind.Commit, records);
        return new ValueTask(request, request.Version);
    }

    /// <summary>Ends the segment and starts the next one, whose number the task brings.</summary>
    public ValueTask<int> CutSegmentAsync()
    {
        LaneRequest request = Enqueue(LaneRequestKind.CutSegment, null);
        return new ValueTask<int>(request, request.Version);
    }

    /// <summary>Completes once everything committed before is on stable storage.</summary>
    public ValueTask FlushAsync()
    {
        LaneRequest request = Enqueue(LaneRequestKind.Flush, null);
        return new ValueTask(request, request.Version);
    }

    /// <summary>Serves what was asked before, syncs and closes the log and ends the thread. Closing twice does nothing.</summary>
    public ValueTask CloseAsync()
    {
        LaneRequest request;
        lock (_gate)
        {
            if (_isClosing)
                return ValueTask.CompletedTask;
            request = EnqueueLocked(LaneRequestKind.Close, null);
            _isClosing = true;
        }

        return new ValueTask(request, request.Version);
    }

    /// <summary>
    /// Closes a log of which nothing more is wanted, on a thread that may wait: returns when the lane's thread has ended, and passes
    /// over what fails.
    /// </summary>
    public void Abandon()
    {
        Task closed = CloseAsync().AsTask();
        _thread?.Join();
        _ = closed.Exception;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    internal void Return(LaneRequest request)
    {
        lock (_gate)
        {
            request.Next = _pool;
            _pool = request;
        }
    }

    private LaneRequest Enqueue(LaneRequestKind kind, RecordBuffer? records)
    {
        lock (_gate)
            return EnqueueLocked(kind, records);
    }

    private LaneRequest EnqueueLocked(LaneRequestKind kind, RecordBuffer? records)
    {
        ObjectDisposedException.ThrowIf(_isClosing, this);
        LaneRequest request = _pool ?? new LaneRequest(this);
        _pool = request.Next;
        request.Next = null;
        request.Kind = kind;
        request.Records = records;
        if (_last is null)
            _first = request;
        else
            _last.Next = request;
        _last = request;
        if (_isInline)
            ServeWaiting();
        else
            Monitor.Pulse(_gate);
        return request;
    }

    private void Run()
    {
        while (!ServeWaiting())
        {
        }
    }

    // Returns whether the lane was closed.
    private bool ServeWaiting()
    {
        bool isClosed = false;
        LaneRequest? request = TakeAll();
        while (request is not null)
        {
            // A completed request may be in the pool, or queued again, at once.
            LaneRequest? next = request.Next;
            isClosed |= request.Kind == LaneRequestKind.Close;
            Serve(request);
            request = next;
        }

        WriteGroup();
        return isClosed;
    }

    private LaneRequest TakeAll()
    {
        lock (_gate)
        {
            while (_first is null)
                Monitor.Wait(_gate);
            LaneRequest all = _first;
            _first = null;
            _last = null;
            return all;
        }
    }

    private void Serve(LaneRequest request)
    {
        if (request.Kind == LaneRequestKind.Commit)
        {
            Stage(request);
            return;
        }

        WriteGroup();
        try
        {
            request.Succeed(Perform(request.Kind));
        }
        catch (Exception e)
        {
            request.Fail(e);
        }
    }

    private int Perform(LaneRequestKind kind)
    {
        switch (kind)
        {
            case LaneRequestKind.CutSegment:
                return _writer.CutSegment();
            case LaneRequestKind.Flush:
                _writer.Sync();
                break;
            default:
                _writer.Close();
                break;
        }

        return _writer.Segment;
    }

    private void Stage(LaneRequest request)
    {
        try
        {
            if (!_writer.TryStage(request.Records!))
            {
                WriteGroup();
                _writer.TryStage(request.Records!);
            }

            _group.Add(request);
        }
        catch (Exception e)
        {
            request.Fail(e);
            return;
        }

        if (_writer.StagedBytes >= MaxGroupBytes)
            WriteGroup();
    }

    private void WriteGroup()
    {
        if (_group.Count == 0)
            return;
        Exception? failure = null;
        try
        {
            _writer.WriteStaged();
        }
        catch (Exception e)
        {
            failure = e;
        }

        foreach (LaneRequest request in _group)
        {
            if (failure is null)
                request.Succeed(_writer.Segment);
            else
                request.Fail(failure);
        }

        _group.Clear();
        if (failure is null)
            Written?.Invoke();
    }
}
