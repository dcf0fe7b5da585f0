using Forethought.Tsdb.Index;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The series of the head at one moment in the order of their labels, and the strings that their labels consist of. Comparing
/// labels by rank instead of by bytes makes sorting a million series cheap. The caller keeps an epoch pinned.
/// </summary>
internal sealed class SortedSeries
{
    private readonly LabelPairTable _table;
    private readonly uint[] _slots;
    private readonly int _count;
    private readonly LabelName[] _names;
    private readonly uint[] _pairs;

    private SortedSeries(LabelPairTable table, uint[] slots, int count, LabelName[] names, uint[] pairs)
    {
        _table = table;
        _slots = slots;
        _count = count;
        _names = names;
        _pairs = pairs;
    }

    /// <summary>Slots of the series, in label order.</summary>
    public ReadOnlySpan<uint> Slots => _slots.AsSpan(0, _count);

    /// <summary>Takes all series that the head has now.</summary>
    public static SortedSeries Of(HeadIndex index)
    {
        uint[] slots, pairs;
        LabelName[] names;
        int count, pairNumbers;
        lock (index.Lock)
        {
            slots = LiveSlots(index, out count);
            names = [.. index.Pairs.Names.Where(name => name.Count > 0)];
            pairs = PairsOf(names);
            pairNumbers = checked((int)index.Pairs.Length);
        }

        return Sort(index, slots, count, names, pairs, pairNumbers);
    }

    /// <summary>Takes some series, which stay in the head meanwhile.</summary>
    public static SortedSeries Of(HeadIndex index, IReadOnlyCollection<uint> slots)
    {
        var pairs = new HashSet<uint>();
        foreach (uint slot in slots)
        {
            foreach (uint pair in index.Series.Entry(slot).PairSpan)
                pairs.Add(pair);
        }

        LabelName[] names = [.. pairs.Select(index.Pairs.NameOf).Distinct()];
        int pairNumbers;
        lock (index.Lock)
            pairNumbers = checked((int)index.Pairs.Length);
        return Sort(index, [.. slots], slots.Count, names, [.. pairs], pairNumbers);
    }

    private static SortedSeries Sort(HeadIndex index, uint[] slots, int count, LabelName[] names, uint[] pairs, int pairNumbers)
    {
        names.AsSpan().Sort(static (a, b) => a.Utf8.AsSpan().SequenceCompareTo(b.Utf8));
        pairs.AsSpan().Sort(new PairOrder(index.Pairs));
        var ranks = new uint[pairNumbers];
        for (uint rank = 0; rank < pairs.Length; rank++)
            ranks[pairs[rank]] = rank;
        slots.AsSpan(0, count).Sort(new RankOrder(index.Series, ranks));
        return new SortedSeries(index.Pairs, slots, count, names, pairs);
    }

    /// <summary>
    /// Every name and every value, sorted by bytes, each once; before them the empty text, which upstream's head has among its symbols.
    /// A text is valid until the walk moves on: they are merged out of the names and the values of each name, and none is kept.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols()
    {
        byte[] text = new byte[256];
        int length = 0;
        yield return ReadOnlyMemory<byte>.Empty;
        PriorityQueue<int, int> runs = BeginRuns();
        while (runs.TryDequeue(out int end, out int place))
        {
            if (!TextAt(place).SequenceEqual(text.AsSpan(0, length)))
            {
                length = CopyText(place, ref text);
                yield return text.AsMemory(0, length);
            }

            if (++place < end)
                runs.Enqueue(end, place);
        }
    }

    // Texts are counted through, first the names and then the pairs. Each run of ascending ones waits under the place of its next text.
    private PriorityQueue<int, int> BeginRuns()
    {
        var runs = new PriorityQueue<int, int>(Comparer<int>.Create((x, y) => TextAt(x).SequenceCompareTo(TextAt(y))));
        if (_names.Length > 0)
            runs.Enqueue(_names.Length, 0);
        for (int begin = 0, end; begin < _pairs.Length; begin = end)
        {
            uint name = _table[_pairs[begin]].Name;
            for (end = begin + 1; end < _pairs.Length && _table[_pairs[end]].Name == name;)
                end++;
            runs.Enqueue(_names.Length + end, _names.Length + begin);
        }

        return runs;
    }

    private ReadOnlySpan<byte> TextAt(int place) =>
        place < _names.Length ? _names[place].Utf8 : _table[_pairs[place - _names.Length]].ValueBytes;

    private int CopyText(int place, ref byte[] buffer)
    {
        ReadOnlySpan<byte> text = TextAt(place);
        if (buffer.Length < text.Length)
            buffer = new byte[text.Length * 2];
        text.CopyTo(buffer);
        return text.Length;
    }

    private static uint[] PairsOf(LabelName[] names)
    {
        uint[] pairs = new uint[names.Sum(name => name.Count)];
        int count = 0;
        foreach (LabelName name in names)
        {
            name.Pairs.CopyTo(pairs.AsSpan(count));
            count += name.Count;
        }

        return pairs;
    }

    // Free slots have no reference. A collected series keeps its slot until nobody reads it any more, but its labels may be gone from the
    // index already: there is no place for it in the order.
    private static uint[] LiveSlots(HeadIndex index, out int count)
    {
        SeriesTable series = index.Series;
        var slots = new uint[series.Length];
        count = 0;
        for (uint slot = 0; slot < slots.Length; slot++)
        {
            if (series.Entry(slot).Reference is var reference and not 0 && index.References.TryGet(reference, out uint found) && found == slot)
                slots[count++] = slot;
        }

        return slots;
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
