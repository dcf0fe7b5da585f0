using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>irate</c> (per second, counter) and <c>idelta</c>: the last two samples of the window.</summary>
internal sealed class InstantDeltaKernel(bool isRate) : RangeKernel
{
    public override bool UsesStartTimes => isRate;

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        bool plain = input.Columns.HistogramCount == 0;
        for (int s = 0; s < input.Grid.Count; s++)
        {
            if (plain || input.Histograms(s).IsEmpty)
                EvaluateFloats(input, s, row);
            else
                EvaluateMixed(input, s, row);
        }
    }

    private void EvaluateFloats(RangeInput input, int step, SeriesRow row)
    {
        ReadOnlySpan<double> values = input.Floats(step);
        if (values.Length < 2)
            return;
        ReadOnlySpan<long> times = input.FloatTimes(step);
        ReadOnlySpan<long> starts = isRate ? input.FloatStarts(step) : default;
        bool startReset = !starts.IsEmpty && StartTimes.IsReset(starts[^2], times[^2], starts[^1], times[^1]);
        double last = values[^1];
        bool reset = isRate && (last < values[^2] || startReset);
        double result = reset ? last : last - values[^2];
        if (isRate)
            result /= (times[^1] - times[^2]) / 1000.0;
        row.SetFloat(step, result);
    }

    // The window has histograms: the two newest samples of either kind decide.
    private void EvaluateMixed(RangeInput input, int step, SeriesRow row)
    {
        ReadOnlySpan<FloatHistogram> histograms = input.Histograms(step);
        ReadOnlySpan<long> histogramTimes = input.HistogramTimes(step);
        ReadOnlySpan<long> floatTimes = input.FloatTimes(step);
        if (histograms.Length + floatTimes.Length < 2)
            return;
        bool lastIsHistogram = floatTimes.IsEmpty || histogramTimes[^1] > floatTimes[^1];
        bool previousIsHistogram = lastIsHistogram
            ? histograms.Length > 1 && (floatTimes.IsEmpty || histogramTimes[^2] > floatTimes[^1])
            : floatTimes.Length < 2 || histogramTimes[^1] > floatTimes[^2];
        if (lastIsHistogram != previousIsHistogram)
            input.Annotator.MixedFloatsHistograms(input.MetricName, input.AllPosition);
        else if (lastIsHistogram)
            EvaluateHistograms(input, step, histograms[^2], histograms[^1], row);
        else
            EvaluateFloats(input, step, row);
    }

    private void EvaluateHistograms(RangeInput input, int step, FloatHistogram previous, FloatHistogram last, SeriesRow row)
    {
        ReadOnlySpan<long> times = input.HistogramTimes(step);
        bool bothGauges = previous.CounterResetHint == CounterResetHint.Gauge && last.CounterResetHint == CounterResetHint.Gauge;
        bool anyGauge = previous.CounterResetHint == CounterResetHint.Gauge || last.CounterResetHint == CounterResetHint.Gauge;
        if (isRate && anyGauge)
            input.Annotator.NotCounterHistogram(input.MetricName, input.AllPosition);
        if (!isRate && !bothGauges)
            input.Annotator.NotGaugeHistogram(input.MetricName, input.AllPosition);
        FloatHistogram result = last.Clone();
        ReadOnlySpan<long> starts = isRate ? input.HistogramStarts(step) : default;
        bool startReset = !starts.IsEmpty && StartTimes.IsReset(starts[^2], times[^2], starts[^1], times[^1]);
        if (!isRate || (!startReset && !HistogramResets.IsReset(last, previous)))
        {
            HistogramMergeResult merged = HistogramAddition.Subtract(result, previous);
            if ((merged & HistogramMergeResult.Incompatible) != 0)
            {
                input.Annotator.MixedExponentialCustom(input.MetricName, input.AllPosition);
                return;
            }

            if ((merged & HistogramMergeResult.BoundsReconciled) != 0)
                input.Annotator.CustomBucketsReconciled("subtraction", input.AllPosition);
        }

        result.CounterResetHint = CounterResetHint.Gauge;
        result.Compact();
        if (isRate)
            result.Divide((times[^1] - times[^2]) / 1000.0);
        row.SetHistogram(step, result);
    }
}
