using Forethought.Scrape.Clock;
using Forethought.Testing;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class ScrapeClockTests
{
    [Fact]
    public void Work_runs_on_its_grid_and_missed_runs_are_skipped()
    {
        var time = new FakeTimeProvider();
        using var clock = new ScrapeClock(time);
        long start = time.GetUtcNow().UtcTicks;
        var work = new Recorder { DueTicks = start + Seconds(3), IntervalTicks = Seconds(10) };
        clock.Add(work);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(work.Runs);
        time.Advance(TimeSpan.FromSeconds(22));
        Assert.Equal([(3.0, 3.0), (13.0, 13.0), (23.0, 23.0)], work.Since(start));
    }

    [Fact]
    public void Work_due_earlier_than_all_others_wakes_the_clock()
    {
        var time = new FakeTimeProvider();
        using var clock = new ScrapeClock(time);
        long start = time.GetUtcNow().UtcTicks;
        var late = new Recorder { DueTicks = start + Seconds(60) };
        var early = new Recorder { DueTicks = start + Seconds(1) };
        clock.Add(late);
        clock.Add(early);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (early.Runs.Count, late.Runs.Count));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((1, 1), (early.Runs.Count, late.Runs.Count));
    }

    [Fact]
    public void Cancelled_work_does_not_run()
    {
        var time = new FakeTimeProvider();
        using var clock = new ScrapeClock(time);
        var work = new Recorder { DueTicks = time.GetUtcNow().UtcTicks + Seconds(1), IntervalTicks = Seconds(1) };
        clock.Add(work);
        time.Advance(TimeSpan.FromSeconds(1));
        work.IsCancelled = true;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(work.Runs);
    }

    [Fact]
    public async Task The_system_s_clock_runs_a_thousand_works_in_order()
    {
        using var clock = new ScrapeClock(TimeProvider.System);
        long start = TimeProvider.System.GetUtcNow().UtcTicks;
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = 1000;
        Recorder[] works =
        [
            .. Enumerable.Range(0, 1000).Select(i => new Recorder
            {
                DueTicks = start + TimeSpan.FromMilliseconds(50 + i / 10).Ticks,
                Ran = () =>
                {
                    if (Interlocked.Decrement(ref left) == 0)
                        finished.SetResult();
                },
            }),
        ];
        foreach (Recorder work in works.Reverse())
            clock.Add(work);
        await finished.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.All(works, work => Assert.True(Assert.Single(work.Runs).Now >= work.Runs[0].Due - ScrapeClock.SystemLead.Ticks));
    }

    private static long Seconds(int seconds) => seconds * TimeSpan.TicksPerSecond;

    private sealed class Recorder : ClockWork
    {
        public List<(long Due, long Now)> Runs { get; } = [];

        public Action? Ran { get; init; }

        public IEnumerable<(double Due, double Now)> Since(long start) =>
            Runs.Select(run => (TimeSpan.FromTicks(run.Due - start).TotalSeconds, TimeSpan.FromTicks(run.Now - start).TotalSeconds));

        internal override void OnDue(long dueTicks, long nowTicks)
        {
            Runs.Add((dueTicks, nowTicks));
            Ran?.Invoke();
        }
    }
}
