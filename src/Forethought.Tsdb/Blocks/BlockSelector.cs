using Forethought.Model;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// Finds the series of a block that all matchers accept: equality by intersecting postings, smallest first; whatever is wide (regular
/// expressions, negations) last, on the series already found where those are few, by postings of the accepted values otherwise. For
/// one query and one thread.
/// </summary>
internal sealed class BlockSelector(BlockIndex index)
{
    /// <summary>A wide matcher looks at series one by one when they are fewer than this many times the values of its label.</summary>
    private const int SeriesPerValue = 4;

    private readonly List<uint> _references = [];

    /// <summary>Values and series that wide matchers were asked about or that were read for them: what an answer cost.</summary>
    public long Work { get; private set; }

    /// <summary>Whether a selection of these may have to look at more than the postings of given label pairs.</summary>
    public static bool IsWide(IReadOnlyList<Matcher> matchers)
    {
        foreach (Matcher matcher in matchers)
        {
            if (!IsNarrow(matcher))
                return true;
        }

        return false;
    }

    /// <summary>The references of the series that all matchers accept, ascending; without matchers all series.</summary>
    /// <exception cref="TsdbCorruptionException">The index is damaged.</exception>
    public List<uint> Select(IReadOnlyList<Matcher> matchers)
    {
        _references.Clear();
        var wide = new List<Matcher>();
        var lists = new List<PostingsPlace>();
        if (!SplitOff(matchers, lists, wide))
            return _references;
        if (lists.Count > 0)
            Intersect(lists);
        else
            StartWithout(wide);
        foreach (Matcher matcher in wide)
            Filter(matcher);
        return _references;
    }

    private static bool IsNarrow(Matcher matcher) => matcher.Type == MatchType.Equal && !matcher.ValueUtf8.IsEmpty;

    // Finds the lists of equality matchers; false when one of them matches nothing.
    private bool SplitOff(IReadOnlyList<Matcher> matchers, List<PostingsPlace> lists, List<Matcher> wide)
    {
        foreach (Matcher matcher in matchers)
        {
            if (!IsNarrow(matcher))
            {
                wide.Add(matcher);
                continue;
            }

            if (FindName(matcher) is not (var name and >= 0) || !index.Pairs.TryFind(name, matcher.ValueUtf8, out long offset))
                return false;
            lists.Add(index.Locate(offset));
        }

        return true;
    }

    private void Intersect(List<PostingsPlace> lists)
    {
        lists.Sort((a, b) => a.Count.CompareTo(b.Count));
        Collect(index.Read(lists[0]));
        for (int i = 1; i < lists.Count; i++)
        {
            BlockPostings postings = index.Read(lists[i]);
            int at = 0;
            int kept = 0;
            for (int j = 0; j < _references.Count && at < postings.Count; j++)
            {
                at = postings.Seek(at, _references[j]);
                if (at < postings.Count && postings[at] == _references[j])
                    _references[kept++] = _references[j];
            }

            _references.RemoveRange(kept, _references.Count - kept);
        }
    }

    // Without an equality matcher the first one that demands a value gives the series to begin with; else all series do.
    private void StartWithout(List<Matcher> wide)
    {
        int first = wide.FindIndex(matcher => !matcher.MatchesEmpty);
        if (first < 0)
        {
            Collect(index.AllPostings());
            return;
        }

        Union(wide[first], isAccepted: true).CopyTo(_references);
        wide.RemoveAt(first);
    }

    private void Filter(Matcher matcher)
    {
        if (_references.Count == 0)
            return;
        int name = FindName(matcher);
        if (name < 0)
        {
            if (!matcher.MatchesEmpty)
                _references.Clear();
            return;
        }

        bool areFew = _references.Count < (long)index.Pairs.ValueCount(name) * SeriesPerValue;
        if (areFew && index.Symbols.TryFind(matcher.NameUtf8, out uint symbol))
            FilterBySeries(matcher, symbol);
        else
            FilterByPostings(matcher);
    }

    // Runs the matcher once per distinct value.
    private void FilterBySeries(Matcher matcher, uint name)
    {
        bool acceptsAbsence = matcher.MatchesEmpty;
        var accepted = new Dictionary<uint, bool>();
        Work += _references.Count;
        _references.RemoveAll(reference =>
        {
            if (!index.TryFindValue(reference, name, out uint value))
                return !acceptsAbsence;
            if (!accepted.TryGetValue(value, out bool isAccepted))
                accepted.Add(value, isAccepted = matcher.Matches(index.Symbols[value]));
            return !isAccepted;
        });
    }

    // A matcher that accepts absence keeps what is not among the refused values; any other keeps what is among the accepted.
    private void FilterByPostings(Matcher matcher)
    {
        bool acceptsAbsence = matcher.MatchesEmpty;
        ReferenceSet union = Union(matcher, isAccepted: !acceptsAbsence);
        _references.RemoveAll(reference => union.Contains(reference) == acceptsAbsence);
    }

    // The series whose value of the matcher's label is accepted, or those whose value is refused.
    private ReferenceSet Union(Matcher matcher, bool isAccepted)
    {
        var union = new ReferenceSet(index);
        int name = FindName(matcher);
        if (name < 0)
            return union;
        if (isAccepted && matcher is { Type: MatchType.RegexMatch, Regex.SetMatches: { Count: > 0 } literals })
        {
            Work += literals.Count;
            foreach (string literal in literals)
            {
                if (index.Pairs.TryFind(name, System.Text.Encoding.UTF8.GetBytes(literal), out long offset))
                    union.Add(index.PostingsAt(offset));
            }

            return union;
        }

        string? begin = isAccepted && matcher.Type == MatchType.RegexMatch ? matcher.Regex!.Prefix : null;
        byte[] prefix = begin is null ? [] : System.Text.Encoding.UTF8.GetBytes(begin);
        AddAccepted(union, matcher, isAccepted, index.Pairs.ValuesFrom(name, prefix), prefix);
        return union;
    }

    // Every accepted value begins with the prefix; values come in order.
    private void AddAccepted(
        ReferenceSet union, Matcher matcher, bool isAccepted, PostingsTable.ValueCursor values, ReadOnlySpan<byte> prefix)
    {
        while (values.MoveNext())
        {
            Work++;
            if (!values.Value.StartsWith(prefix))
            {
                if (values.Value.SequenceCompareTo(prefix) > 0)
                    return;
                continue;
            }

            if (matcher.Matches(values.Value) == isAccepted)
                union.Add(index.PostingsAt(values.PostingsOffset));
        }
    }

    // The empty name stands for all series in the index; as a label it is on none.
    private int FindName(Matcher matcher) => matcher.NameUtf8.IsEmpty ? -1 : index.Pairs.Find(matcher.NameUtf8);

    private void Collect(BlockPostings postings)
    {
        _references.EnsureCapacity(postings.Count);
        for (int i = 0; i < postings.Count; i++)
            _references.Add(postings[i]);
    }
}
