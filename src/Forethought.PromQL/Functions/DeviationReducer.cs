namespace Forethought.PromQL.Functions;

/// <summary><c>stddev_over_time</c>: the population standard deviation.</summary>
internal readonly struct DeviationReducer : IWindowReducer
{
    public static double Reduce(ReadOnlySpan<double> values, ReadOnlySpan<long> times)
    {
        return Math.Sqrt(VarianceReducer.Reduce(values, times));
    }
}
