namespace Forethought.PromQL.Execution;

/// <summary>
/// The windows of a range selector over one series: for each step the samples in (end − range, end], as half-open index ranges
/// into the float and the histogram column.
/// </summary>
internal sealed class RangeWindows(StepGrid grid, SelectorTimes times, long rangeMs)
{
    /// <summary>Index of the first float of each step's window.</summary>
    public int[] FloatLow { get; } = new int[grid.Count];

    /// <summary>Index behind the last float.</summary>
    public int[] FloatHigh { get; } = new int[grid.Count];

    /// <summary>Index of the first histogram; not set while the series has none.</summary>
    public int[] HistogramLow { get; } = new int[grid.Count];

    /// <summary>Index behind the last histogram.</summary>
    public int[] HistogramHigh { get; } = new int[grid.Count];

    public StepGrid Grid => grid;

    /// <summary>The width in milliseconds.</summary>
    public long RangeMs => rangeMs;

    /// <summary>How far the window moves from step to step; zero with <c>@</c>.</summary>
    public long AdvanceMs { get; } = times.AdvanceMs(grid);

    /// <summary>The closed right end of a step's window.</summary>
    public long EndMs(int step) => times.FirstMs(grid) + (step * AdvanceMs);

    /// <summary>The open left end of a step's window.</summary>
    public long StartMs(int step) => EndMs(step) - rangeMs;

    /// <summary>Lays the windows over the samples; <paramref name="widenLeftMs"/> and <paramref name="widenRightMs"/> take in samples beyond their ends.</summary>
    public void Slide(SampleColumns columns, long widenLeftMs, long widenRightMs)
    {
        long end = times.FirstMs(grid) + widenRightMs;
        long start = times.FirstMs(grid) - rangeMs - widenLeftMs;
        ReadOnlySpan<long> floats = columns.FloatTimes.AsSpan(0, columns.FloatCount);
        WindowEdges.Find(floats, end, AdvanceMs, FloatHigh);
        WindowEdges.Find(floats, start, AdvanceMs, FloatLow);
        if (columns.HistogramCount == 0)
            return;
        ReadOnlySpan<long> histograms = columns.HistogramTimes.AsSpan(0, columns.HistogramCount);
        WindowEdges.Find(histograms, end, AdvanceMs, HistogramHigh);
        WindowEdges.Find(histograms, start, AdvanceMs, HistogramLow);
    }
}
