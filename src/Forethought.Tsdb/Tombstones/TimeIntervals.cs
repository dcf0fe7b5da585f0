using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Tombstones;

/// <summary>Ranges of times, ascending, with at least one time between any two: what touches is joined. Not thread-safe.</summary>
internal sealed class TimeIntervals
{
    private readonly List<TimeInterval> _intervals = [];

    public int Count => _intervals.Count;

    /// <summary>The ranges, valid until the next change.</summary>
    public ReadOnlySpan<TimeInterval> Span => CollectionsMarshal.AsSpan(_intervals);

    /// <summary>Adds a range; one that ends before it begins counts as the times that its ends name.</summary>
    public void Add(TimeInterval added)
    {
        // Times are whole: ranges touch when one begins right behind the other's end. Ends of the number range have no neighbours.
        long before = added.MinTimeMs == long.MinValue ? long.MinValue : added.MinTimeMs - 1;
        long behind = added.MaxTimeMs == long.MaxValue ? long.MaxValue : added.MaxTimeMs + 1;
        int first = FirstEndingFrom(before);
        int end = first;
        while (end < _intervals.Count && _intervals[end].MinTimeMs <= behind)
            end++;
        if (end > first)
        {
            long min = Math.Min(added.MinTimeMs, _intervals[first].MinTimeMs);
            long max = Math.Max(added.MaxTimeMs, _intervals[end - 1].MaxTimeMs);
            added = new TimeInterval(min, max);
        }

        _intervals.RemoveRange(first, end - first);
        _intervals.Insert(first, added);
    }

    public void AddRange(ReadOnlySpan<TimeInterval> added)
    {
        foreach (TimeInterval interval in added)
            Add(interval);
    }

    public void Clear() => _intervals.Clear();

    private int FirstEndingFrom(long timeMs)
    {
        int low = 0, high = _intervals.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_intervals[middle].MaxTimeMs < timeMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Whether one of some ranges holds all times from one to another.</summary>
    public static bool Cover(ReadOnlySpan<TimeInterval> intervals, long minTimeMs, long maxTimeMs)
    {
        foreach (TimeInterval interval in intervals)
        {
            if (interval.Contains(minTimeMs, maxTimeMs))
                return true;
        }

        return false;
    }

    /// <summary>Whether any of some ranges holds any time from one to another.</summary>
    public static bool Touch(ReadOnlySpan<TimeInterval> intervals, long minTimeMs, long maxTimeMs)
    {
        foreach (TimeInterval interval in intervals)
        {
            if (interval.Overlaps(minTimeMs, maxTimeMs))
                return true;
        }

        return false;
    }
}
