using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Functions;

/// <summary>What a <see cref="RangeKernel"/> computes from: the samples of one series, the windows over them, the other arguments.</summary>
/// <param name="run">The query.</param>
/// <param name="source">The series; the columns are those of its current one.</param>
/// <param name="windows">The windows, laid over the current series.</param>
/// <param name="scalars">The scalar arguments in order, each by step.</param>
/// <param name="annotator">Where to tell what was met.</param>
/// <param name="position">The argument's place in the query.</param>
/// <param name="allPosition">The place of all arguments together.</param>
/// <param name="scalarPositions">The places of the scalar arguments.</param>
internal sealed class RangeInput(
    QueryRun run,
    SampleSource source,
    RangeWindows windows,
    ScalarOperator[] scalars,
    Annotator annotator,
    PositionRange position,
    PositionRange allPosition,
    PositionRange[] scalarPositions)
{
    // Some milliseconds of work. Wide windows of many steps can keep a kernel busy with one series for minutes.
    private const long SamplesBetweenLooks = 1 << 20;

    // What one histogram takes, in floats.
    private const int HistogramCost = 100;

    private long _samples;

    public SampleColumns Columns => source.Columns;

    public RangeWindows Windows => windows;

    public StepGrid Grid => windows.Grid;

    public double[][] Scalars { get; } = Array.ConvertAll(scalars, static scalar => scalar.Evaluate());

    public Annotator Annotator => annotator;

    public PositionRange Position => position;

    public PositionRange AllPosition => allPosition;

    public PositionRange[] ScalarPositions => scalarPositions;

    /// <summary>Whether start timestamps of this series are to be looked at.</summary>
    public bool UseStartTimes { get; init; }

    /// <summary>The current series' metric name, for annotations.</summary>
    public string MetricName => System.Text.Encoding.UTF8.GetString(PackedLabels.Get(source.Labels, LabelNames.MetricName));

    /// <summary>The floats of a step's window; whoever asks is taken to walk through them.</summary>
    /// <exception cref="PromQlException">The query is over.</exception>
    public ReadOnlySpan<double> Floats(int step)
    {
        ReadOnlySpan<double> floats = Columns.Floats.AsSpan(windows.FloatLow[step]..windows.FloatHigh[step]);
        Count(floats.Length);
        return floats;
    }

    /// <summary>The times of the floats of a step's window.</summary>
    public ReadOnlySpan<long> FloatTimes(int step) =>
        Columns.FloatTimes.AsSpan(windows.FloatLow[step]..windows.FloatHigh[step]);

    /// <summary>The histograms of a step's window; whoever asks is taken to walk through them.</summary>
    /// <exception cref="PromQlException">The query is over.</exception>
    public ReadOnlySpan<FloatHistogram> Histograms(int step)
    {
        if (Columns.HistogramCount == 0)
            return default;
        ReadOnlySpan<FloatHistogram> histograms = Columns.Histograms.AsSpan(windows.HistogramLow[step]..windows.HistogramHigh[step]);
        Count(HistogramCost * histograms.Length);
        return histograms;
    }

    /// <summary>The times of the histograms of a step's window.</summary>
    public ReadOnlySpan<long> HistogramTimes(int step) => Columns.HistogramCount == 0
        ? default
        : Columns.HistogramTimes.AsSpan(windows.HistogramLow[step]..windows.HistogramHigh[step]);

    /// <summary>The start timestamps of the floats of a step's window; empty when they are not used or there are none.</summary>
    public ReadOnlySpan<long> FloatStarts(int step) => !UseStartTimes || Columns.FloatStarts is null
        ? default
        : Columns.FloatStarts.AsSpan(windows.FloatLow[step]..windows.FloatHigh[step]);

    /// <summary>The start timestamps of the histograms of a step's window; empty when they are not used or there are none.</summary>
    public ReadOnlySpan<long> HistogramStarts(int step) => !UseStartTimes || Columns.HistogramCount == 0 || Columns.HistogramStarts is null
        ? default
        : Columns.HistogramStarts.AsSpan(windows.HistogramLow[step]..windows.HistogramHigh[step]);

    private void Count(int samples)
    {
        _samples += samples;
        if (_samples < SamplesBetweenLooks)
            return;
        _samples = 0;
        run.ThrowIfStopped();
    }
}
