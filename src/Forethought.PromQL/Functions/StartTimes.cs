namespace Forethought.PromQL.Functions;

/// <summary>What start timestamps tell about counters (<c>promql/functions.go</c> upstream). Zero means that none is known.</summary>
internal static class StartTimes
{
    /// <summary>Whether the counter was reset between two samples because the later one started after the earlier one.</summary>
    public static bool IsReset(long previousStartMs, long previousMs, long startMs, long timeMs)
    {
        if (startMs == 0 || startMs >= timeMs || startMs < previousMs)
            return false;
        if (startMs > previousMs)
            return true;

        // The start is the previous sample: a delta, unless the previous sample does not know its own start.
        return previousStartMs <= previousMs && previousStartMs != 0 && previousStartMs != previousMs;
    }

    /// <summary>Whether a sample claims to have started before the previous one, and not where that one started.</summary>
    public static bool Overlap(long previousStartMs, long previousMs, long startMs) =>
        startMs != 0 && startMs < previousMs && startMs != previousStartMs;
}
