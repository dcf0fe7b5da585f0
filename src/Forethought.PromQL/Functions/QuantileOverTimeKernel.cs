using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>quantile_over_time</c> and <c>mad_over_time</c>, which sort a copy of each window.</summary>
internal sealed class QuantileOverTimeKernel(bool isDeviation) : RangeKernel
{
    private double[] _scratch = [];

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<double> values = input.Floats(s);
            if (values.IsEmpty)
                continue;
            if (_scratch.Length < values.Length)
                _scratch = new double[values.Length];
            Span<double> copy = _scratch.AsSpan(0, values.Length);
            values.CopyTo(copy);
            row.SetFloat(s, isDeviation ? Deviation(copy) : Quantile(input, s, copy));
        }

        MixedRanges.Report(input, row);
    }

    private static double Quantile(RangeInput input, int step, Span<double> values)
    {
        double quantile = input.Scalars[0][step];
        if (!(quantile is >= 0 and <= 1))
            input.Annotator.InvalidQuantile(quantile, input.ScalarPositions[0]);
        return Quantiles.Of(quantile, values);
    }

    private static double Deviation(Span<double> values)
    {
        foreach (double value in values)
        {
            // Without a median there is no deviation from it.
            if (double.IsNaN(value))
                return StaleMarker.NormalNaN;
        }

        double median = Quantiles.Of(0.5, values);
        foreach (ref double value in values)
            value = Math.Abs(value - median);
        return Quantiles.Of(0.5, values);
    }
}
