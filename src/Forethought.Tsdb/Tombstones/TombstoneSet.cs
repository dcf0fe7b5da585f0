using System.Diagnostics.CodeAnalysis;

namespace Forethought.Tsdb.Tombstones;

/// <summary>The deleted times of series, by reference. Not thread-safe while it is added to; a block publishes one that no longer is.</summary>
internal sealed class TombstoneSet
{
    private readonly SortedDictionary<ulong, TimeIntervals> _series = [];

    /// <summary>Deleted intervals, of all series together.</summary>
    public int Count { get; private set; }

    /// <summary>The series with deletions, in order of reference.</summary>
    public IEnumerable<KeyValuePair<ulong, TimeIntervals>> Series => _series;

    /// <summary>The deleted times of a series; none for most.</summary>
    public ReadOnlySpan<TimeInterval> this[ulong reference] =>
        _series.TryGetValue(reference, out TimeIntervals? intervals) ? intervals.Span : default;

    /// <summary>Looks for the deleted times of a series; false for most.</summary>
    public bool TryGet(ulong reference, [NotNullWhen(true)] out TimeIntervals? intervals) => _series.TryGetValue(reference, out intervals);

    /// <summary>Adds all of another set.</summary>
    public void AddRange(TombstoneSet other)
    {
        foreach ((ulong reference, TimeIntervals intervals) in other.Series)
        {
            foreach (TimeInterval interval in intervals.Span)
                Add(reference, interval);
        }
    }

    /// <summary>Adds deleted times to those of a series.</summary>
    public void Add(ulong reference, TimeInterval interval)
    {
        if (!_series.TryGetValue(reference, out TimeIntervals? intervals))
            _series.Add(reference, intervals = new TimeIntervals());
        Count -= intervals.Count;
        intervals.Add(interval);
        Count += intervals.Count;
    }
}
