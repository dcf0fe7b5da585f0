namespace Forethought.PromQL.Functions;

/// <summary><c>min_over_time</c>: NaN only if all are.</summary>
internal readonly struct MinReducer : IWindowReducer
{
    public static double Reduce(ReadOnlySpan<double> values, ReadOnlySpan<long> times)
    {
        double least = values[0];
        foreach (double value in values)
        {
            if (value < least || double.IsNaN(least))
                least = value;
        }

        return least;
    }
}
