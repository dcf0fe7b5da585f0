using Forethought.Tsdb.Index;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The series of the head at one moment in the order of their labels, and the strings that their labels consist of. Comparing
/// labels by rank instead of by bytes makes sorting a million series cheap. The caller keeps an epoch pinned.
/// </summary>
internal sealed class SortedSeries
{
    private readonly HeadIndex _index;
    private readonly uint[] _slots;
    private readonly uint[] _pairs;

    private SortedSeries(HeadIndex index, uint[] slots, uint[] pairs)
    {
        _index = index;
        _slots = slots;
        _pairs = pairs;
    }

    /// <summary>Slots of the series, in label order.</summary>
    public ReadOnlySpan<uint> Slots => _slots;

    /// <summary>Takes all series that the head has now.</summary>
    public static SortedSeries Of(HeadIndex index)
    {
        uint[] slots, pairs;
        LabelName[] names;
        int pairNumbers;
        lock (index.Lock)
        {
            slots = LiveSlots(index);
            names = [.. index.Pairs.Names];
            pairs = [.. names.SelectMany(name => name.Pairs.ToArray())];
            pairNumbers = checked((int)index.Pairs.Length);
        }

        pairs.AsSpan().Sort(new PairOrder(index.Pairs));
        var ranks = new uint[pairNumbers];
        for (uint rank = 0; rank < pairs.Length; rank++)
            ranks[pairs[rank]] = rank;
        slots.AsSpan().Sort(new RankOrder(index.Series, ranks));
        return new SortedSeries(index, slots, pairs);
    }

    /// <summary>
    /// Every name and every value, sorted by bytes, each once; before them the empty text, which upstream's head has among its symbols.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols()
    {
        var symbols = new List<ReadOnlyMemory<byte>> { ReadOnlyMemory<byte>.Empty };
        LabelName? name = null;
        foreach (uint pair in _pairs)
        {
            if (_index.Pairs.NameOf(pair) != name)
                symbols.Add((name = _index.Pairs.NameOf(pair)).Utf8);
            symbols.Add(_index.Pairs[pair].ValueBytes.ToArray());
        }

        symbols.Sort(static (a, b) => a.Span.SequenceCompareTo(b.Span));
        return Distinct(symbols);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Distinct(List<ReadOnlyMemory<byte>> sorted)
    {
        for (int i = 0; i < sorted.Count; i++)
        {
            if (i == 0 || !sorted[i].Span.SequenceEqual(sorted[i - 1].Span))
                yield return sorted[i];
        }
    }

    // Free slots have no reference. A collected series keeps its slot until nobody reads it any more, but its labels may be gone from the
    // index already: there is no place for it in the order.
    private static uint[] LiveSlots(HeadIndex index)
    {
        SeriesTable series = index.Series;
        var slots = new uint[series.Length];
        int count = 0;
        for (uint slot = 0; slot < slots.Length; slot++)
        {
            if (series.Entry(slot).Reference is var reference and not 0 && index.References.TryGet(reference, out uint found) && found == slot)
                slots[count++] = slot;
        }

        return slots[..count];
    }

    private readonly struct PairOrder(LabelPairTable pairs) : IComparer<uint>
    {
        public int Compare(uint x, uint y) => pairs.Compare([x], [y]);
    }

    private readonly struct RankOrder(SeriesTable series, uint[] ranks) : IComparer<uint>
    {
        public int Compare(uint x, uint y)
        {
            ReadOnlySpan<uint> left = series.Entry(x).PairSpan, right = series.Entry(y).PairSpan;
            int common = Math.Min(left.Length, right.Length);
            for (int i = 0; i < common; i++)
            {
                if (left[i] != right[i])
                    return ranks[left[i]].CompareTo(ranks[right[i]]);
            }

            return left.Length.CompareTo(right.Length);
        }
    }
}
