namespace Forethought.PromQL.Functions;

/// <summary><c>max_over_time</c>: NaN only if all are.</summary>
internal readonly struct MaxReducer : IWindowReducer
{
    public static double Reduce(ReadOnlySpan<double> values, ReadOnlySpan<long> times)
    {
        double greatest = values[0];
        foreach (double value in values)
        {
            if (value > greatest || double.IsNaN(greatest))
                greatest = value;
        }

        return greatest;
    }
}
