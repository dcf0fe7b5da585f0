using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>
/// <c>info</c>: adds labels of info series (<c>target_info</c>) with the same <c>instance</c> and <c>job</c> to the series of a
/// vector. Of several info series with the same name and those labels the one with the newest sample counts. Collects.
/// </summary>
internal sealed class InfoFunction(
    EvaluationScope scope, VectorOperator input, VectorOperator info, IReadOnlyList<Matcher> dataMatchers, IReadOnlyList<Matcher> nameMatchers)
    : VectorOperator(scope, input)
{
    private readonly LabelsBuilder _builder = new();
    private readonly LabelIndex _index = new();
    private readonly List<SeriesRow> _results = [];
    private int _next = -1;

    protected override SeriesRow? Produce()
    {
        if (_next < 0)
        {
            _next = 0;
            Run();
        }

        while (_next < _results.Count)
        {
            SeriesRow row = _results[_next++];
            if (!DropIfEmpty(row))
                return row;
        }

        return null;
    }

    private void Run()
    {
        var series = new List<SeriesRow>();
        var known = new InfoIndex(Grid.Count);
        while (input.Next() is { } row)
        {
            series.Add(row);
            if (!IsInfo(row))
                known.AddIdentity(row.Labels);
        }

        ulong[] present = new ulong[StepBits.Words(SeriesRow.PaddedLength(Grid.Count))];
        foreach (SeriesRow row in series)
            StepBits.Or(present, row.Present);
        while (info.Next() is { } row)
            known.AddInfo(row, present);
        foreach (SeriesRow row in series)
        {
            if (IsInfo(row))
                PassOn(row);
            else
                Enrich(row, known);
            Rows.Return(row);
        }
    }

    // Info series themselves are left as they are.
    private bool IsInfo(SeriesRow row)
    {
        ReadOnlySpan<byte> name = PackedLabels.Get(row.Labels, LabelNames.MetricName);
        foreach (Matcher matcher in nameMatchers)
        {
            if (!matcher.Matches(name))
                return false;
        }

        return true;
    }

    private void PassOn(SeriesRow row)
    {
        SeriesRow result = Find(row.Labels, row.DropName);
        foreach (int step in StepBits.Walk(row.Present))
            Set(result, row, step);
    }

    private void Enrich(SeriesRow row, InfoIndex known)
    {
        IReadOnlyList<SeriesRow?[]> candidates = known.CandidatesFor(row.Labels);
        SeriesRow? result = null;
        int lastStep = -1;
        foreach (int step in StepBits.Walk(row.Present))
        {
            if (lastStep < 0 || !SameInfos(candidates, lastStep, step))
                result = FindEnriched(row, candidates, step);
            lastStep = step;
            if (result is not null)
                Set(result, row, step);
        }
    }

    private static bool SameInfos(IReadOnlyList<SeriesRow?[]> candidates, int step, int other)
    {
        foreach (SeriesRow?[] bySteps in candidates)
        {
            if (!ReferenceEquals(bySteps[step], bySteps[other]))
                return false;
        }

        return true;
    }

    // Null if no info series matches, although the matchers of labels demand one.
    private SeriesRow? FindEnriched(SeriesRow row, IReadOnlyList<SeriesRow?[]> candidates, int step)
    {
        _builder.Clear();
        bool any = false;
        foreach (SeriesRow?[] bySteps in candidates)
        {
            if (bySteps[step] is not { } matched)
                continue;
            any = true;
            foreach (Label label in new LabelEnumerator(matched.Labels))
                AddLabel(row, label);
        }

        if (!any && dataMatchers.Any(static matcher => !matcher.MatchesEmpty))
            return null;
        foreach (Label label in new LabelEnumerator(row.Labels))
            _builder.Set(label.Name, label.Value);
        return Find(_builder.Pack(), row.DropName);
    }

    private void AddLabel(SeriesRow row, Label label)
    {
        if (label.Name.SequenceEqual(LabelNames.MetricName) || !IsWanted(label.Name))
            return;
        ReadOnlySpan<byte> other = _builder.Get(label.Name);
        if (!other.IsEmpty && !other.SequenceEqual(label.Value))
            throw new PromQlException($"conflicting label: {label.NameText}");
        if (PackedLabels.Get(row.Labels, label.Name).IsEmpty)
            _builder.Set(label.Name, label.Value);
    }

    private bool IsWanted(ReadOnlySpan<byte> name)
    {
        foreach (Matcher matcher in dataMatchers)
        {
            if (matcher.NameUtf8.SequenceEqual(name))
                return true;
        }

        return dataMatchers.Count == 0;
    }

    private SeriesRow Find(ReadOnlySpan<byte> labels, bool dropName)
    {
        int number = _index.GetOrAdd(labels);
        if (number == _results.Count)
        {
            SeriesRow result = Rows.Rent();
            result.SetLabels(labels);
            result.DropName = dropName;
            _results.Add(result);
        }

        return _results[number];
    }

    private static void Set(SeriesRow result, SeriesRow row, int step)
    {
        if (StepBits.Has(result.Present, step))
            throw PromQlException.SameLabels();
        result.CopySample(row, step);
    }
}
