namespace Forethought.PromQL.Functions;

/// <summary>Floats at times at which there is no sample, on the line between two samples.</summary>
internal static class FloatInterpolation
{
    /// <summary>The value at a time between two samples; a counter that was reset between them is taken to have been zero.</summary>
    public static double At(long timeMs, double value, long previousMs, double next, long nextMs, bool isCounter)
    {
        if (isCounter && next < value)
            value = 0;
        return value + ((next - value) * (timeMs - previousMs) / (nextMs - previousMs));
    }

    /// <summary>The value at the left end of a window.</summary>
    public static double Left(
        ReadOnlySpan<double> values, ReadOnlySpan<long> times, ExtendedWindow window, long startMs, bool smoothed, bool isCounter)
    {
        int first = window.First;
        return smoothed && times[first] < startMs
            ? At(startMs, values[first], times[first], values[first + 1], times[first + 1], isCounter)
            : values[first];
    }

    /// <summary>The value at the right end of a window.</summary>
    public static double Right(
        ReadOnlySpan<double> values, ReadOnlySpan<long> times, ExtendedWindow window, long endMs, bool smoothed, bool isCounter)
    {
        int last = window.Last;
        return smoothed && last > 0 && times[last] > endMs
            ? At(endMs, values[last - 1], times[last - 1], values[last], times[last], isCounter)
            : values[last];
    }
}
