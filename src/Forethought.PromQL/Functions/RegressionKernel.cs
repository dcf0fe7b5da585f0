using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>deriv</c> and <c>predict_linear</c>: the regression line through the floats of the window.</summary>
internal sealed class RegressionKernel(bool predicts) : RangeKernel
{
    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<double> values = input.Floats(s);
            bool mixed = values.Length > 0 && !input.Histograms(s).IsEmpty;
            if (mixed)
                input.Annotator.HistogramIgnoredInMixedRange(input.MetricName, input.Position);
            if (values.Length < 2)
                continue;
            ReadOnlySpan<long> times = input.FloatTimes(s);
            if (!predicts)
            {
                // An origin near the values keeps the sums small.
                row.SetFloat(s, LinearRegression.Fit(values, times, times[0]).Slope);
                continue;
            }

            (double slope, double intercept) = LinearRegression.Fit(values, times, input.Grid.TimeAt(s));
            row.SetFloat(s, (slope * input.Scalars[0][s]) + intercept);
        }
    }
}
