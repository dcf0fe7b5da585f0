using System.Runtime.CompilerServices;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// A buffer of float samples of the series of one page of slots, in the order of the log; further ones of the same page follow in
/// <see cref="Next"/>. From a <see cref="ReplayRowPool"/>.
/// </summary>
/// <remarks>Bounds: the pool made room for the capacity at the pointer, and the count never exceeds that.</remarks>
internal sealed unsafe class ReplayRows(ReplayRow* rows, int capacity)
{
    private readonly ReplayRow* _rows = rows;

    // Null until a record has brought start timestamps; 0 for none.
    private long[]? _startTimesMs;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The buffer with the samples after these; null for none.</summary>
    public ReplayRows? Next { get; set; }

    public ReadOnlySpan<ReplayRow> Rows => new(_rows, Count);

    /// <summary>Start timestamps in milliseconds, as long as <see cref="Rows"/>, or empty.</summary>
    public ReadOnlySpan<long> StartTimesMs => _startTimesMs is null ? default : _startTimesMs.AsSpan(0, Count);

    /// <summary>
    /// Adds samples of the page of the first one's slot, up to one of another page or the end of the buffer. Those without a slot
    /// are left out.
    /// </summary>
    /// <returns>How many samples were dealt with.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ReadOnlySpan<uint> slots, ReadOnlySpan<long> timesMs, ReadOnlySpan<double> values, ReadOnlySpan<long> startTimesMs)
    {
        timesMs = timesMs[..slots.Length];
        values = values[..slots.Length];
        uint page = slots[0] >> PagedArray<SeriesState>.PageShift;
        ReplayRow* row = _rows + Count;
        ReplayRow* end = _rows + capacity;
        int i = 0;
        for (; i < slots.Length && row < end; i++)
        {
            uint slot = slots[i];
            if (slot >> PagedArray<SeriesState>.PageShift == page)
            {
                row->TimeMs = timesMs[i];
                row->Value = values[i];
                row->Slot = slot;
                row++;
            }
            else if (slot != SeriesRefMap.None)
            {
                break;
            }
        }

        int added = (int)(row - _rows) - Count;
        if (!startTimesMs.IsEmpty)
            AddStartTimes(slots[..i], startTimesMs);
        else
            _startTimesMs?.AsSpan(Count, added).Clear();
        Count += added;
        return i;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Count = 0;
        Next = null;
    }

    private void AddStartTimes(ReadOnlySpan<uint> slots, ReadOnlySpan<long> startTimesMs)
    {
        _startTimesMs ??= new long[capacity];
        int row = Count;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] != SeriesRefMap.None)
                _startTimesMs[row++] = startTimesMs[i];
        }
    }
}
