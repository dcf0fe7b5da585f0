using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary><c>stdvar_over_time</c>: the population variance by Welford's method with compensated sums.</summary>
internal readonly struct VarianceReducer : IWindowReducer
{
    public static double Reduce(ReadOnlySpan<double> values, ReadOnlySpan<long> times)
    {
        double count = 0;
        double mean = 0;
        double meanCompensation = 0;
        double squares = 0;
        double squaresCompensation = 0;
        foreach (double value in values)
        {
            count++;
            double delta = value - (mean + meanCompensation);
            KahanSum.Add(delta / count, ref mean, ref meanCompensation);
            KahanSum.Add(delta * (value - (mean + meanCompensation)), ref squares, ref squaresCompensation);
        }

        return (squares + squaresCompensation) / count;
    }
}
