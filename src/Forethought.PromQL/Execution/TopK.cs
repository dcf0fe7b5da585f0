using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>topk</c> and <c>bottomk</c>: the k series of each group with the greatest or smallest floats, chosen anew at each step.
/// NaN is chosen last. In an instant query the result is ordered within its groups. Collects.
/// </summary>
internal sealed class TopK : VectorOperator
{
    private readonly VectorOperator _input;
    private readonly ScalarOperator _parameter;
    private readonly AggregateExpr _expr;
    private readonly Annotator _annotator;
    private readonly CollectedGroups _groups;
    private readonly bool _greatest;
    private readonly List<SeriesRow> _ordered = [];
    private int _next = -1;

    public TopK(EvaluationScope scope, VectorOperator input, ScalarOperator parameter, LabelProjection groups, AggregateExpr expr, Annotator annotator)
        : base(scope, input, parameter)
    {
        _input = input;
        _parameter = parameter;
        _expr = expr;
        _annotator = annotator;
        _greatest = expr.Op == AggregateOperator.Topk;
        _groups = new CollectedGroups(groups);
    }

    protected override bool ConsumesInputsFirst => true;

    protected override SeriesRow? Produce()
    {
        if (_next < 0)
        {
            Run();
            _next = 0;
        }

        while (_next < _ordered.Count)
        {
            SeriesRow row = _ordered[_next++];
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Run()
    {
        var parameter = new StepParameter(_parameter, Grid.Count);
        _groups.Collect(_input);
        if (!parameter.CheckCount())
            return;
        foreach (SeriesRow row in _groups.Rows)
            RemoveHistograms(row, parameter.Values);
        var chosen = _groups.Rows.ConvertAll(static row => new ulong[row.Present.Length]);
        var heaps = new RankHeap[_groups.GroupCount];
        for (int group = 0; group < heaps.Length; group++)
            heaps[group] = new RankHeap(_greatest);
        for (int s = 0; s < Grid.Count; s++)
            Choose(s, (int)Math.Min((long)parameter.Values[s], _groups.Rows.Count), heaps, chosen);
        for (int i = 0; i < chosen.Count; i++)
            chosen[i].CopyTo(_groups.Rows[i].Present, 0);
        if (Grid.Count > 1)
        {
            _ordered.AddRange(_groups.Rows);
            return;
        }

        foreach (RankHeap heap in heaps)
        {
            foreach (int index in heap.Ranked())
                _ordered.Add(_groups.Rows[index]);
        }
    }

    // Where nothing is chosen upstream does not look at samples.
    private void RemoveHistograms(SeriesRow row, double[] counts)
    {
        if (row.Histograms is null)
            return;
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (!row.IsFloat(step) && (long)counts[step] >= 1)
                _annotator.HistogramIgnoredInAggregation(_expr.Op.Name(), _expr.PositionRange);
        }

        row.RemoveHistograms();
    }

    private void Choose(int step, int count, RankHeap[] heaps, List<ulong[]> chosen)
    {
        foreach (RankHeap heap in heaps)
            heap.Clear(count);
        if (count < 1)
            return;
        for (int i = 0; i < _groups.Rows.Count; i++)
        {
            if (StepBits.Has(_groups.Rows[i].Present, step))
                heaps[_groups.GroupOf[i]].Offer(i, _groups.Rows[i].Values[step]);
        }

        foreach (RankHeap heap in heaps)
        {
            foreach ((int index, _) in heap.Entries)
                StepBits.Set(chosen[index], step);
        }
    }
}
