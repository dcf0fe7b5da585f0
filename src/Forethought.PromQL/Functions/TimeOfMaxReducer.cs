namespace Forethought.PromQL.Functions;

/// <summary><c>ts_of_max_over_time</c>: the time in seconds of the last of the greatest values.</summary>
internal readonly struct TimeOfMaxReducer : IWindowReducer
{
    public static double Reduce(ReadOnlySpan<double> values, ReadOnlySpan<long> times)
    {
        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= values[at] || double.IsNaN(values[at]))
                at = i;
        }

        return times[at] / 1000.0;
    }
}
