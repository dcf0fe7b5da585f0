using System.Collections.Concurrent;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>Appenders with their buffers, used again so that a scrape allocates nothing. Thread-safe.</summary>
/// <param name="head">What is appended to.</param>
/// <param name="lane">Where commits are logged; null without a log.</param>
/// <param name="rangeCompleted">Told by commits as long as the oldest range of the head waits to be compacted.</param>
internal sealed class AppenderPool(HeadState head, CommitLane? lane, Action? rangeCompleted = null)
{
    private readonly ConcurrentBag<HeadAppender> _idle = [];

    /// <summary>Begins a transaction.</summary>
    public HeadAppender Open()
    {
        if (!_idle.TryTake(out HeadAppender? appender))
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
    public void Return(HeadAppender appender) => _idle.Add(appender);
}
