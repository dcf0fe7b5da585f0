namespace Forethought.PromQL.Functions;

/// <summary>How far <c>rate</c>, <c>increase</c> and <c>delta</c> look beyond their first and last sample (upstream's <c>extrapolatedRate</c>).</summary>
internal static class Extrapolation
{
    /// <summary>
    /// What to multiply the increase between first and last sample with. Sides nearer than 1.1 average intervals are covered
    /// whole, farther ones by half an interval; a counter is not followed below zero.
    /// </summary>
    /// <param name="toStart">Seconds from the window's start to the first sample.</param>
    /// <param name="toEnd">Seconds from the last sample to the window's end.</param>
    /// <param name="sampled">Seconds from the first to the last sample.</param>
    /// <param name="intervals">The samples less one, positive.</param>
    /// <param name="isCounter">Whether the value cannot be negative.</param>
    /// <param name="first">The first value (a histogram's count).</param>
    /// <param name="increase">The increase (of a histogram's count).</param>
    public static double Factor(double toStart, double toEnd, double sampled, int intervals, bool isCounter, double first, double increase)
    {
        double average = sampled / intervals;
        double threshold = average * 1.1;
        if (toStart >= threshold)
            toStart = average / 2;
        if (isCounter && increase > 0 && first >= 0)
        {
            double toZero = sampled * (first / increase);
            if (toZero < toStart)
                toStart = toZero;
        }

        if (toEnd >= threshold)
            toEnd = average / 2;
        return (sampled + toStart + toEnd) / sampled;
    }

    /// <summary>The factor where the counter is known to have started within the window: nothing to extrapolate on the left.</summary>
    /// <param name="toEnd">Seconds from the last sample to the window's end.</param>
    /// <param name="sampled">Seconds from the start timestamp to the last sample.</param>
    /// <param name="firstToLast">Seconds from the first to the last sample.</param>
    /// <param name="intervals">The samples less one.</param>
    public static double FactorFromStart(double toEnd, double sampled, double firstToLast, int intervals)
    {
        double average = intervals > 0 ? firstToLast / intervals : 0;
        if (toEnd >= average * 1.1)
            toEnd = average / 2;
        return sampled == 0 ? 1 : (sampled + toEnd) / sampled;
    }

    /// <summary>A range in seconds as Go's <c>Duration.Seconds</c> computes it.</summary>
    public static double Seconds(long milliseconds) =>
        (milliseconds / 1000) + ((milliseconds % 1000) * 1_000_000 / 1e9);
}
