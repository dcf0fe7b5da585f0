using System.Collections.Concurrent;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>Appenders with their buffers, used again so that a scrape allocates nothing. Thread-safe.</summary>
internal sealed class AppenderPool(HeadState head, CommitLane? lane)
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

    /// <summary>Takes back an appender whose transaction has ended.</summary>
    public void Return(HeadAppender appender) => _idle.Add(appender);
}
