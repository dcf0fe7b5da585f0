using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>Quantiles of a set of floats.</summary>
internal static class Quantiles
{
    /// <summary>
    /// The quantile by linear interpolation between ranks; NaN of no values or of NaN, −Inf below 0, +Inf above 1. NaNs are the
    /// smallest values. Sorts <paramref name="values"/>.
    /// </summary>
    public static double Of(double quantile, Span<double> values)
    {
        if (values.IsEmpty || double.IsNaN(quantile))
            return StaleMarker.NormalNaN;
        if (quantile < 0)
            return double.NegativeInfinity;
        if (quantile > 1)
            return double.PositiveInfinity;

        // .NET sorts NaN first, as upstream does.
        values.Sort();
        double rank = quantile * (values.Length - 1);
        int lower = (int)Math.Max(0, Math.Floor(rank));
        int upper = Math.Min(values.Length - 1, lower + 1);
        double weight = rank - Math.Floor(rank);
        return (values[lower] * (1 - weight)) + (values[upper] * weight);
    }
}
