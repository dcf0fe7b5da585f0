using Forethought.Scrape.Clock;
using Forethought.Testing;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>Random work on a random clock: every piece runs at its own times and at no others, in order of time over all.</summary>
public sealed class ClockPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Everything_runs_on_its_grid_in_order_and_once(int seed)
    {
        Random random = Fuzz.Random(seed);
        var time = new FakeTimeProvider();
        using var clock = new ScrapeClock(time);
        var log = new List<long>();
        var works = new List<Work>();
        long start = time.GetUtcNow().UtcTicks;
        for (int step = Fuzz.Rounds(200); step > 0; step--)
        {
            if (works.Count == 0 || random.Next(3) > 0)
            {
                var work = new Work(log, time)
                {
                    DueTicks = time.GetUtcNow().UtcTicks + Milliseconds(random.Next(1, 3000)),
                    IntervalTicks = random.Next(4) == 0 ? 0 : Milliseconds(random.Next(1, 50) * 20),
                };
                work.FirstDue = work.DueTicks;
                works.Add(work);
                clock.Add(work);
            }
            else
            {
                Work cancelled = works[random.Next(works.Count)];
                if (!cancelled.IsCancelled)
                    cancelled.CancelledAt = time.GetUtcNow().UtcTicks;
                cancelled.IsCancelled = true;
            }

            time.Advance(TimeSpan.FromTicks(Milliseconds(random.Next(0, 400))));
        }

        long end = time.GetUtcNow().UtcTicks;
        Assert.Equal(log.Order(), log);
        Assert.All(works, work => Assert.Equal(work.Expected(end), work.Runs));
        Assert.True(log.Count > 1000 && log[0] > start);
    }

    [Fact]
    public void A_clock_that_jumps_ahead_runs_the_last_slot_only()
    {
        var time = new JumpingTimeProvider();
        using var clock = new ScrapeClock(time);
        var work = new Work([], time) { DueTicks = time.Now.UtcTicks + Milliseconds(100), IntervalTicks = Milliseconds(100) };
        work.FirstDue = work.DueTicks;
        clock.Add(work);
        time.Jump(TimeSpan.FromMilliseconds(1050));
        time.Jump(TimeSpan.FromMilliseconds(50));
        Assert.Equal([Milliseconds(1000), Milliseconds(1100)], work.Runs.Select(run => run - work.FirstDue + Milliseconds(100)));
    }

    [Fact]
    public void A_clock_that_is_set_back_waits_for_the_next_slot()
    {
        var time = new JumpingTimeProvider();
        using var clock = new ScrapeClock(time);
        var work = new Work([], time) { DueTicks = time.Now.UtcTicks + Milliseconds(100), IntervalTicks = Milliseconds(100) };
        clock.Add(work);
        time.Jump(TimeSpan.FromMilliseconds(100));
        time.Jump(TimeSpan.FromMilliseconds(-500));
        Assert.Single(work.Runs);
        time.Jump(TimeSpan.FromMilliseconds(599));
        Assert.Single(work.Runs);
        time.Jump(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, work.Runs.Count);
    }

    [Fact]
    public void Work_may_add_work()
    {
        var time = new FakeTimeProvider();
        using var clock = new ScrapeClock(time);
        long start = time.GetUtcNow().UtcTicks;
        var second = new Work([], time) { DueTicks = start + Milliseconds(300) };
        var first = new Work([], time) { DueTicks = start + Milliseconds(200), Ran = () => clock.Add(second) };
        clock.Add(first);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((start + Milliseconds(200), start + Milliseconds(300)), (Assert.Single(first.Runs), Assert.Single(second.Runs)));
    }

    [Fact]
    public void Nothing_runs_after_the_clock_is_disposed()
    {
        var time = new FakeTimeProvider();
        var clock = new ScrapeClock(time);
        var work = new Work([], time) { DueTicks = time.GetUtcNow().UtcTicks + Milliseconds(10), IntervalTicks = Milliseconds(10) };
        clock.Add(work);
        time.Advance(TimeSpan.FromMilliseconds(25));
        clock.Dispose();
        clock.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, work.Runs.Count);
    }

    private static long Milliseconds(int count) => count * TimeSpan.TicksPerMillisecond;

    private sealed class Work(List<long> log, TimeProvider time) : ClockWork
    {
        public long FirstDue { get; set; }

        public long CancelledAt { get; set; } = long.MaxValue;

        public List<long> Runs { get; } = [];

        public Action? Ran { get; init; }

        public IEnumerable<long> Expected(long end)
        {
            for (long due = FirstDue; due <= end && due <= CancelledAt; due += IntervalTicks)
            {
                yield return due;
                if (IntervalTicks == 0)
                    yield break;
            }
        }

        internal override void OnDue(long dueTicks, long nowTicks)
        {
            Assert.Equal(time.GetUtcNow().UtcTicks, nowTicks);
            log.Add(nowTicks);
            Runs.Add(dueTicks);
            Ran?.Invoke();
        }
    }

    /// <summary>A clock that is set, so that no time passes in between; its timers fire after the jump.</summary>
    private sealed class JumpingTimeProvider : TimeProvider
    {
        private TimerCallback? _callback;
        private object? _state;

        public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            return new Timer();
        }

        public void Jump(TimeSpan by)
        {
            Now += by;
            _callback!(_state);
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => dueTime > TimeSpan.Zero;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
