namespace Forethought.Tsdb.Index;

/// <summary>
/// A set of series references as bits, by blocks of 65,536: the union of many postings lists. For one query and one thread.
/// </summary>
internal sealed class ReferenceBitmap
{
    private const int BlockShift = 16;

    private readonly SortedList<ulong, ulong[]> _blocks = [];
    private ulong _lastKey = ulong.MaxValue;
    private ulong[] _lastWords = [];

    /// <summary>Adds all references of a list.</summary>
    public void Add(in PostingsList list)
    {
        var cursor = new PostingsCursor(list);
        while (cursor.NextBlock())
            PostingsBits.Add(Block(cursor.Block.Key), cursor.Block);
    }

    /// <summary>Whether a reference is in the set; quick for neighbours of the one asked for before.</summary>
    public bool Contains(ulong reference)
    {
        ulong key = reference >> BlockShift;
        if (key != _lastKey)
        {
            _lastKey = key;
            _lastWords = _blocks.TryGetValue(key, out ulong[]? words) ? words : [];
        }

        int offset = (ushort)reference;
        return _lastWords.Length != 0 && (_lastWords[offset >> 6] >> (offset & 63) & 1) != 0;
    }

    /// <summary>Appends all references in ascending order.</summary>
    public void CopyTo(List<ulong> references)
    {
        foreach ((ulong key, ulong[] words) in _blocks)
            PostingsBits.CopyTo(words, key, references);
    }

    private ulong[] Block(ulong key)
    {
        if (!_blocks.TryGetValue(key, out ulong[]? words))
        {
            words = new ulong[PostingsBits.Words];
            _blocks.Add(key, words);
            _lastKey = ulong.MaxValue;
        }

        return words;
    }
}
