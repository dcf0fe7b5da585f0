using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Blocks;

/// <summary>A view on a block, which it leases until it is disposed. Label queries see all of the block, whatever the times.</summary>
internal sealed class BlockQuerier : IQuerier
{
    private readonly Block _block;
    private readonly long _minTimeMs;
    private readonly long _maxTimeMs;
    private readonly PostingsCache? _cache;
    private bool _isDisposed;

    private BlockQuerier(Block block, long minTimeMs, long maxTimeMs, PostingsCache? cache)
    {
        _block = block;
        _cache = cache;
        _minTimeMs = minTimeMs;
        _maxTimeMs = maxTimeMs;
    }

    /// <summary>Opens a view on the samples with minTimeMs ≤ t ≤ maxTimeMs; null when the block was closed.</summary>
    /// <param name="block">The block.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive.</param>
    /// <param name="cache">Where answers to costly selections are kept, if anywhere.</param>
    public static BlockQuerier? TryOpen(Block block, long minTimeMs, long maxTimeMs, PostingsCache? cache = null) =>
        block.TryLease() ? new BlockQuerier(block, minTimeMs, maxTimeMs, cache) : null;

    /// <inheritdoc/>
    public ValueTask<ISeriesSet> SelectAsync(SelectHints hints, IReadOnlyList<Matcher> matchers, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        uint[] references = Select(matchers);

        // A query may open storage for all its selectors and need less of it for this one.
        long minTimeMs = Math.Max(_minTimeMs, hints.StartMs);
        long maxTimeMs = Math.Min(_maxTimeMs, hints.EndMs);
        return ValueTask.FromResult<ISeriesSet>(new BlockSeriesSet(_block, references, hints, minTimeMs, maxTimeMs));
    }

    /// <inheritdoc/>
    public ValueTask<LabelQueryResult> LabelNamesAsync(IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        List<byte[]> names = matchers.Count == 0 ? AllNames() : NamesOn(Select(matchers));
        return ValueTask.FromResult(Limited(names, limit));
    }

    /// <inheritdoc/>
    public ValueTask<LabelQueryResult> LabelValuesAsync(
        string name, IReadOnlyList<Matcher> matchers, int limit, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Limited(Values(System.Text.Encoding.UTF8.GetBytes(name), matchers, limit), limit));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _block.Return();
    }

    private static LabelQueryResult Limited(List<byte[]> sorted, int limit)
    {
        bool isTruncated = limit > 0 && sorted.Count > limit;
        IEnumerable<byte[]> returned = isTruncated ? sorted.Take(limit) : sorted;
        return new LabelQueryResult([.. returned.Select(System.Text.Encoding.UTF8.GetString)], isTruncated, []);
    }

    private uint[] Select(IReadOnlyList<Matcher> matchers)
    {
        try
        {
            return _cache is not null && BlockSelector.IsWide(matchers) ? SelectThrough(_cache, matchers) : [.. new BlockSelector(_block.Index).Select(matchers)];
        }
        catch (TsdbCorruptionException e)
        {
            throw e.While($"block: {_block.Meta.Ulid}");
        }
    }

    private uint[] SelectThrough(PostingsCache cache, IReadOnlyList<Matcher> matchers)
    {
        string key = PostingsCache.KeyOf(matchers);
        if (cache.TryGet(_block.Meta.Ulid, key, out uint[] references))
            return references;
        var selector = new BlockSelector(_block.Index);
        references = [.. selector.Select(matchers)];
        if (selector.Work >= PostingsCache.LeastWork)
            cache.Add(_block.Meta.Ulid, key, references);
        return references;
    }

    private List<byte[]> AllNames()
    {
        var names = new List<byte[]>();
        for (int i = 0; i < _block.Index.Pairs.NameCount; i++)
        {
            if (_block.Index.Pairs.Name(i) is { Length: > 0 } name)
                names.Add(name);
        }

        return names;
    }

    private List<byte[]> NamesOn(uint[] references)
    {
        var symbols = new HashSet<uint>();
        foreach (uint reference in references)
            _block.Index.CollectNames(reference, symbols);
        return Texts(symbols);
    }

    private List<byte[]> Values(ReadOnlySpan<byte> name, IReadOnlyList<Matcher> matchers, int limit)
    {
        int found = name.IsEmpty ? -1 : _block.Index.Pairs.Find(name);
        if (found < 0)
            return [];
        foreach (Matcher matcher in matchers)
        {
            if (!matcher.NameUtf8.SequenceEqual(name))
                return ValuesOn(Select(matchers), name);
        }

        return AcceptedValues(found, matchers, limit);
    }

    // Matchers of the label itself can be asked without looking at series. One value more than the limit tells that it cuts.
    private List<byte[]> AcceptedValues(int name, IReadOnlyList<Matcher> matchers, int limit)
    {
        var accepted = new List<byte[]>();
        for (PostingsTable.ValueCursor values = _block.Index.Pairs.Values(name); values.MoveNext();)
        {
            if (!AcceptAll(matchers, values.Value))
                continue;
            accepted.Add(values.Value.ToArray());
            if (limit > 0 && accepted.Count > limit)
                break;
        }

        return accepted;
    }

    private static bool AcceptAll(IReadOnlyList<Matcher> matchers, ReadOnlySpan<byte> value)
    {
        foreach (Matcher matcher in matchers)
        {
            if (!matcher.Matches(value))
                return false;
        }

        return true;
    }

    private List<byte[]> ValuesOn(uint[] references, ReadOnlySpan<byte> name)
    {
        var symbols = new HashSet<uint>();
        if (!_block.Index.Symbols.TryFind(name, out uint nameSymbol))
            return [];
        foreach (uint reference in references)
        {
            if (_block.Index.TryFindValue(reference, nameSymbol, out uint value))
                symbols.Add(value);
        }

        return Texts(symbols);
    }

    private List<byte[]> Texts(HashSet<uint> symbols)
    {
        var texts = new List<byte[]>(symbols.Count);
        foreach (uint symbol in symbols)
            texts.Add(_block.Index.Symbols[symbol].ToArray());
        texts.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return texts;
    }
}
