using Forethought.Model;
using Forethought.Tsdb.Head;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Index;

/// <summary>
/// Finds the series that all matchers of a query accept: equality by intersecting postings; whatever is wide
/// (regular expressions, negations) last, on the series already found where those are few, by postings of the accepted values
/// otherwise. For one query and one thread, which keeps an epoch pinned.
/// </summary>
internal sealed class SeriesSelector(HeadIndex index)
{
    /// <summary>A wide matcher looks at series one by one when they are fewer than this many times the values of its label.</summary>
    private const int SeriesPerValue = 4;

    private readonly List<ulong> _references = [];

    /// <summary>The references of the series that all matchers accept, ascending; without matchers all series.</summary>
    public List<ulong> Select(IReadOnlyList<Matcher> matchers)
    {
        _references.Clear();
        var wide = new List<Matcher>();
        var lists = new List<PostingsList>();
        if (!SplitOff(matchers, lists, wide))
            return _references;
        if (lists.Count > 0)
            new PostingsIntersection(lists).CopyTo(_references);
        else
            StartWithout(wide);
        foreach (Matcher matcher in wide)
            Filter(matcher);
        return _references;
    }

    // Snapshots the lists of equality matchers; false when one of them matches nothing.
    private bool SplitOff(IReadOnlyList<Matcher> matchers, List<PostingsList> lists, List<Matcher> wide)
    {
        lock (index.Lock)
        {
            foreach (Matcher matcher in matchers)
            {
                if (matcher.Type != MatchType.Equal || matcher.ValueUtf8.IsEmpty)
                {
                    wide.Add(matcher);
                    continue;
                }

                if (!index.Pairs.TryFind(matcher.NameUtf8, matcher.ValueUtf8, out uint pair))
                    return false;
                lists.Add(index.Postings.Snapshot(pair));
            }
        }

        return true;
    }

    // Without an equality matcher the first one that demands a value gives the series to begin with; else all series do.
    private void StartWithout(List<Matcher> wide)
    {
        int first = wide.FindIndex(matcher => !matcher.MatchesEmpty);
        if (first < 0)
        {
            PostingsList all;
            lock (index.Lock)
                all = index.Postings.SnapshotAll();
            new PostingsIntersection([all]).CopyTo(_references);
            return;
        }

        Union(wide[first], isAccepted: true).CopyTo(_references);
        wide.RemoveAt(first);
    }

    private void Filter(Matcher matcher)
    {
        if (_references.Count == 0)
            return;
        uint name;
        int values;
        lock (index.Lock)
        {
            LabelName? found = index.Pairs.FindName(matcher.NameUtf8);
            if (found is null)
            {
                if (!matcher.MatchesEmpty)
                    _references.Clear();
                return;
            }

            name = found.Id;
            values = found.Count;
        }

        if (_references.Count < (long)values * SeriesPerValue)
            FilterBySeries(new PairMemo(index.Pairs, matcher, name));
        else
            FilterByPostings(matcher);
    }

    private void FilterBySeries(PairMemo memo)
    {
        _references.RemoveAll(reference =>
            !index.References.TryGet(reference, out uint slot) || !memo.Accepts(index.Series.Entry(slot).PairSpan));
    }

    // A matcher that accepts absence keeps what is not among the refused values; any other keeps what is among the accepted.
    private void FilterByPostings(Matcher matcher)
    {
        bool acceptsAbsence = matcher.MatchesEmpty;
        ReferenceBitmap union = Union(matcher, isAccepted: !acceptsAbsence);
        _references.RemoveAll(reference => union.Contains(reference) == acceptsAbsence);
    }

    // The series whose value of the matcher's label is accepted, or those whose value is refused.
    private ReferenceBitmap Union(Matcher matcher, bool isAccepted)
    {
        var union = new ReferenceBitmap();
        foreach (uint pair in Candidates(matcher, isAccepted))
        {
            if (matcher.Matches(index.Pairs[pair].ValueBytes) != isAccepted)
                continue;
            PostingsList list;
            lock (index.Lock)
                list = index.Postings.Snapshot(pair);
            union.Add(list);
        }

        return union;
    }

    // An alternation of literals names its values; anything else has to be tried on all of them.
    private uint[] Candidates(Matcher matcher, bool isAccepted)
    {
        lock (index.Lock)
        {
            if (isAccepted && matcher.Type == MatchType.RegexMatch && matcher.Regex!.SetMatches is { Count: > 0 } literals)
                return FindLiterals(matcher, literals);
            return index.Pairs.FindName(matcher.NameUtf8) is { } name ? name.Pairs.ToArray() : [];
        }
    }

    private uint[] FindLiterals(Matcher matcher, IReadOnlyList<string> literals)
    {
        var found = new List<uint>(literals.Count);
        foreach (string literal in literals)
        {
            if (index.Pairs.TryFind(matcher.NameUtf8, System.Text.Encoding.UTF8.GetBytes(literal), out uint pair))
                found.Add(pair);
        }

        return [.. found];
    }
}
