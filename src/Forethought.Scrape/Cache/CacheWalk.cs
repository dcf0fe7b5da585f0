using System.Runtime.CompilerServices;
using Forethought.Exposition;
using Forethought.Storage;

namespace Forethought.Scrape.Cache;

/// <summary>
/// Walks a target's cache beside its exposition. As long as the lines come in the order of the last scrape, each is recognised by
/// length and hash and nothing else is touched. At the first surprise the walk makes a table of all lines, finds known ones where they
/// went, and puts the cache into the new order at the end. Reused from scrape to scrape, lent while scraping; not thread-safe.
/// </summary>
/// <remarks>Indexes below the cache's count are the cache's own entries; those above are entries added in this scrape.</remarks>
internal sealed class CacheWalk(ulong hashSeed)
{
    private const int None = -1;

    private readonly SeriesHash _hash = new(hashSeed);
    private ScrapeCache _cache = null!;
    private CacheEntry[] _known = [];
    private int _knownCount;
    private CacheEntry[] _added = new CacheEntry[16];
    private int _addedCount;
    private int _next;

    // From the first surprise on: the indexes in the exposition's order, and an open-addressing table of indexes by hash.
    private bool _isReordered;
    private int[] _order = new int[64];
    private int _orderCount;
    private int[] _table = [];
    private uint _tableMask;
    private int _tableCount;

    // References whose series may have vanished, while it is found out whether another line brought them.
    private readonly HashSet<SeriesRef> _vanished = [];
    private CacheEntry[] _arranged = [];

    public void Begin(ScrapeCache cache)
    {
        _cache = cache;
        _known = cache.Entries;
        _knownCount = cache.Count;
        _addedCount = 0;
        _next = 0;
        _isReordered = false;
        _orderCount = 0;
    }

    /// <summary>Begins the same scrape once more, as if nothing had been read.</summary>
    public void Restart()
    {
        foreach (ref CacheEntry entry in _known.AsSpan(0, _knownCount))
            entry.Unsee();
        Begin(_cache);
    }

    public ulong Hash(ReadOnlySpan<byte> text) => _hash.Compute(text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref CacheEntry At(int index) => ref index < _knownCount ? ref _known[index] : ref _added[index - _knownCount];

    /// <summary>Reads the next line if it is the one that followed the last time; its entry is at <paramref name="index"/>.</summary>
    /// <exception cref="ExpositionException">The series is known and what follows it is malformed.</exception>
    public bool TryReadPredicted(ref ExpositionReader reader, out int index)
    {
        index = _next;
        if (_next >= _knownCount)
            return false;
        ref CacheEntry entry = ref _known[_next];
        ReadOnlySpan<byte> rest = reader.Rest;
        int length = entry.Length;
        if (rest.Length < length || entry.Hash != _hash.Compute(rest[..length]))
            return false;
        if (entry.IsSeen || entry.Kind == CacheEntryKind.Removed)
            return false;
        if (entry.Kind == CacheEntryKind.Line)
            reader.SkipKnownLine(length, entry.Type);
        else if (!reader.TryReadKnownSeries(length))
            return false;
        if (_isReordered)
            Append(index);
        entry.See();
        _next++;
        return true;
    }

    /// <summary>
    /// Finds a line that did not come where it was expected. An entry seen already stays where it is; another becomes the next of the
    /// new order.
    /// </summary>
    /// <returns>The entry's index, or -1 when the line is new.</returns>
    public int Find(ulong hash, int length, bool isLine, out bool wasSeen)
    {
        if (!_isReordered)
            BeginReordering();
        wasSeen = false;
        for (uint slot = (uint)hash & _tableMask; _table[slot] != None; slot = (slot + 1) & _tableMask)
        {
            int index = _table[slot];
            ref CacheEntry entry = ref At(index);
            if (entry.Hash != hash || entry.Length != length)
                continue;
            if (entry.Kind == CacheEntryKind.Removed || entry.Kind == CacheEntryKind.Line != isLine)
                continue;
            wasSeen = entry.IsSeen;
            if (!wasSeen)
                Take(index);
            return index;
        }

        return None;
    }

    /// <summary>Adds a line that <see cref="Find"/> did not find and returns its index.</summary>
    public int Add(CacheEntry entry)
    {
        if (_addedCount == _added.Length)
            Array.Resize(ref _added, 2 * _addedCount);
        _added[_addedCount] = entry;
        _added[_addedCount].See();
        int index = _knownCount + _addedCount++;
        Append(index);
        if (2 * ++_tableCount > _tableMask)
            FillTable();
        else
            Insert(entry.Hash, index);
        return index;
    }

    /// <summary>
    /// The series that were in the previous scrape and are not in this one, by whatever text. Valid until the next call.
    /// </summary>
    public HashSet<SeriesRef> FindVanished()
    {
        _vanished.Clear();
        foreach (ref CacheEntry entry in _known.AsSpan(0, _knownCount))
        {
            if (entry.IsVanished)
                _vanished.Add(entry.Series);
        }

        if (_vanished.Count > 0)
        {
            KeepMissing(_known.AsSpan(0, _knownCount));
            KeepMissing(_added.AsSpan(0, _addedCount));
        }

        return _vanished;
    }

    /// <summary>Ends the scrape: puts the cache into the new order and, if it is to be flushed, forgets lines that were not seen.</summary>
    public void Complete(bool flush)
    {
        if (_isReordered)
            Arrange(flush);
        else if (flush)
            _cache.Truncate(_next);
        foreach (ref CacheEntry entry in _cache.Entries.AsSpan(0, _cache.Count))
            entry.EndScrape();
        _cache.Metadata.EndScrape(flush);
    }

    private void KeepMissing(ReadOnlySpan<CacheEntry> entries)
    {
        foreach (ref readonly CacheEntry entry in entries)
        {
            if (entry.IsTracked)
                _vanished.Remove(entry.Series);
        }
    }

    private void Take(int index)
    {
        At(index).See();
        Append(index);
        if (index < _knownCount)
            _next = index + 1;
    }

    private void Append(int index)
    {
        if (_orderCount == _order.Length)
            Array.Resize(ref _order, 2 * _orderCount);
        _order[_orderCount++] = index;
    }

    // Up to here the order was the old one.
    private void BeginReordering()
    {
        _isReordered = true;
        for (int i = 0; i < _next; i++)
            Append(i);
        _tableCount = _knownCount;
        FillTable();
    }

    private void FillTable()
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, 4 * _tableCount));
        if (_table.Length < size)
            _table = new int[size];
        _tableMask = (uint)size - 1;
        _table.AsSpan(0, size).Fill(None);
        for (int i = 0; i < _knownCount + _addedCount; i++)
            Insert(At(i).Hash, i);
    }

    private void Insert(ulong hash, int index)
    {
        uint slot = (uint)hash & _tableMask;
        while (_table[slot] != None)
            slot = (slot + 1) & _tableMask;
        _table[slot] = index;
    }

    private void Arrange(bool flush)
    {
        if (_arranged.Length < _knownCount + _addedCount)
            _arranged = new CacheEntry[_knownCount + _addedCount];
        int count = 0;
        foreach (int index in _order.AsSpan(0, _orderCount))
        {
            if (At(index).Kind != CacheEntryKind.Removed)
                _arranged[count++] = At(index);
        }

        for (int i = 0; i < _knownCount && !flush; i++)
        {
            if (!_known[i].IsSeen && _known[i].Kind != CacheEntryKind.Removed)
                _arranged[count++] = _known[i];
        }

        _cache.Replace(_arranged.AsSpan(0, count));
    }
}
