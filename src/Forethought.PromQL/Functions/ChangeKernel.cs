using Forethought.Model;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>
/// <c>changes</c> and <c>resets</c>: counts the pairs of neighbouring samples that differ, or where a counter started over. A
/// switch between float and histogram counts for both.
/// </summary>
internal sealed class ChangeKernel(bool resets, bool anchored) : RangeKernel
{
    private int[] _countUpTo = [];

    public override bool UsesStartTimes => resets;

    public override void Evaluate(RangeInput input, SeriesRow row)
    {
        SampleColumns columns = input.Columns;
        bool hasStarts = resets && input.UseStartTimes && columns.FloatStarts is not null;
        if (columns.HistogramCount == 0 && !anchored && !hasStarts)
        {
            CountFloats(columns, input.Windows, row);
            return;
        }

        for (int s = 0; s < input.Grid.Count; s++)
            CountMixed(input, s, row);
    }

    // A running count over the whole series makes each window one subtraction.
    private void CountFloats(SampleColumns columns, RangeWindows windows, SeriesRow row)
    {
        if (_countUpTo.Length < columns.FloatCount)
            _countUpTo = new int[columns.Floats.Length];
        double[] values = columns.Floats;
        int count = 0;
        for (int i = 0; i < columns.FloatCount; i++)
        {
            if (i > 0 && Differs(values[i - 1], values[i]))
                count++;
            _countUpTo[i] = count;
        }

        for (int s = 0; s < windows.FloatLow.Length; s++)
        {
            int low = windows.FloatLow[s];
            int last = windows.FloatHigh[s] - 1;
            if (last >= low)
                row.SetFloat(s, _countUpTo[last] - _countUpTo[low]);
        }
    }

    private bool Differs(double previous, double value) => resets
        ? value < previous
        : value != previous && !(double.IsNaN(value) && double.IsNaN(previous));

    private void CountMixed(RangeInput input, int step, SeriesRow row)
    {
        ReadOnlySpan<double> floats = input.Floats(step);
        ReadOnlySpan<FloatHistogram> histograms = input.Histograms(step);
        if (floats.IsEmpty && histograms.IsEmpty)
            return;
        ReadOnlySpan<long> floatTimes = input.FloatTimes(step);
        ReadOnlySpan<long> histogramTimes = input.HistogramTimes(step);
        if (!TryFindFirst(input, step, floatTimes, histogramTimes, out int f, out int h))
            return;
        ReadOnlySpan<long> floatStarts = input.FloatStarts(step);
        ReadOnlySpan<long> histogramStarts = input.HistogramStarts(step);
        int count = 0;
        Sample previous = default;
        for (bool first = true; f < floats.Length || h < histograms.Length; first = false)
        {
            bool isFloat = h >= histograms.Length || (f < floats.Length && floatTimes[f] < histogramTimes[h]);
            Sample sample = isFloat
                ? new Sample(floatTimes[f], floatStarts.IsEmpty ? 0 : floatStarts[f], floats[f], null)
                : new Sample(histogramTimes[h], histogramStarts.IsEmpty ? 0 : histogramStarts[h], 0, histograms[h]);
            if (isFloat)
                f++;
            else
                h++;
            if (!first && Differs(previous, sample))
                count++;
            previous = sample;
        }

        row.SetFloat(step, count);
    }

    // An anchored window begins with the newest sample at or before its start, of whatever kind, and is void without one after it.
    private bool TryFindFirst(
        RangeInput input, int step, ReadOnlySpan<long> floatTimes, ReadOnlySpan<long> histogramTimes, out int firstFloat, out int firstHistogram)
    {
        (firstFloat, firstHistogram) = (0, 0);
        if (!anchored)
            return true;
        long start = input.Windows.StartMs(step);
        int floatsBefore = CountUpTo(floatTimes, start);
        int histogramsBefore = CountUpTo(histogramTimes, start);
        if (floatsBefore == floatTimes.Length && histogramsBefore == histogramTimes.Length)
            return false;
        bool floatIsAnchor = floatsBefore > 0
            && (histogramsBefore == 0 || floatTimes[floatsBefore - 1] >= histogramTimes[histogramsBefore - 1]);
        firstFloat = floatIsAnchor ? floatsBefore - 1 : floatsBefore;
        firstHistogram = !floatIsAnchor && histogramsBefore > 0 ? histogramsBefore - 1 : histogramsBefore;
        return true;
    }

    private static int CountUpTo(ReadOnlySpan<long> times, long timeMs)
    {
        int count = 0;
        while (count < times.Length && times[count] <= timeMs)
            count++;
        return count;
    }

    private bool Differs(in Sample previous, in Sample sample)
    {
        if (previous.Histogram is null != sample.Histogram is null)
            return true;
        if (resets && StartTimes.IsReset(previous.StartMs, previous.TimeMs, sample.StartMs, sample.TimeMs))
            return true;
        if (sample.Histogram is null)
            return Differs(previous.Value, sample.Value);
        return resets
            ? HistogramResets.IsReset(sample.Histogram, previous.Histogram!)
            : !sample.Histogram.DataEquals(previous.Histogram!);
    }

    private readonly record struct Sample(long TimeMs, long StartMs, double Value, FloatHistogram? Histogram);
}
