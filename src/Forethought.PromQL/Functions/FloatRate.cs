using System.Runtime.Intrinsics;
using Forethought.PromQL.Execution;

namespace Forethought.PromQL.Functions;

/// <summary>
/// <c>rate</c>, <c>increase</c> and <c>delta</c> over floats, all steps of a series at once: the first and last sample of each
/// window are gathered into columns, then the extrapolation runs over eight steps at a time, with the operations of
/// <see cref="Extrapolation.Factor"/> in their order, so that results are bit-equal. Not thread-safe.
/// </summary>
internal sealed class FloatRate(int steps, bool isCounter, bool isRate)
{
    private readonly double[] _first = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _increase = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _toStartMs = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _toEndMs = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _sampledMs = new double[SeriesRow.PaddedLength(steps)];
    private readonly double[] _intervals = new double[SeriesRow.PaddedLength(steps)];
    private int[] _resets = [];

    public void Evaluate(SampleColumns columns, RangeWindows windows, SeriesRow row)
    {
        if (columns.FloatCount < 2)
            return;
        int resets = isCounter ? FindResets(columns.Floats.AsSpan(0, columns.FloatCount)) : 0;
        Gather(columns, windows, row);
        if (resets > 0)
            AddResets(columns.Floats, windows, row, _resets.AsSpan(0, resets));
        Extrapolate(row.Values, windows.RangeMs);
    }

    /// <summary>The indexes of values that are smaller than the one before; most series have none, which one vector scan tells.</summary>
    private int FindResets(ReadOnlySpan<double> values)
    {
        int i = 1;
        for (; i + 8 <= values.Length; i += 8)
        {
            Vector512<double> current = Vector512.Create(values.Slice(i, 8));
            Vector512<double> previous = Vector512.Create(values.Slice(i - 1, 8));
            if (Vector512.LessThanAny(current, previous))
                break;
        }

        int count = 0;
        for (; i < values.Length; i++)
        {
            if (!(values[i] < values[i - 1]))
                continue;
            if (count == _resets.Length)
                Array.Resize(ref _resets, Math.Max(64, 2 * count));
            _resets[count++] = i;
        }

        return count;
    }

    private void Gather(SampleColumns columns, RangeWindows windows, SeriesRow row)
    {
        long[] times = columns.FloatTimes;
        double[] values = columns.Floats;
        int[] lows = windows.FloatLow;
        int[] highs = windows.FloatHigh;
        long end = windows.EndMs(0);
        for (int s = 0; s < lows.Length; s++, end += windows.AdvanceMs)
        {
            int low = lows[s];
            int last = highs[s] - 1;
            if (last <= low)
            {
                // Harmless operands; the step stays absent.
                _sampledMs[s] = _intervals[s] = 1;
                continue;
            }

            StepBits.Set(row.Present, s);
            _first[s] = values[low];
            _increase[s] = values[last] - values[low];
            _toStartMs[s] = times[low] - (end - windows.RangeMs);
            _toEndMs[s] = end - times[last];
            _sampledMs[s] = times[last] - times[low];
            _intervals[s] = last - low;
        }
    }

    private void AddResets(double[] values, RangeWindows windows, SeriesRow row, ReadOnlySpan<int> resets)
    {
        int next = 0;
        foreach (int s in StepBits.Walk(row.Present))
        {
            int low = windows.FloatLow[s];
            int high = windows.FloatHigh[s];
            while (next < resets.Length && resets[next] <= low)
                next++;
            for (int r = next; r < resets.Length && resets[r] < high; r++)
                _increase[s] += values[resets[r] - 1];
        }
    }

    private void Extrapolate(double[] results, long rangeMs)
    {
        Vector512<double> thousand = Vector512.Create(1000.0);
        Vector512<double> rangeSeconds = Vector512.Create(Extrapolation.Seconds(rangeMs));
        for (int s = 0; s < results.Length; s += 8)
        {
            Vector512<double> increase = Vector512.Create(_increase, s);
            Vector512<double> sampled = Vector512.Create(_sampledMs, s) / thousand;
            Vector512<double> toStart = Vector512.Create(_toStartMs, s) / thousand;
            Vector512<double> toEnd = Vector512.Create(_toEndMs, s) / thousand;
            Vector512<double> average = sampled / Vector512.Create(_intervals, s);
            Vector512<double> threshold = average * Vector512.Create(1.1);
            Vector512<double> half = average / Vector512.Create(2.0);
            toStart = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(toStart, threshold), half, toStart);
            if (isCounter)
            {
                Vector512<double> first = Vector512.Create(_first, s);
                Vector512<double> toZero = sampled * (first / increase);
                Vector512<double> capped = Vector512.GreaterThan(increase, Vector512<double>.Zero)
                    & Vector512.GreaterThanOrEqual(first, Vector512<double>.Zero)
                    & Vector512.LessThan(toZero, toStart);
                toStart = Vector512.ConditionalSelect(capped, toZero, toStart);
            }

            toEnd = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(toEnd, threshold), half, toEnd);
            Vector512<double> factor = (sampled + toStart + toEnd) / sampled;
            if (isRate)
                factor /= rangeSeconds;
            (increase * factor).CopyTo(results, s);
        }
    }
}
