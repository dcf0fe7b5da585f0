namespace Forethought.Scrape.Clock;

/// <summary>
/// Starts all scrapes of a server. With the system's time, one thread sleeps until the next work is due: it takes the time before the
/// thread pool is involved, so that a busy pool delays requests but not timestamps. Other time providers, which tests stop, wake the
/// clock by their timers. Runs that were missed are skipped; the grid of due times is kept. Thread-safe.
/// </summary>
/// <remarks>
/// A binary heap by due time: with 4,000 targets a dozen comparisons a run, no memory, and due times as exact as the thread wakes,
/// which the slots of a wheel would not give. How exact that is decides how many timestamps can be those of the grid
/// (<see cref="ScrapeOptions.TimestampTolerance"/>): waits are whole milliseconds, and a busy machine wakes threads late, never early.
/// So the thread aims ahead of the due time by as much as it may be behind it.
/// </remarks>
internal sealed class ScrapeClock : IDisposable
{
    // Idle clocks wake now and then: clocks of machines that slept or were set jump.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);

    // How much earlier than due work may run. What a target answers is later still.
    internal static readonly TimeSpan SystemLead = TimeSpan.FromMilliseconds(2);

    private readonly TimeProvider _time;
    private readonly long _leadTicks;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<ClockWork, long> _queue = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread? _thread;
    private readonly ITimer? _timer;
    private volatile bool _isDisposed;

    public ScrapeClock(TimeProvider time)
    {
        _time = time;
        if (time == TimeProvider.System)
        {
            _leadTicks = SystemLead.Ticks;
            _thread = new Thread(RunThread) { IsBackground = true, Name = "scrape clock", Priority = ThreadPriority.AboveNormal };
            _thread.Start();
        }
        else
        {
            _timer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Schedules work, whose due time and interval are set.</summary>
    public void Add(ClockWork work)
    {
        bool isNext;
        lock (_lock)
        {
            _queue.Enqueue(work, work.DueTicks);
            isNext = _queue.Peek() == work;
        }

        if (isNext)
            Wake();
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _wake.Set();
        _thread?.Join();
        _timer?.Dispose();
        _wake.Dispose();
    }

    private void RunThread()
    {
        while (!_isDisposed)
        {
            TimeSpan sleep = RunDue();
            // Rounded up: waking before work may run would mean to sleep again.
            if (sleep > TimeSpan.Zero)
                _wake.WaitOne((int)Math.Ceiling(Math.Min(sleep.TotalMilliseconds, LongestSleep.TotalMilliseconds)));
        }
    }

    private void Wake()
    {
        if (_timer is null)
            _wake.Set();
        else
            Arm();
    }

    private void Arm()
    {
        lock (_lock)
        {
            if (_queue.TryPeek(out _, out long due))
                _timer!.Change(Max(new TimeSpan(due - NowTicks), TimeSpan.FromTicks(1)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Runs what is due and returns the time until the next work.</summary>
    private TimeSpan RunDue()
    {
        while (!_isDisposed && TakeDue(out ClockWork? work, out long due, out long now))
            work.OnDue(due, now);
        if (_timer is not null && !_isDisposed)
            Arm();
        lock (_lock)
            return _queue.TryPeek(out _, out long next) ? new TimeSpan(next - _leadTicks - NowTicks) : LongestSleep;
    }

    private bool TakeDue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ClockWork? work, out long due, out long now)
    {
        lock (_lock)
        {
            now = NowTicks;
            while (_queue.TryPeek(out work, out due) && due - _leadTicks <= now)
            {
                if (work.IsCancelled)
                {
                    _queue.Dequeue();
                    continue;
                }

                Advance(work, ref due, now);
                return true;
            }
        }

        work = null;
        due = 0;
        return false;
    }

    // Missed runs are skipped: the one that counts as due is the last on the grid.
    private void Advance(ClockWork work, ref long due, long now)
    {
        if (work.IntervalTicks == 0)
        {
            _queue.Dequeue();
            return;
        }

        due += (now - due) / work.IntervalTicks * work.IntervalTicks;
        work.DueTicks = due + work.IntervalTicks;
        _queue.DequeueEnqueue(work, work.DueTicks);
    }

    private long NowTicks => _time.GetUtcNow().UtcTicks;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
