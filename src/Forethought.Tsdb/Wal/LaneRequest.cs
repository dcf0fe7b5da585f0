using System.Threading.Tasks.Sources;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Something that the lane is asked to do, and the task of whoever waits for it. Pooled: returns to its lane when the result is
/// taken.
/// </summary>
internal sealed class LaneRequest : IValueTaskSource, IValueTaskSource<int>
{
    private readonly CommitLane _lane;
    private ManualResetValueTaskSourceCore<int> _core;

    public LaneRequest(CommitLane lane)
    {
        _lane = lane;
        // The waiting scrape goes on in the pool, not on the lane's thread.
        _core.RunContinuationsAsynchronously = true;
    }

    public LaneRequestKind Kind { get; set; }

    /// <summary>A commit's records; null for the other kinds.</summary>
    public RecordBuffer? Records { get; set; }

    /// <summary>The next request in the queue or the pool.</summary>
    public LaneRequest? Next { get; set; }

    public short Version => _core.Version;

    public void Succeed(int result)
    {
        Records = null;
        _core.SetResult(result);
    }

    /// <summary>Every waiter gets an exception of its own: they are rethrown on different threads.</summary>
    public void Fail(Exception cause)
    {
        Records = null;
        _core.SetException(cause as ObjectDisposedException ?? (Exception)new IOException(cause.Message, cause));
    }

    public int GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            _lane.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => GetResult(token);
}
