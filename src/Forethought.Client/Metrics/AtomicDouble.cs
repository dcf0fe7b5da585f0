namespace Forethought.Client;

/// <summary>Lock-free arithmetic on shared doubles.</summary>
internal static class AtomicDouble
{
    /// <summary>Adds without losing a concurrent addition; rounding is that of the order in which they happen to come.</summary>
    public static void Add(ref double location, double value)
    {
        double current = Volatile.Read(ref location);
        while (true)
        {
            double seen = Interlocked.CompareExchange(ref location, current + value, current);
            // By bits, because NaN is unequal to itself.
            if (BitConverter.DoubleToInt64Bits(seen) == BitConverter.DoubleToInt64Bits(current))
                return;
            current = seen;
        }
    }
}
