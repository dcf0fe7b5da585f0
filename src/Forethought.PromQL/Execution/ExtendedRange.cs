using Forethought.PromQL.Functions;

namespace Forethought.PromQL.Execution;

/// <summary>The samples of an anchored or smoothed range selector as a result of their own: ends are made where there is no sample.</summary>
internal static class ExtendedRange
{
    /// <summary>Times and values of a window, its ends included; empty if no sample lies within.</summary>
    public static (long[] TimesMs, double[] Values) Of(
        ReadOnlySpan<long> times, ReadOnlySpan<double> values, long startMs, long endMs, bool smoothed)
    {
        if (!ExtendedWindow.TryFind(times, startMs, endMs, smoothed, out ExtendedWindow window))
            return ([], []);
        double left = FloatInterpolation.Left(values, times, window, startMs, smoothed, isCounter: false);
        double right = FloatInterpolation.Right(values, times, window, endMs, smoothed, isCounter: false);
        int first = times[window.First] <= startMs ? window.First + 1 : window.First;
        int last = times[window.Last] >= endMs ? window.Last - 1 : window.Last;
        Range inner = first..Math.Max(first, last + 1);
        return ([startMs, .. times[inner], endMs], [left, .. values[inner], right]);
    }
}
