using System.Collections.Concurrent;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>Appenders with their buffers, used again so that a scrape allocates nothing. Thread-safe.</summary>
/// <param name="head">What is appended to.</param>
/// <param name="lane">Where commits are logged; null without a log.</param>
/// <param name="rangeCompleted">Told by commits as long as the oldest range of the head waits to be compacted.</param>
internal sealed class AppenderPool(HeadState head, CommitLane? lane, Action? rangeCompleted = null)
{
    // More than that commit at the same time only while the disk is slow, and each may hold the rows of a large scrape.
    private const int MaxIdle = 16;

    private readonly ConcurrentBag<HeadAppender> _idle = [];
    private int _idleCount;

    /// <summary>Begins a transaction.</summary>
    public HeadAppender Open()
    {
        if (_idle.TryTake(out HeadAppender? appender))
            Interlocked.Decrement(ref _idleCount);
        else
            appender = new HeadAppender(head, lane, this);
        appender.Open();
        return appender;
    }

    /// <summary>Takes note of the end of a commit.</summary>
    public void NoteCommit()
    {
        if (rangeCompleted is not null && head.Bounds.IsCompactable)
            rangeCompleted();
    }

    /// <summary>Takes back an appender whose transaction has ended.</summary>
    public void Return(HeadAppender appender)
    {
        if (Interlocked.Increment(ref _idleCount) <= MaxIdle)
            _idle.Add(appender);
        else
            Interlocked.Decrement(ref _idleCount);
    }
}
