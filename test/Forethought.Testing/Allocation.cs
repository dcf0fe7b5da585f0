using System.Diagnostics;

namespace Forethought.Testing;

/// <summary>Measures what the current thread allocates.</summary>
public static class Allocation
{
    // Code is compiled again, without the allocations of its first version, some time after it has become warm.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The least bytes that <paramref name="action"/> allocates, tried until that is at most <paramref name="limit"/> or for some seconds.
    /// </summary>
    public static long Of(Action action, long limit = 0)
    {
        long least = long.MaxValue;
        long start = Stopwatch.GetTimestamp();
        do
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        while (least > limit && Stopwatch.GetElapsedTime(start) < Patience);
        return least;
    }
}
