using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary><c>rate</c> (counter, per second), <c>increase</c> (counter) and <c>delta</c> (gauge).</summary>
internal sealed class RateKernel(int steps, bool isCounter, bool isRate) : RangeKernel
{
    private readonly FloatRate _floats = new(steps, isCounter, isRate);

    public override bool ExpectsCounter => isCounter;

    public override bool UsesStartTimes => isCounter;

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        SampleColumns columns = input.Columns;
        bool hasStarts = isCounter && input.UseStartTimes && columns.FloatStarts is not null;
        if (columns.HistogramCount == 0 && !hasStarts)
        {
            _floats.Evaluate(columns, input.Windows, row);
            return;
        }

        for (int s = 0; s < input.Grid.Count; s++)
            EvaluateStep(input, s, row);
    }

    private void EvaluateStep(RangeInput input, int step, SeriesRow row)
    {
        ReadOnlySpan<FloatHistogram> histograms = input.Histograms(step);
        ReadOnlySpan<double> floats = input.Floats(step);
        if (histograms.Length > 0 && floats.Length > 0)
        {
            input.Annotator.MixedFloatsHistograms(input.MetricName, input.Position);
            return;
        }

        if (histograms.Length > 0)
            EvaluateHistograms(input, step, histograms, row);
        else if (floats.Length > 0)
            EvaluateFloats(input, step, floats, row);
    }

    private void EvaluateFloats(RangeInput input, int step, ReadOnlySpan<double> values, SeriesRow row)
    {
        ReadOnlySpan<long> times = input.FloatTimes(step);
        ReadOnlySpan<long> starts = isCounter ? input.FloatStarts(step) : default;
        double increase = values[^1] - values[0];
        if (isCounter)
            AddResets(input, values, times, starts, ref increase);
        if (!TryFactor(input, step, times, starts, values[0], increase, out double factor, out bool startsInside))
            return;
        if (startsInside)
            increase += values[0];
        row.SetFloat(step, increase * factor);
    }

    private static void AddResets(
        RangeInput input, ReadOnlySpan<double> values, ReadOnlySpan<long> times, ReadOnlySpan<long> starts, ref double increase)
    {
        bool overlaps = false;
        for (int i = 1; i < values.Length; i++)
        {
            bool reset = values[i] < values[i - 1];
            if (!starts.IsEmpty)
            {
                if (!overlaps && StartTimes.Overlap(starts[i - 1], times[i - 1], starts[i]))
                {
                    input.Annotator.StartTimeOverlap(input.MetricName, input.Position);
                    overlaps = true;
                }

                reset = reset || StartTimes.IsReset(starts[i - 1], times[i - 1], starts[i], times[i]);
            }

            if (reset)
                increase += values[i - 1];
        }
    }

    private void EvaluateHistograms(RangeInput input, int step, ReadOnlySpan<FloatHistogram> histograms, SeriesRow row)
    {
        ReadOnlySpan<long> times = input.HistogramTimes(step);
        ReadOnlySpan<long> starts = isCounter ? input.HistogramStarts(step) : default;
        FloatHistogram? increase = null;
        if (histograms.Length > 1)
        {
            increase = HistogramIncrease.Compute(input, histograms, times, starts, isCounter);
            if (increase is null)
                return;
        }

        if (!TryFactor(input, step, times, starts, histograms[0].Count, increase?.Count ?? 0, out double factor, out bool startsInside))
            return;
        if (startsInside && increase is null)
            increase = histograms[0].Clone();
        else if (startsInside && !HistogramIncrease.Add(input, increase!, histograms[0]))
            return;
        increase!.Multiply(factor);
        row.SetHistogram(step, increase);
    }

    // False when there is one sample and nothing known about where the counter started.
    private bool TryFactor(
        RangeInput input, int step, ReadOnlySpan<long> times, ReadOnlySpan<long> starts, double first, double increase,
        out double factor, out bool startsInside)
    {
        double toEnd = (input.Windows.EndMs(step) - times[^1]) / 1000.0;
        double sampled = (times[^1] - times[0]) / 1000.0;
        int intervals = times.Length - 1;
        startsInside = isCounter && !starts.IsEmpty && starts[0] != 0
            && starts[0] > input.Windows.StartMs(step) && starts[0] < times[0];
        factor = 1;
        if (startsInside)
        {
            factor = Extrapolation.FactorFromStart(toEnd, (times[^1] - starts[0]) / 1000.0, sampled, intervals);
        }
        else
        {
            if (intervals == 0)
                return false;
            double toStart = (times[0] - input.Windows.StartMs(step)) / 1000.0;
            factor = Extrapolation.Factor(toStart, toEnd, sampled, intervals, isCounter, first, increase);
        }

        if (isRate)
            factor /= Extrapolation.Seconds(input.Windows.RangeMs);
        return true;
    }
}
