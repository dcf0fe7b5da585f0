using Forethought.Tsdb.Memory;
using static Forethought.Tsdb.Exemplars.ExemplarEntry;

namespace Forethought.Tsdb.Exemplars;

/// <summary>
/// The newest exemplars, as many as there is room for: a ring in the order in which they came, in which those of one series are
/// linked in order of time. Keeps what it is given without looking at it. Not thread-safe.
/// </summary>
internal sealed class ExemplarBuffer : IDisposable
{
    private readonly LabelHeap _labels;
    private readonly ExemplarSeriesTable _series;

    // Grows with what comes until it has the ring's capacity; only then does the ring begin to turn.
    private ExemplarEntry[] _entries = [];
    private int _next;

    /// <summary>Makes an empty ring.</summary>
    public ExemplarBuffer(NativeAllocator allocator, int capacity)
    {
        Capacity = capacity;
        _labels = new LabelHeap(allocator);
        _series = new ExemplarSeriesTable(_labels);
    }

    /// <summary>The most exemplars.</summary>
    public int Capacity { get; }

    /// <summary>Exemplars in the ring.</summary>
    public int Count { get; private set; }

    /// <summary>Series that have exemplars.</summary>
    public int SeriesCount => _series.Count;

    /// <summary>By number; those without exemplars are no series any more.</summary>
    public ReadOnlySpan<ExemplarSeriesEntry> Series => _series.Entries;

    /// <summary>The exemplar that came first of those that are left; there must be one.</summary>
    public ref readonly ExemplarEntry First => ref _entries[Count == Capacity ? _next : 0];

    public ref readonly ExemplarEntry this[int place] => ref _entries[place];

    /// <summary>The number of a series, or <see cref="None"/>.</summary>
    public int FindSeries(ReadOnlySpan<byte> packed, ulong hash) => _series.Find(packed, hash);

    /// <summary>The last exemplar of a series that is not newer than a time, or <see cref="None"/>.</summary>
    public int FindLastUpTo(int series, long timeMs)
    {
        // What comes out of order is most often near the newest.
        int place = _series[series].Newest;
        while (place != None && _entries[place].TimeMs > timeMs)
            place = _entries[place].Previous;
        return place;
    }

    /// <summary>Adds an exemplar behind those of its series that are not newer, in the place of the first of all if the ring is full.</summary>
    public void Add(ReadOnlySpan<byte> seriesLabels, ulong seriesHash, ExemplarData exemplar)
    {
        int series = _series.Find(seriesLabels, seriesHash);
        if (Count == Capacity)
            Evict(_next, keptSeries: series);
        else if (_next == _entries.Length)
            Array.Resize(ref _entries, Math.Min(Capacity, Math.Max(256, 2 * _entries.Length)));
        if (series == None)
            series = _series.Add(seriesLabels, seriesHash);
        _entries[_next] = new ExemplarEntry
        {
            TimeMs = exemplar.TimeMs,
            Value = exemplar.Value,
            HasTime = exemplar.HasTime,
            LabelsAddress = _labels.Store(exemplar.PackedLabels),
            LabelsLength = checked((ushort)exemplar.PackedLabels.Length),
            Series = series,
        };
        Link(_next, series);
        _next = _next + 1 == Capacity ? 0 : _next + 1;
        Count++;
    }

    /// <summary>Copies the exemplars that came last into another ring, as many as that has room for.</summary>
    public void CopyTo(ExemplarBuffer target)
    {
        int first = Count == Capacity ? _next : 0;
        for (int i = Math.Max(0, Count - target.Capacity); i < Count; i++)
        {
            ref readonly ExemplarEntry entry = ref _entries[(int)((first + (long)i) % Capacity)];
            ref readonly ExemplarSeriesEntry series = ref _series[entry.Series];
            target.Add(series.PackedLabels, series.Hash, new ExemplarData(entry.PackedLabels, entry.Value, entry.TimeMs, entry.HasTime));
        }
    }

    /// <summary>Shows all exemplars in the order in which they came.</summary>
    public void VisitInOrder(ExemplarVisitor visit)
    {
        int first = Count == Capacity ? _next : 0;
        for (int i = 0; i < Count; i++)
        {
            ref readonly ExemplarEntry entry = ref _entries[(int)((first + (long)i) % Capacity)];
            visit(in _series[entry.Series], in entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Long labels are not in the heap's pages, which alone go with it.
        foreach (ref readonly ExemplarEntry entry in _entries.AsSpan(0, Count))
            _labels.Free(entry.LabelsAddress, entry.LabelsLength);
        foreach (ref readonly ExemplarSeriesEntry series in _series.Entries)
        {
            if (!series.IsEmpty)
                _labels.Free(series.LabelsAddress, series.LabelsLength);
        }

        _series.Clear();
        _labels.Dispose();
        Count = 0;
    }

    private void Link(int place, int series)
    {
        ref ExemplarSeriesEntry entry = ref _series[series];
        int previous = FindLastUpTo(series, _entries[place].TimeMs);
        int next = previous == None ? entry.Oldest : _entries[previous].Next;
        _entries[place].Previous = previous;
        _entries[place].Next = next;
        (previous == None ? ref entry.Oldest : ref _entries[previous].Next) = place;
        (next == None ? ref entry.Newest : ref _entries[next].Previous) = place;
    }

    private void Evict(int place, int keptSeries)
    {
        ref ExemplarEntry entry = ref _entries[place];
        ref ExemplarSeriesEntry series = ref _series[entry.Series];
        (entry.Previous == None ? ref series.Oldest : ref _entries[entry.Previous].Next) = entry.Next;
        (entry.Next == None ? ref series.Newest : ref _entries[entry.Next].Previous) = entry.Previous;
        _labels.Free(entry.LabelsAddress, entry.LabelsLength);
        if (series.IsEmpty && entry.Series != keptSeries)
            _series.Remove(entry.Series);
        Count--;
    }
}
