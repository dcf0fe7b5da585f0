namespace Forethought.PromQL.Syntax;

/// <summary>Conversions of durations given in seconds.</summary>
internal static class DurationLiterals
{
    // Durations are 63-bit numbers of nanoseconds; this is where they end, in seconds.
    private const double MaxSeconds = (double)(1UL << 63) / 1e9;

    /// <summary>Whether the number is no duration because it is too long.</summary>
    internal static bool IsOutOfRange(double seconds) => seconds is > MaxSeconds or < -MaxSeconds;

    /// <summary>The duration of a number of seconds, rounded to nanoseconds first and then cut to 100 of them.</summary>
    internal static TimeSpan ToTimeSpan(double seconds)
    {
        double nanoseconds = Math.Round(seconds * 1e9, MidpointRounding.AwayFromZero);
        return new TimeSpan((long)nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>The seconds of a duration, computed from whole seconds and the rest so that the result is the nearest one.</summary>
    internal static double ToSeconds(TimeSpan duration) =>
        (duration.Ticks / TimeSpan.TicksPerSecond) + (duration.Ticks % TimeSpan.TicksPerSecond * 100 / 1e9);
}
