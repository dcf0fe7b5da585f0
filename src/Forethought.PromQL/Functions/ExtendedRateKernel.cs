using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>
/// <c>rate</c>, <c>increase</c> and <c>delta</c> of anchored and smoothed selectors: the difference between the ends of the
/// window, which samples before and after it give, without extrapolation.
/// </summary>
internal sealed class ExtendedRateKernel(bool isCounter, bool isRate, bool smoothed) : RangeKernel
{
    public override bool ExpectsCounter => isCounter;

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        for (int s = 0; s < input.Grid.Count; s++)
        {
            ReadOnlySpan<double> floats = input.Floats(s);
            ReadOnlySpan<FloatHistogram> histograms = input.Histograms(s);
            if (floats.Length > 0 && histograms.Length > 0)
                input.Annotator.MixedFloatsHistograms(input.MetricName, input.Position);
            else if (histograms.Length > 0)
                EvaluateHistograms(input, s, histograms, row);
            else if (floats.Length > 0)
                EvaluateFloats(input, s, floats, row);
        }
    }

    private void EvaluateFloats(RangeInput input, int step, ReadOnlySpan<double> values, SeriesRow row)
    {
        ReadOnlySpan<long> times = input.FloatTimes(step);
        long start = input.Windows.StartMs(step);
        long end = input.Windows.EndMs(step);
        if (!ExtendedWindow.TryFind(times, start, end, smoothed, out ExtendedWindow window))
            return;
        double left = FloatInterpolation.Left(values, times, window, start, smoothed, isCounter);
        double right = FloatInterpolation.Right(values, times, window, end, smoothed, isCounter);
        double result = right - left;
        if (isCounter)
        {
            // The ends have dealt with resets next to them; what lies strictly within remains.
            int first = times[window.First] <= start ? window.First + 1 : window.First;
            int last = times[window.Last] >= end ? window.Last - 1 : window.Last;
            result += SumResets(left, right, last < first ? default : values[first..(last + 1)]);
        }

        if (isRate)
            result /= Extrapolation.Seconds(input.Windows.RangeMs);
        row.SetFloat(step, result);
    }

    private static double SumResets(double left, double right, ReadOnlySpan<double> values)
    {
        double correction = 0;
        double previous = left;
        foreach (double value in values)
        {
            if (value < previous)
                correction += previous;
            previous = value;
        }

        return right < previous ? correction + previous : correction;
    }

    private void EvaluateHistograms(RangeInput input, int step, ReadOnlySpan<FloatHistogram> histograms, SeriesRow row)
    {
        ReadOnlySpan<long> times = input.HistogramTimes(step);
        long start = input.Windows.StartMs(step);
        long end = input.Windows.EndMs(step);
        if (!ExtendedWindow.TryFind(times, start, end, smoothed, out ExtendedWindow window)
            || !CheckKinds(input, histograms[window.First..(window.Last + 1)]))
        {
            return;
        }

        var interpolation = new HistogramInterpolation(input.Annotator, input.Position);
        FloatHistogram? left = interpolation.Left(histograms, times, window, start, smoothed, isCounter);
        FloatHistogram? right = left is null ? null : interpolation.Right(histograms, times, window, end, smoothed, isCounter);
        if (left is null || right is null)
        {
            input.Annotator.MixedExponentialCustom(input.MetricName, input.Position);
            return;
        }

        if (!isCounter && !(IsGauge(left) && IsGauge(right)))
            input.Annotator.NotGaugeHistogram(input.MetricName, input.Position);
        FloatHistogram result = right.Clone();
        if (!HistogramIncrease.Subtract(input, result, left)
            || (isCounter && !AddResets(input, result, left, right, histograms, times, window, start)))
        {
            return;
        }

        if (isRate)
            result.Divide(Extrapolation.Seconds(input.Windows.RangeMs));
        result.CounterResetHint = CounterResetHint.Gauge;
        result.Compact();
        row.SetHistogram(step, result);
    }

    private bool CheckKinds(RangeInput input, ReadOnlySpan<FloatHistogram> histograms)
    {
        foreach (FloatHistogram histogram in histograms)
        {
            if (histogram.UsesCustomBuckets != histograms[0].UsesCustomBuckets)
            {
                input.Annotator.MixedExponentialCustom(input.MetricName, input.Position);
                return false;
            }

            if (isCounter && IsGauge(histogram))
                input.Annotator.NotCounterHistogram(input.MetricName, input.Position);
        }

        return true;
    }

    // The last sample stands behind the right end, which has its hint, so it is not compared itself.
    private bool AddResets(
        RangeInput input, FloatHistogram result, FloatHistogram left, FloatHistogram right,
        ReadOnlySpan<FloatHistogram> histograms, ReadOnlySpan<long> times, ExtendedWindow window, long start)
    {
        int first = window.First + 1;
        FloatHistogram previous = left;
        if (smoothed && times[window.First] < start && HistogramResets.IsReset(histograms[first], histograms[window.First]))
        {
            // The left end lies on the reset and has dealt with it.
            previous = histograms[first];
            first++;
        }

        if (first > window.Last)
            return true;
        FloatHistogram? correction = null;
        for (int i = first; i <= window.Last; i++)
        {
            FloatHistogram current = i < window.Last ? histograms[i] : right;
            if (HistogramResets.IsReset(current, previous))
            {
                if (correction is null)
                    correction = previous.Clone();
                else if (!HistogramIncrease.Add(input, correction, previous))
                    return false;
            }

            previous = current;
        }

        return correction is null || HistogramIncrease.Add(input, result, correction);
    }

    private static bool IsGauge(FloatHistogram histogram) => histogram.CounterResetHint == CounterResetHint.Gauge;
}
