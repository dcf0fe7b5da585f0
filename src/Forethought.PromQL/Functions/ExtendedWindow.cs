namespace Forethought.PromQL.Functions;

/// <summary>
/// The samples of a widened window that an anchored or smoothed selector goes by: the first is the newest at or before the
/// window's start if there is one; the last of a smoothed window is the first at or after its end.
/// </summary>
/// <param name="First">Index of the first sample.</param>
/// <param name="Last">Index of the last sample.</param>
internal readonly record struct ExtendedWindow(int First, int Last)
{
    /// <summary>False if no sample lies within the window.</summary>
    public static bool TryFind(ReadOnlySpan<long> times, long startMs, long endMs, bool smoothed, out ExtendedWindow window)
    {
        window = default;
        if (times.IsEmpty)
            return false;
        int last = times.Length - 1;
        int first = Math.Max(0, FirstIndex(times[..last], startMs + 1) - 1);
        if (smoothed)
            last = FirstIndex(times[..last], endMs);
        window = new ExtendedWindow(first, last);
        return times[last] > startMs && !(smoothed && times[first] > endMs);
    }

    // The first index whose time is at or after a time; the length if there is none.
    private static int FirstIndex(ReadOnlySpan<long> times, long timeMs)
    {
        int index = times.BinarySearch(timeMs);
        return index < 0 ? ~index : index;
    }
}
