namespace Forethought.Scrape.Clock;

/// <summary>Something the clock runs at given times. Reused for all its runs; one clock owns it at a time.</summary>
internal abstract class ClockWork
{
    /// <summary>When it is due next, in ticks of UTC; the clock's while scheduled.</summary>
    internal long DueTicks;

    /// <summary>The ticks from one run to the next; 0 runs once.</summary>
    internal long IntervalTicks;

    /// <summary>Set to end the runs; the clock forgets the work when it is due the next time.</summary>
    internal volatile bool IsCancelled;

    /// <summary>Called on the clock's thread: must only hand the run over to the thread pool.</summary>
    /// <param name="dueTicks">When the run was due, in ticks of UTC.</param>
    /// <param name="nowTicks">The time.</param>
    internal abstract void OnDue(long dueTicks, long nowTicks);
}
