using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Forethought.PromQL.Execution;

/// <summary>Compensated summation of eight sums at once, with the operations of <see cref="Model.KahanSum"/> lane by lane.</summary>
internal static class KahanLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(Vector512<double> increment, ref Vector512<double> sum, ref Vector512<double> compensation)
    {
        Vector512<double> total = sum + increment;
        Vector512<double> overflows = Vector512.GreaterThan(Vector512.Abs(total), Vector512.Create(double.MaxValue));
        Vector512<double> sumIsLarger = Vector512.GreaterThanOrEqual(Vector512.Abs(sum), Vector512.Abs(increment));
        Vector512<double> lost = Vector512.ConditionalSelect(sumIsLarger, sum - total + increment, increment - total + sum);
        compensation = Vector512.ConditionalSelect(overflows, Vector512<double>.Zero, compensation + lost);
        sum = total;
    }
}
