using Forethought.Model;
using Forethought.PromQL.Functions;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Sums or means of native histograms of one group by step, made where the group first meets a histogram.</summary>
internal sealed class HistogramColumn(int steps, bool isMean, Annotator annotator, PositionRange position)
{
    private readonly HistogramSum?[] _sums = new HistogramSum?[steps];
    private readonly ulong[] _seen = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];
    private readonly ulong[] _void = new ulong[StepBits.Words(SeriesRow.PaddedLength(steps))];

    /// <summary>The steps that had a histogram.</summary>
    public ulong[] Seen => _seen;

    /// <summary>Adds the histograms of a row.</summary>
    public void Add(SeriesRow row)
    {
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (row.Histograms![step] is { } histogram)
                Add(row, step, histogram);
        }
    }

    /// <summary>Sets the results; steps in <paramref name="floats"/> had both kinds and get none.</summary>
    public void Complete(SeriesRow row, ulong[] floats)
    {
        foreach (int step in StepBits.Walk(_seen))
        {
            if (StepBits.Has(floats, step))
            {
                annotator.MixedFloatsHistogramsInAggregation(position);
                row.Remove(step);
                continue;
            }

            if (StepBits.Has(_void, step))
                continue;
            HistogramSum sum = _sums[step]!;
            FloatHistogram result = sum.Complete();
            result.Compact();
            row.SetHistogram(step, result);
            if (sum.HasConflictingResets)
                annotator.CounterResetCollision("aggregation", position);
        }
    }

    private void Add(SeriesRow row, int step, FloatHistogram histogram)
    {
        StepBits.Set(_seen, step);
        if (StepBits.Has(_void, step))
            return;
        if (_sums[step] is not { } sum)
        {
            _sums[step] = new HistogramSum(histogram, isMean);
            return;
        }

        if (!sum.Add(histogram))
        {
            StepBits.Set(_void, step);
            annotator.MixedExponentialCustom(System.Text.Encoding.UTF8.GetString(PackedLabels.Get(row.Labels, LabelNames.MetricName)), position);
        }
        else if (sum.HasReconciledBounds)
        {
            annotator.CustomBucketsReconciled("aggregation", position);
        }
    }
}
