using Forethought.Model;

namespace Forethought.PromQL.Functions;

/// <summary>The difference of the last and the first native histogram of a window, with counter resets made good (upstream's <c>histogramRate</c>).</summary>
internal static class HistogramIncrease
{
    /// <summary>The increase as a compacted gauge histogram of its own; null, with an annotation, when the histograms do not fit together.</summary>
    /// <param name="input">Where to tell what was met.</param>
    /// <param name="histograms">At least two.</param>
    /// <param name="times">Their times.</param>
    /// <param name="starts">Their start timestamps, or none.</param>
    /// <param name="isCounter">Whether resets are looked for.</param>
    public static FloatHistogram? Compute(
        RangeInput input, ReadOnlySpan<FloatHistogram> histograms, ReadOnlySpan<long> times, ReadOnlySpan<long> starts, bool isCounter)
    {
        FloatHistogram first = histograms[0];
        FloatHistogram last = histograms[^1];
        if (isCounter && (IsGauge(first) || IsGauge(last)))
            input.Annotator.NotCounterHistogram(input.MetricName, input.Position);
        if (isCounter && IsReset(histograms, times, starts, 1))
            first = EmptyLike(histograms[1]);
        if (last.UsesCustomBuckets != first.UsesCustomBuckets
            || !TryFindSchema(input, histograms, first, isCounter, out int schema))
        {
            input.Annotator.MixedExponentialCustom(input.MetricName, input.Position);
            return null;
        }

        FloatHistogram increase = last.Clone();
        if (schema < increase.Schema && !increase.UsesCustomBuckets)
            HistogramResolution.Reduce(increase, schema);
        if (!Subtract(input, increase, first))
            return null;
        if (isCounter)
        {
            if (!AddResets(input, increase, first, histograms, times, starts))
                return null;
        }
        else if (!IsGauge(histograms[0]) || !IsGauge(last))
        {
            input.Annotator.NotGaugeHistogram(input.MetricName, input.Position);
        }

        increase.CounterResetHint = CounterResetHint.Gauge;
        increase.Compact();
        return increase;
    }

    /// <summary>Adds in place; false, with an annotation, when the histograms do not fit together.</summary>
    public static bool Add(RangeInput input, FloatHistogram target, FloatHistogram other) =>
        Report(input, HistogramAddition.Add(target, other), "addition");

    /// <summary>Subtracts in place; false, with an annotation, when the histograms do not fit together.</summary>
    public static bool Subtract(RangeInput input, FloatHistogram target, FloatHistogram other) =>
        Report(input, HistogramAddition.Subtract(target, other), "subtraction");

    private static bool Report(RangeInput input, HistogramMergeResult result, string operation)
    {
        // Conflicting reset hints are no news here: resets are dealt with one by one.
        if ((result & HistogramMergeResult.Incompatible) != 0)
        {
            input.Annotator.MixedExponentialCustom(input.MetricName, input.Position);
            return false;
        }

        if ((result & HistogramMergeResult.BoundsReconciled) != 0)
            input.Annotator.CustomBucketsReconciled(operation, input.Position);
        return true;
    }

    private static bool TryFindSchema(
        RangeInput input, ReadOnlySpan<FloatHistogram> histograms, FloatHistogram first, bool isCounter, out int schema)
    {
        schema = Math.Min(histograms[^1].Schema, first.Schema);
        if (!isCounter)
            return true;
        foreach (FloatHistogram histogram in histograms[1..^1])
        {
            if (IsGauge(histogram))
                input.Annotator.NotCounterHistogram(input.MetricName, input.Position);
            schema = Math.Min(schema, histogram.Schema);
            if (histogram.UsesCustomBuckets != first.UsesCustomBuckets)
                return false;
        }

        return true;
    }

    private static bool AddResets(
        RangeInput input, FloatHistogram increase, FloatHistogram first,
        ReadOnlySpan<FloatHistogram> histograms, ReadOnlySpan<long> times, ReadOnlySpan<long> starts)
    {
        FloatHistogram previous = first;
        bool overlaps = false;
        for (int i = 1; i < histograms.Length; i++)
        {
            if (!overlaps && !starts.IsEmpty && StartTimes.Overlap(starts[i - 1], times[i - 1], starts[i]))
            {
                input.Annotator.StartTimeOverlap(input.MetricName, input.Position);
                overlaps = true;
            }

            bool reset = (!starts.IsEmpty && StartTimes.IsReset(starts[i - 1], times[i - 1], starts[i], times[i]))
                || HistogramResets.IsReset(histograms[i], previous);
            if (reset && !Add(input, increase, previous))
                return false;
            previous = histograms[i];
        }

        return true;
    }

    private static bool IsReset(ReadOnlySpan<FloatHistogram> histograms, ReadOnlySpan<long> times, ReadOnlySpan<long> starts, int i) =>
        (!starts.IsEmpty && StartTimes.IsReset(starts[i - 1], times[i - 1], starts[i], times[i]))
        || HistogramResets.IsReset(histograms[i], histograms[i - 1]);

    // Stands for a first sample in front of a reset, whose layout does not matter then.
    private static FloatHistogram EmptyLike(FloatHistogram histogram) =>
        new() { Schema = histogram.Schema, CustomValues = histogram.CustomValues };

    private static bool IsGauge(FloatHistogram histogram) => histogram.CounterResetHint == CounterResetHint.Gauge;
}
