using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// A smoothed instant selector: the value at each step on the line between the samples around it, at most the lookback delta
/// away on either side; after the last sample that stays. Streams.
/// </summary>
internal sealed class SmoothedSelector(
    EvaluationScope scope, SampleSource source, SelectorTimes times, Annotator annotator, PositionRange position) : VectorOperator(scope)
{
    private readonly RangeWindows _windows = new(scope.Grid, times, rangeMs: scope.Run.LookbackMs);

    protected override SeriesRow? Produce()
    {
        while (Grid.Count > 0 && source.MoveNext())
        {
            _windows.Slide(source.Columns, 0, Scope.Run.LookbackMs);
            SeriesRow row = Rows.Rent();
            row.SetLabels(source.Labels);
            for (int s = 0; s < Grid.Count; s++)
                Evaluate(s, row);
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Evaluate(int step, SeriesRow row)
    {
        SampleColumns columns = source.Columns;
        Range floats = _windows.FloatLow[step].._windows.FloatHigh[step];
        Range histograms = columns.HistogramCount == 0 ? default : _windows.HistogramLow[step].._windows.HistogramHigh[step];
        bool hasFloats = floats.End.Value > floats.Start.Value;
        bool hasHistograms = histograms.End.Value > histograms.Start.Value;
        if (hasFloats && hasHistograms)
            annotator.MixedFloatsHistograms(MetricName(), position);
        else if (hasFloats)
            EvaluateFloats(step, columns.Floats.AsSpan(floats), columns.FloatTimes.AsSpan(floats), row);
        else if (hasHistograms)
            EvaluateHistograms(step, columns.Histograms.AsSpan(histograms), columns.HistogramTimes.AsSpan(histograms), row);
    }

    private void EvaluateFloats(int step, ReadOnlySpan<double> values, ReadOnlySpan<long> timesMs, SeriesRow row)
    {
        long timeMs = _windows.EndMs(step);
        int next = NextIndex(timesMs, timeMs);
        if (next < timesMs.Length && timesMs[next] == timeMs)
            row.SetFloat(step, values[next]);
        else if (next > 0 && next < timesMs.Length)
            row.SetFloat(step, FloatInterpolation.At(timeMs, values[next - 1], timesMs[next - 1], values[next], timesMs[next], isCounter: false));
        else if (next > 0)
            row.SetFloat(step, values[next - 1]);
    }

    private void EvaluateHistograms(int step, ReadOnlySpan<FloatHistogram> values, ReadOnlySpan<long> timesMs, SeriesRow row)
    {
        long timeMs = _windows.EndMs(step);
        int next = NextIndex(timesMs, timeMs);
        if (next < timesMs.Length && timesMs[next] == timeMs)
        {
            row.SetHistogram(step, values[next].Clone());
            return;
        }

        if (next == 0)
            return;
        FloatHistogram previous = values[next - 1];
        if (next == timesMs.Length)
        {
            // The hint is about the sample's place in the series, which this is not.
            FloatHistogram last = previous.Clone();
            last.CounterResetHint = CounterResetHint.Unknown;
            row.SetHistogram(step, last);
            return;
        }

        bool isCounter = previous.CounterResetHint != CounterResetHint.Gauge || values[next].CounterResetHint != CounterResetHint.Gauge;
        FloatHistogram? between = previous.UsesCustomBuckets == values[next].UsesCustomBuckets
            ? new HistogramInterpolation(annotator, position).At(timeMs, previous, timesMs[next - 1], values[next], timesMs[next], isCounter)
            : null;
        if (between is null)
            annotator.MixedExponentialCustom(MetricName(), position);
        else
            row.SetHistogram(step, between);
    }

    private string MetricName() => System.Text.Encoding.UTF8.GetString(PackedLabels.Get(source.Labels, LabelNames.MetricName));

    private static int NextIndex(ReadOnlySpan<long> timesMs, long timeMs)
    {
        int index = timesMs.BinarySearch(timeMs);
        return index < 0 ? ~index : index;
    }
}
