namespace Forethought.Tsdb.Index;

/// <summary>
/// What several postings lists have in common, block of 65,536 references by block: blocks that one of the lists does not have are
/// skipped; the offsets of the smallest block are filtered by the others, or, if they are many, all blocks are intersected as bits. A
/// reader's epoch must keep the memory of the lists alive. For one thread.
/// </summary>
internal sealed class PostingsIntersection
{
    /// <summary>A block with more offsets is handled as bits; as many fit into the bytes of a bitmap, so that a bitmap has more.</summary>
    private const int MaxOffsets = PostingsBlock.BitmapBytes / sizeof(ushort);

    /// <summary>
    /// An offset is looked up in a block that is this many times larger than what is left of the smallest; in a smaller one it is cheaper to
    /// make the block's bits.
    /// </summary>
    private const int OffsetsPerLookUp = 16;

    private readonly PostingsCursor[] _cursors;
    private readonly ushort[] _offsets;

    // Made when first needed; most queries do without.
    private ulong[]? _words;
    private ulong[]? _scratch;

    /// <summary>Makes the intersection of one list or more.</summary>
    public PostingsIntersection(List<PostingsList> lists)
    {
        _cursors = new PostingsCursor[lists.Count];
        for (int i = 0; i < _cursors.Length; i++)
            _cursors[i] = new PostingsCursor(lists[i]);
        _offsets = lists.Count == 1 ? [] : new ushort[Math.Min(MaxOffsets, lists.Min(list => list.Count))];
    }

    /// <summary>Appends the references that are in all lists, in ascending order. To be called once.</summary>
    public void CopyTo(List<ulong> references)
    {
        for (ulong key = 0; Align(ref key); key++)
        {
            if (_cursors.Length > 1)
                Intersect(references);
            else
                PostingsBits.CopyTo(_cursors[0].Block, references);
        }
    }

    // Moves all cursors to the first block from the key on that all lists have.
    private bool Align(ref ulong key)
    {
        for (int agreed = 0, i = 0; agreed < _cursors.Length; i = (i + 1) % _cursors.Length)
        {
            ref PostingsCursor cursor = ref _cursors[i];
            if (!cursor.SeekBlock(key))
                return false;
            agreed = cursor.Block.Key == key ? agreed + 1 : 1;
            key = cursor.Block.Key;
        }

        return true;
    }

    private void Intersect(List<ulong> references)
    {
        Array.Sort(_cursors, static (a, b) => a.Block.Count.CompareTo(b.Block.Count));
        if (_cursors[0].Block.Count <= MaxOffsets)
            FilterOffsets(references);
        else
            IntersectBits(references);
    }

    private void FilterOffsets(List<ulong> references)
    {
        ulong first = _cursors[0].Block.Key << 16;
        Span<ushort> offsets = _offsets.AsSpan(0, PostingsBits.CopyTo(_cursors[0].Block, _offsets));
        for (int i = 1; i < _cursors.Length && !offsets.IsEmpty; i++)
            offsets = offsets[..Filter(offsets, ref _cursors[i])];
        foreach (ushort offset in offsets)
            references.Add(first + offset);
    }

    private int Filter(Span<ushort> offsets, ref PostingsCursor cursor)
    {
        bool areFew = cursor.Block.Kind != PostingsBlockKind.Bitmap && offsets.Length * OffsetsPerLookUp < cursor.Block.Count;
        return areFew ? LookUp(offsets, ref cursor) : PostingsBits.Filter(offsets, PostingsBits.Of(cursor.Block, Scratch()));
    }

    private static int LookUp(Span<ushort> offsets, ref PostingsCursor cursor)
    {
        int kept = 0;
        foreach (ushort offset in offsets)
        {
            if (cursor.BlockContains(offset))
                offsets[kept++] = offset;
        }

        return kept;
    }

    private void IntersectBits(List<ulong> references)
    {
        _words ??= new ulong[PostingsBits.Words];
        PostingsBits.Of(_cursors[0].Block, _words).CopyTo(_words);
        for (int i = 1; i < _cursors.Length; i++)
            PostingsBits.And(_words, PostingsBits.Of(_cursors[i].Block, Scratch()));
        PostingsBits.CopyTo(_words, _cursors[0].Block.Key, references);
    }

    private ulong[] Scratch() => _scratch ??= new ulong[PostingsBits.Words];
}
