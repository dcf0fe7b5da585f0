namespace Forethought.Client.Tests;

/// <summary>Measures what the current thread allocates.</summary>
internal static class Allocation
{
    /// <summary>The bytes that <paramref name="action"/> allocates once it is warm: the least of several runs.</summary>
    public static long Of(Action action)
    {
        for (int i = 0; i < 50; i++)
            action();
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
