using System.Runtime.InteropServices;

namespace Forethought.PromQL.Execution;

/// <summary>
/// Keeps the k greatest (or smallest) of the values offered, the first to be given up on top. Among equal values those that
/// stay are upstream's, because the heap moves its entries as Go's <c>container/heap</c> does.
/// </summary>
internal sealed class RankHeap(bool greatest)
{
    private readonly List<(int Index, double Value)> _entries = [];
    private int _capacity;

    /// <summary>What has been kept, in no useful order.</summary>
    public ReadOnlySpan<(int Index, double Value)> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>Starts over with room for <paramref name="capacity"/> entries.</summary>
    public void Clear(int capacity)
    {
        _entries.Clear();
        _capacity = capacity;
    }

    public void Offer(int index, double value)
    {
        if (_entries.Count < _capacity)
        {
            _entries.Add((index, value));
            MoveUp(_entries.Count - 1);
            return;
        }

        double top = _entries[0].Value;
        bool better = greatest ? top < value : top > value;
        if (!better && !(double.IsNaN(top) && !double.IsNaN(value)))
            return;
        _entries[0] = (index, value);
        MoveDown(0);
    }

    /// <summary>The indexes of what has been kept, best first, NaN last.</summary>
    public IEnumerable<int> Ranked()
    {
        IEnumerable<(int Index, double Value)> numbers = _entries.Where(static entry => !double.IsNaN(entry.Value));
        numbers = greatest ? numbers.OrderByDescending(static entry => entry.Value) : numbers.OrderBy(static entry => entry.Value);
        return numbers.Concat(_entries.Where(static entry => double.IsNaN(entry.Value))).Select(static entry => entry.Index);
    }

    private bool GivenUpBefore(int i, int j)
    {
        double x = _entries[i].Value;
        double y = _entries[j].Value;
        return double.IsNaN(x) || (greatest ? x < y : x > y);
    }

    private void MoveUp(int i)
    {
        while (i > 0)
        {
            int parent = (i - 1) / 2;
            if (!GivenUpBefore(i, parent))
                break;
            Swap(i, parent);
            i = parent;
        }
    }

    private void MoveDown(int i)
    {
        while (true)
        {
            int child = (2 * i) + 1;
            if (child >= _entries.Count)
                break;
            if (child + 1 < _entries.Count && GivenUpBefore(child + 1, child))
                child++;
            if (!GivenUpBefore(child, i))
                break;
            Swap(i, child);
            i = child;
        }
    }

    private void Swap(int i, int j) => (_entries[i], _entries[j]) = (_entries[j], _entries[i]);
}
