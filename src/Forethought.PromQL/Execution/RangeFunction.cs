using Forethought.Model;
using Forethought.PromQL.Functions;

namespace Forethought.PromQL.Execution;

/// <summary>
/// A function of a range vector: reads each series once, slides the windows of all steps over it and has the kernel compute
/// them in one call. Streams.
/// </summary>
internal sealed class RangeFunction : VectorOperator
{
    private readonly SampleSource _source;
    private readonly RangeKernel _kernel;
    private readonly RangeInput _input;
    private readonly RangeWidening _widening;
    private readonly LabelProjection _dropMetadata = LabelProjection.DroppingMetadata();
    private readonly LabelGuard? _guard;
    private readonly bool _dropsName;

    /// <param name="scope">Where it runs.</param>
    /// <param name="source">The series.</param>
    /// <param name="kernel">The function.</param>
    /// <param name="input">What the kernel computes from.</param>
    /// <param name="widening">Samples beyond the windows' ends to take in.</param>
    /// <param name="scalars">The scalar arguments, for the account.</param>
    public RangeFunction(
        EvaluationScope scope, SampleSource source, RangeKernel kernel, RangeInput input, RangeWidening widening, params PlanOperator[] scalars)
        : base(scope, scalars)
    {
        _source = source;
        _kernel = kernel;
        _input = input;
        _widening = widening;
        _dropsName = !kernel.KeepsName;
        _guard = scope.Run.Options.DelayedNameRemoval || !kernel.NeedsDistinctLabels ? null : new LabelGuard(perStep: false);
    }

    protected override SeriesRow? Produce()
    {
        while (Grid.Count > 0 && _source.MoveNext())
        {
            SampleColumns columns = _source.Columns;
            if (columns.FloatCount + columns.HistogramCount == 0)
                continue;
            _input.Windows.Slide(columns, _widening.LeftMs, _widening.RightMs);
            long held = CountWindows();
            SeriesRow row = Rows.Rent();
            _kernel.Evaluate(_input, row);
            if (DropIfEmpty(row))
                continue;
            // Upstream lets go of a series' last window after it has taken its points.
            Scope.Run.Account.Touch(held + row.CountSamples());
            SetLabels(row);
            if (_kernel.ExpectsCounter)
                ReportNonCounter(row);
            return row;
        }

        Scope.Run.Account.Release(_source.HeldSamples);
        return null;
    }

    private void SetLabels(SeriesRow row)
    {
        row.DropName = _dropsName || _source.DropName;
        bool dropNow = row.DropName && !Scope.Run.Options.DelayedNameRemoval;
        row.SetLabels(dropNow ? _dropMetadata.Apply(_source.Labels) : _source.Labels);
        _guard?.Check(row);
    }

    // Statistics count every sample of every window; the account only what one window holds at a time. Returned is what the last
    // one holds.
    private long CountWindows()
    {
        RangeWindows windows = _input.Windows;
        QueryStatistics statistics = Scope.Statistics;
        bool hasHistograms = _source.Columns.HistogramCount > 0;
        long largest = 0;
        long size = 0;
        long total = 0;
        long read = 0;
        for (int s = 0; s < windows.FloatLow.Length; s++)
        {
            size = windows.FloatHigh[s] - windows.FloatLow[s];
            long fresh = FreshSamples(windows.FloatLow, windows.FloatHigh, s);
            if (hasHistograms)
            {
                size += Weigh(windows.HistogramLow[s], windows.HistogramHigh[s]);
                int previous = s == 0 ? 0 : windows.HistogramHigh[s - 1];
                fresh += Weigh(Math.Max(windows.HistogramLow[s], previous), windows.HistogramHigh[s]);
            }

            fresh = _source.ReadsStorage ? fresh : 0;
            largest = Math.Max(largest, size);
            total += size;
            read += fresh;
            if (statistics.HasSteps)
            {
                statistics.CountTotal(s, size);
                statistics.CountRead(s, fresh);
            }
        }

        if (!statistics.HasSteps)
            statistics.CountAll(total, read);
        Scope.Run.Account.Touch(largest);
        return size;
    }

    private static long FreshSamples(int[] lows, int[] highs, int step) =>
        Math.Max(0, highs[step] - Math.Max(lows[step], step == 0 ? 0 : highs[step - 1]));

    private long Weigh(int low, int high)
    {
        long weight = 0;
        for (int i = low; i < high; i++)
            weight += HistogramWeight.Of(_source.Columns.Histograms[i]);
        return weight;
    }

    private void ReportNonCounter(SeriesRow row)
    {
        ReadOnlySpan<byte> name = PackedLabels.Get(_source.Labels, LabelNames.MetricName);
        if (name.IsEmpty || !HasFloat(row))
            return;
        if (Scope.Run.Options.TypeAndUnitLabels)
        {
            ReadOnlySpan<byte> type = PackedLabels.Get(_source.Labels, LabelNames.MetricType);
            if (!type.SequenceEqual("counter"u8) && !type.SequenceEqual("histogram"u8))
                _input.Annotator.PossiblyNotCounterType(_input.MetricName, System.Text.Encoding.UTF8.GetString(type), _input.Position);
        }
        else if (!name.EndsWith("_total"u8) && !name.EndsWith("_sum"u8) && !name.EndsWith("_count"u8) && !name.EndsWith("_bucket"u8))
        {
            _input.Annotator.PossiblyNotCounter(_input.MetricName, _input.Position);
        }
    }

    private static bool HasFloat(SeriesRow row)
    {
        if (row.Histograms is null)
            return true;
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (row.Histograms[step] is null)
                return true;
        }

        return false;
    }
}
