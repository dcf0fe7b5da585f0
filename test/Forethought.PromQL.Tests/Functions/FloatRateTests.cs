using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Functions;
using Xunit;

namespace Forethought.PromQL.Tests.Functions;

/// <summary>The rate over columns against a rate that takes one window at a time, to the last bit.</summary>
public sealed class FloatRateTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Columns_give_what_single_windows_give(bool isCounter, bool isRate)
    {
        var random = new Random(5);
        for (int round = 0; round < 400; round++)
        {
            SampleColumns columns = RandomColumns(random);
            var grid = new StepGrid(random.Next(0, 200_000), random.Next(1, 60_000), random.Next(1, 50));
            long rangeMs = random.Next(1, 300_000);
            var windows = new RangeWindows(grid, new SelectorTimes(random.Next(-1000, 1000), null), rangeMs);
            windows.Slide(columns, 0, 0);
            var row = new SeriesRow(grid.Count);

            new FloatRate(grid.Count, isCounter, isRate).Evaluate(columns, windows, row);

            for (int s = 0; s < grid.Count; s++)
            {
                double? expected = Expected(columns, windows.StartMs(s), windows.EndMs(s), isCounter, isRate);
                Assert.Equal(expected is not null, StepBits.Has(row.Present, s));
                if (expected is { } value && !(double.IsNaN(value) && double.IsNaN(row.Values[s])))
                    Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(row.Values[s]));
            }
        }
    }

    // The rule of the documentation: the increase with resets made good, extrapolated to the window's ends if they are no more
    // than 1.1 average intervals away, else by half an interval, and on the left no further than to zero.
    private static double? Expected(SampleColumns columns, long startMs, long endMs, bool isCounter, bool isRate)
    {
        int[] inside = [.. Enumerable.Range(0, columns.FloatCount).Where(i => columns.FloatTimes[i] > startMs && columns.FloatTimes[i] <= endMs)];
        if (inside.Length < 2)
            return null;
        double[] values = [.. inside.Select(i => columns.Floats[i])];
        double increase = values[^1] - values[0];
        for (int i = 1; isCounter && i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                increase += values[i - 1];
        }

        long first = columns.FloatTimes[inside[0]];
        long last = columns.FloatTimes[inside[^1]];
        double toStart = (first - startMs) / 1000.0;
        double toEnd = (endMs - last) / 1000.0;
        double sampled = (last - first) / 1000.0;
        double average = sampled / (inside.Length - 1);
        if (toStart >= average * 1.1)
            toStart = average / 2;
        if (isCounter && increase > 0 && values[0] >= 0 && sampled * (values[0] / increase) < toStart)
            toStart = sampled * (values[0] / increase);
        if (toEnd >= average * 1.1)
            toEnd = average / 2;
        double factor = (sampled + toStart + toEnd) / sampled;
        return increase * (isRate ? factor / Extrapolation.Seconds(endMs - startMs) : factor);
    }

    private static SampleColumns RandomColumns(Random random)
    {
        var batch = new SampleBatch();
        long time = random.Next(0, 100_000);
        double value = random.Next(100);
        int resets = random.Next(0, 8);
        for (int i = random.Next(0, 80); i > 0; i--)
        {
            batch.Add(time, value);
            time += random.Next(8) == 0 ? random.Next(1, 120_000) : 5_000;
            value = random.Next(10) < resets ? random.Next(5) : random.Next(40) == 0 ? double.NaN : value + random.NextDouble();
        }

        var columns = new SampleColumns();
        columns.Load(batch);
        return columns;
    }
}
