using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Finds the newest sample of each series at each step, at most the lookback delta old (a sample exactly that old is too old);
/// none if that sample is a stale marker. Streams.
/// </summary>
internal sealed class InstantSelector : VectorOperator
{
    private readonly SeriesReader _reader;
    private readonly SelectorTimes _times;
    private readonly SelectorValue _value;
    private readonly int[] _edges;
    private readonly LabelProjection? _dropName;
    private readonly LabelGuard? _guard;

    /// <param name="scope">Where it runs.</param>
    /// <param name="reader">The series.</param>
    /// <param name="times">When to look.</param>
    /// <param name="value">What to hand out; anything but the sample drops the metric name.</param>
    public InstantSelector(EvaluationScope scope, SeriesReader reader, SelectorTimes times, SelectorValue value)
        : base(scope)
    {
        _reader = reader;
        _times = times;
        _value = value;
        _edges = new int[scope.Grid.Count];
        if (!DropsName || scope.Run.Options.DelayedNameRemoval)
            return;
        _dropName = LabelProjection.DroppingMetadata();
        _guard = new LabelGuard(perStep: true);
    }

    // Upstream makes a vector of times from a vector of samples.
    protected override long SeriesBeside => DropsName ? OutputSeries : 0;

    private bool DropsName => _value is SelectorValue.Time or SelectorValue.StartTime;

    protected override SeriesRow? Produce()
    {
        while (Grid.Count > 0 && _reader.MoveNext())
        {
            SampleBatch batch = _reader.Batch;
            if (batch.Count == 0)
                continue;
            SeriesRow row = Rows.Rent();
            WindowEdges.Find(batch.TimesMs.AsSpan(0, batch.Count), _times.FirstMs(Grid), _times.AdvanceMs(Grid), _edges);
            if (_value == SelectorValue.Sample && batch.AllKinds == SampleKind.Float)
                GatherFloats(batch, row);
            else
                Gather(batch, row);
            if (DropIfEmpty(row))
                continue;
            Count(row);
            SetLabels(row);
            return row;
        }

        return null;
    }

    private void GatherFloats(SampleBatch batch, SeriesRow row)
    {
        long[] times = batch.TimesMs;
        double[] source = batch.Values;
        double[] target = row.Values;
        long oldest = _times.FirstMs(Grid) - Scope.Run.LookbackMs;
        long advance = _times.AdvanceMs(Grid);
        ulong word = 0;
        for (int s = 0; s < _edges.Length; s++, oldest += advance)
        {
            int i = _edges[s] - 1;
            if (i >= 0 && times[i] > oldest)
            {
                target[s] = source[i];
                word |= 1UL << (s & 63);
            }

            if ((s & 63) == 63)
            {
                row.Present[s >> 6] = word;
                word = 0;
            }
        }

        if ((_edges.Length & 63) != 0)
            row.Present[_edges.Length >> 6] = word;
    }

    private void Gather(SampleBatch batch, SeriesRow row)
    {
        long oldest = _times.FirstMs(Grid) - Scope.Run.LookbackMs;
        long advance = _times.AdvanceMs(Grid);
        int copied = -1;
        FloatHistogram? copy = null;
        for (int s = 0; s < _edges.Length; s++, oldest += advance)
        {
            int i = _edges[s] - 1;
            if (i < 0 || batch.TimesMs[i] <= oldest || (batch.Kinds[i] & SampleKind.Stale) != 0)
                continue;
            if (DropsName)
            {
                row.SetFloat(s, (_value == SelectorValue.Time ? batch.TimesMs[i] : batch.StartTimesMs?[i] ?? 0) / 1000.0);
            }
            else if (batch.Kinds[i] == SampleKind.Float)
            {
                row.SetFloat(s, _value == SelectorValue.InfoTime ? batch.TimesMs[i] : batch.Values[i]);
            }
            else
            {
                // The batch takes its histograms back; steps that see the same sample share one copy.
                if (copied != i)
                    (copied, copy) = (i, batch.Histograms![i]!.Clone());
                row.SetHistogram(s, copy!);
            }
        }
    }

    private void SetLabels(SeriesRow row)
    {
        if (!DropsName)
        {
            row.SetLabels(_reader.Labels);
            return;
        }

        row.DropName = true;
        row.SetLabels(_dropName is null ? _reader.Labels : _dropName.Apply(_reader.Labels));
        _guard?.Check(row);
    }

    private void Count(SeriesRow row)
    {
        QueryStatistics statistics = Scope.Statistics;
        if (!statistics.HasSteps)
        {
            int samples = row.CountSamples();
            statistics.CountAll(samples, samples);
            return;
        }

        foreach (int step in StepBits.Walk(row.Present))
        {
            int weight = row.Histograms?[step] is { } histogram ? HistogramWeight.Of(histogram) : 1;
            statistics.CountTotal(step, weight);
            statistics.CountRead(step, weight);
        }
    }
}
