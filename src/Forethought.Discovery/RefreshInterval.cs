namespace Forethought.Discovery;

/// <summary>Configured intervals as timers can take them.</summary>
internal static class RefreshInterval
{
    // Timers end at 49 days; who waits longer does not mind being asked a little earlier.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The interval, or <paramref name="fallback"/> where none is configured.</summary>
    internal static TimeSpan Of(TimeSpan configured, TimeSpan fallback) =>
        configured <= TimeSpan.Zero ? fallback
        : configured > Longest ? Longest
        : configured;
}
