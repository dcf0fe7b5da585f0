using System.Runtime.Intrinsics;

namespace Forethought.PromQL.Execution;

/// <summary>The series that a join has made so far, by labels, and which steps of each signature have been matched.</summary>
internal sealed class JoinResults(RowPool rows, bool oneToOne, bool dropName)
{
    private readonly LabelIndex _index = new();
    private readonly List<SeriesRow> _series = [];

    private readonly Dictionary<(int Series, int Signature), ulong[]> _matchedBySeries = [];
    private readonly Dictionary<int, ulong[]> _matched = [];

    public int Count => _series.Count;

    /// <summary>Hands out a row, which then belongs to the caller.</summary>
    public SeriesRow Take(int number) => _series[number];

    /// <summary>The steps at which a signature has been matched.</summary>
    public ulong[] MatchedOf(int signature)
    {
        if (!_matched.TryGetValue(signature, out ulong[]? steps))
            _matched.Add(signature, steps = NewBits());
        return steps;
    }

    /// <summary>Adds the results of one pair.</summary>
    /// <exception cref="PromQlException">The pair is not the only one for its signature, or its labels are taken.</exception>
    public void Add(int signature, ReadOnlySpan<byte> labels, JoinArithmetic pair)
    {
        int number = _index.GetOrAdd(labels);
        if (number == _series.Count)
        {
            SeriesRow row = rows.Rent();
            row.SetLabels(labels);
            row.DropName = dropName;
            _series.Add(row);
        }

        Claim(number, signature, pair.Matched);
        SeriesRow target = _series[number];
        if (StepBits.Overlap(target.Present, pair.Kept))
            throw PromQlException.SameLabels();
        for (int s = 0; s < target.Values.Length; s += 8)
        {
            Vector512<double> kept = StepBits.Lanes(pair.Kept, s);
            Vector512.ConditionalSelect(kept, Vector512.Create(pair.Values, s), Vector512.Create(target.Values, s)).CopyTo(target.Values, s);
        }

        StepBits.Or(target.Present, pair.Kept);
        if (pair.Histograms is null)
            return;
        foreach (int step in StepBits.Walk(pair.Kept))
        {
            if (pair.Histograms[step] is { } histogram)
                target.SetHistogram(step, histogram);
        }
    }

    private void Claim(int number, int signature, ulong[] matched)
    {
        ulong[] steps = MatchedOf(signature);
        if (oneToOne)
        {
            if (StepBits.Overlap(steps, matched))
                throw new PromQlException("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
        }
        else
        {
            if (!_matchedBySeries.TryGetValue((number, signature), out ulong[]? ofSeries))
                _matchedBySeries.Add((number, signature), ofSeries = NewBits());
            if (StepBits.Overlap(ofSeries, matched))
                throw new PromQlException("multiple matches for labels: grouping labels must ensure unique matches");
            StepBits.Or(ofSeries, matched);
        }

        StepBits.Or(steps, matched);
    }

    private ulong[] NewBits() => new ulong[StepBits.Words(SeriesRow.PaddedLength(rows.Grid.Count))];
}
