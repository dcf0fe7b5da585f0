using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// The rows of a subquery's inner expression as samples at the steps of its grid. The inner expression has been evaluated
/// once, over the union of all windows.
/// </summary>
/// <param name="outer">The scope of the function around the subquery.</param>
/// <param name="scope">The scope of the inner expression.</param>
/// <param name="inner">The inner expression.</param>
/// <param name="offsetMs">The subquery's offset.</param>
/// <param name="rangeMs">The subquery's range.</param>
internal sealed class SubquerySource(EvaluationScope outer, EvaluationScope scope, VectorOperator inner, long offsetMs, long rangeMs) : SampleSource
{
    private readonly SampleBatch _batch = new();
    private SeriesRow? _row;

    public override ReadOnlySpan<byte> Labels => _row!.Labels;

    public override bool DropName => _row!.DropName;

    public override long HeldSamples => inner.OutputSamples;

    public override bool ReadsStorage => false;

    public override long InnerSamples => scope.Statistics.TotalSamples;

    public override bool MoveNext()
    {
        if (_row is not null)
            scope.Rows.Return(_row);
        _row = inner.Next();
        if (_row is null)
        {
            CountReads();
            return false;
        }

        _batch.Clear();
        _batch.Reserve(scope.Grid.Count);
        foreach (int step in StepBits.Walk(_row.Present))
            Append(_row, step);
        Columns.Load(_batch);
        return true;
    }

    private void Append(SeriesRow row, int step)
    {
        if (row.Histograms?[step] is not { } histogram)
        {
            _batch.Add(scope.Grid.TimeAt(step), row.Values[step]);
            return;
        }

        FloatHistogram sample = _batch.AddHistogram(scope.Grid.TimeAt(step));
        histogram.CopyTo(sample);
        // A step may have skipped or repeated samples of the series below, so what they knew about resets no longer holds.
        if (sample.CounterResetHint is CounterResetHint.CounterReset or CounterResetHint.NotCounterReset)
            sample.CounterResetHint = CounterResetHint.Unknown;
        _batch.CompleteHistogram();
    }

    // What the inner steps read counts for the outer step whose window they end in, if they are in a window at all.
    private void CountReads()
    {
        StepGrid grid = outer.Grid;
        ReadOnlySpan<long> reads = scope.Statistics.SamplesReadPerStep;
        for (int s = 0; s < reads.Length && grid.Count > 0; s++)
        {
            if (reads[s] == 0)
                continue;
            long timeMs = scope.Grid.TimeAt(s) + offsetMs;
            int step = timeMs <= grid.StartMs ? 0 : (int)Math.Min(grid.Count - 1, (timeMs - grid.StartMs + grid.StepMs - 1) / grid.StepMs);
            if (grid.Count == 1 || rangeMs == 0 || timeMs > grid.TimeAt(step) - rangeMs)
                outer.Statistics.CountRead(step, reads[s]);
        }
    }
}
