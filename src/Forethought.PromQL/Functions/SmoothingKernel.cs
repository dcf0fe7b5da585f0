using System.Globalization;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>double_exponential_smoothing</c>.</summary>
internal sealed class SmoothingKernel : RangeKernel
{
    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<double> values = input.Floats(s);
            if (values.IsEmpty && input.Histograms(s).IsEmpty)
                continue;
            double smoothing = Checked(input.Scalars[0][s], "smoothing", "sf");
            double trend = Checked(input.Scalars[1][s], "trend", "tf");
            if (values.Length > 0 && !input.Histograms(s).IsEmpty)
                input.Annotator.HistogramIgnoredInMixedRange(input.MetricName, input.Position);
            if (values.Length >= 2)
                row.SetFloat(s, Smooth(values, smoothing, trend));
        }
    }

    private static double Smooth(ReadOnlySpan<double> values, double smoothing, double trend)
    {
        double previous = 0;
        double smoothed = values[0];
        double slope = values[1] - values[0];
        for (int i = 1; i < values.Length; i++)
        {
            double x = smoothing * values[i];
            if (i > 1)
                slope = (trend * (smoothed - previous)) + ((1 - trend) * slope);
            double y = (1 - smoothing) * (smoothed + slope);
            (previous, smoothed) = (smoothed, x + y);
        }

        return smoothed;
    }

    private static double Checked(double factor, string name, string symbol) => factor is <= 0 or >= 1
        ? throw new PromQlException(string.Create(
            CultureInfo.InvariantCulture, $"invalid {name} factor. Expected: 0 < {symbol} < 1, got: {factor:F6}"))
        : factor;
}
