namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Numbers of sources, the one with the earliest time first. A binary heap that sifts as the Go library's does, because in which
/// order equal times leave it decides which of two samples is kept: the same blocks shall compact to the same samples as upstream.
/// Not thread-safe.
/// </summary>
internal sealed class TimeHeap
{
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>The earliest time, in milliseconds; there must be one.</summary>
    public long TopMs => _entries[0].TimeMs;

    public void Clear() => _entries.Clear();

    /// <summary>Adds a source.</summary>
    /// <param name="source">Its number.</param>
    /// <param name="timeMs">What it is ordered by.</param>
    /// <param name="endMs">What it is ordered by among those of the same time.</param>
    public void Push(int source, long timeMs, long endMs)
    {
        int child = _entries.Count;
        _entries.Add(new Entry(timeMs, endMs, source));
        while (child > 0)
        {
            int parent = (child - 1) / 2;
            if (!_entries[child].IsBefore(_entries[parent]))
                return;
            Swap(child, parent);
            child = parent;
        }
    }

    /// <summary>Takes the source with the earliest time; there must be one.</summary>
    public int Pop()
    {
        int last = _entries.Count - 1;
        Swap(0, last);
        int source = _entries[last].Source;
        _entries.RemoveAt(last);
        for (int parent = 0; ;)
        {
            int child = 2 * parent + 1;
            if (child >= last)
                return source;
            if (child + 1 < last && _entries[child + 1].IsBefore(_entries[child]))
                child++;
            if (!_entries[child].IsBefore(_entries[parent]))
                return source;
            Swap(parent, child);
            parent = child;
        }
    }

    private void Swap(int left, int right) => (_entries[left], _entries[right]) = (_entries[right], _entries[left]);

    private readonly record struct Entry(long TimeMs, long EndMs, int Source)
    {
        public bool IsBefore(Entry other) => TimeMs == other.TimeMs ? EndMs < other.EndMs : TimeMs < other.TimeMs;
    }
}
