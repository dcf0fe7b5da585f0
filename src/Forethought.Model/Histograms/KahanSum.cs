using System.Runtime.CompilerServices;

namespace Forethought.Model;

/// <summary>Neumaier's variant of Kahan's compensated summation, with the operations in Prometheus' order (util/kahansum).</summary>
public static class KahanSum
{
    /// <summary>Adds <paramref name="increment"/> to a running sum; the result is sum + compensation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double increment, ref double sum, ref double compensation)
    {
        double total = sum + increment;
        if (double.IsInfinity(total))
            compensation = 0;
        else if (Math.Abs(sum) >= Math.Abs(increment))
            compensation += sum - total + increment;
        else
            compensation += increment - total + sum;
        sum = total;
    }
}
