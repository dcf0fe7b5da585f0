using System.Runtime.InteropServices;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.OutOfOrder;

namespace Forethought.Tsdb.Head;

/// <summary>
/// A view on the head: the transactions published when it was opened, and nothing that was truncated is freed while it is open.
/// </summary>
internal sealed class HeadQuerier : IQuerier
{
    private readonly HeadState _head;
    private readonly EpochPin _pin;
    private readonly LinkedListNode<OpenRead> _read;
    private readonly OutOfOrderGeneration[] _outOfOrder;
    private bool _isDisposed;

    /// <summary>Opens the view.</summary>
    public HeadQuerier(HeadState head, long minTimeMs, long maxTimeMs)
    {
        _head = head;
        _pin = head.Epochs.Pin();
        _read = head.Isolation.OpenRead(minTimeMs, maxTimeMs);
        _outOfOrder = head.OutOfOrder.Generations;
    }

    private bool IsOutside =>
        (_read.Value.MaxTimeMs < _head.Bounds.MinTimeMs || _read.Value.MinTimeMs > _head.Bounds.MaxTimeMs) && !HasOutOfOrder;

    private bool HasOutOfOrder => Array.Exists(
        _outOfOrder, generation => generation.Overlaps(_read.Value.MinTimeMs, _read.Value.MaxTimeMs));

    /// <inheritdoc/>
    public ValueTask<ISeriesSet> SelectAsync(
        SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        uint[] slots = IsOutside ? [] : FindSlots(matchers);
        if (hints.SortSeries)
            slots.AsSpan().Sort(new LabelOrder(_head.Index));
        OutOfOrderReader? outOfOrder = HasOutOfOrder
            ? new OutOfOrderReader(_head, _outOfOrder, _read.Value.MinTimeMs, _read.Value.MaxTimeMs)
            : null;
        // Late samples are merged with those of chunks.
        var reader = new SeriesReader(_head, _read.Value)
        {
            NewestUntilMs = hints.NewestOnly && outOfOrder is null ? Math.Min(hints.EndMs, _read.Value.MaxTimeMs) : null,
        };
        return ValueTask.FromResult<ISeriesSet>(new HeadSeriesSet(_head, reader, outOfOrder, slots, hints));
    }

    /// <inheritdoc/>
    public ValueTask<LabelQueryResult> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var names = new HashSet<LabelName>();
        if (!IsOutside)
            CollectNames(matchers, names);
        return ValueTask.FromResult(Sorted(names.Select(name => name.Utf8), limit));
    }

    /// <inheritdoc/>
    public ValueTask<LabelQueryResult> LabelValuesAsync(
        string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        IReadOnlyCollection<uint> pairs = IsOutside ? [] : CollectValues(System.Text.Encoding.UTF8.GetBytes(name), matchers);
        // As upstream, the limit takes the values in the order of their appearance; only those are sorted.
        bool isTruncated = limit > 0 && pairs.Count > limit;
        IEnumerable<uint> taken = isTruncated ? pairs.Take(limit) : pairs;
        LabelQueryResult sorted = Sorted(taken.Select(pair => _head.Index.Pairs[pair].ValueBytes.ToArray()), limit: 0);
        return ValueTask.FromResult(sorted with { IsTruncated = isTruncated });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _head.Isolation.CloseRead(_read);
        _head.Epochs.Unpin(_pin);
    }

    private static LabelQueryResult Sorted(IEnumerable<byte[]> texts, int limit)
    {
        byte[][] sorted = [.. texts];
        Array.Sort(sorted, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        bool isTruncated = limit > 0 && sorted.Length > limit;
        IEnumerable<byte[]> returned = isTruncated ? sorted.Take(limit) : sorted;
        return new LabelQueryResult([.. returned.Select(System.Text.Encoding.UTF8.GetString)], isTruncated, []);
    }

    private uint[] FindSlots(IReadOnlyList<Matcher> matchers)
    {
        List<ulong> references = new SeriesSelector(_head.Index).Select(matchers);
        var slots = new uint[references.Count];
        int found = 0;
        foreach (ulong reference in CollectionsMarshal.AsSpan(references))
        {
            if (_head.Index.References.TryGet(reference, out uint slot))
                slots[found++] = slot;
        }

        return found == slots.Length ? slots : slots[..found];
    }

    private void CollectNames(IReadOnlyList<Matcher> matchers, HashSet<LabelName> names)
    {
        if (matchers.Count == 0)
        {
            lock (_head.Index.Lock)
                names.UnionWith(_head.Index.Pairs.Names.Where(name => name.Count > 0));
            return;
        }

        var seen = new HashSet<uint>();
        foreach (uint slot in FindSlots(matchers))
        {
            foreach (uint pair in _head.Index.Series.Entry(slot).PairSpan)
            {
                if (seen.Add(_head.Index.Pairs[pair].Name))
                    names.Add(_head.Index.Pairs.NameOf(pair));
            }
        }
    }

    private IReadOnlyCollection<uint> CollectValues(ReadOnlySpan<byte> name, IReadOnlyList<Matcher> matchers)
    {
        uint id;
        lock (_head.Index.Lock)
        {
            if (_head.Index.Pairs.FindName(name) is not { } found)
                return [];
            if (matchers.Count == 0)
                return found.Pairs.ToArray();
            id = found.Id;
        }

        return ValuesOn(FindSlots(matchers), id);
    }

    private HashSet<uint> ValuesOn(uint[] slots, uint name)
    {
        var values = new HashSet<uint>();
        foreach (uint slot in slots)
        {
            foreach (uint pair in _head.Index.Series.Entry(slot).PairSpan)
            {
                if (_head.Index.Pairs[pair].Name == name)
                    values.Add(pair);
            }
        }

        return values;
    }
}
