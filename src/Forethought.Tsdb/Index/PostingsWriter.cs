using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Index;

/// <summary>
/// Appends to postings lists and rewrites them without collected series. Used by one thread at a time (under the index lock);
/// memory that a snapshot may still point to is retired through the epochs.
/// </summary>
/// <remarks>Bounds: every write stays below the capacity kept beside the pointer; blocks are sized by counting first.</remarks>
internal sealed unsafe class PostingsWriter(SmallHeap heap, EpochManager epochs)
{
    private const int BlockShift = 16;
    private const int FirstOpenCapacity = 4;

    /// <summary>
    /// Adds a reference greater than all in the list. The last one once more changes nothing: labels from outside may name a pair twice, and a
    /// block has no room for more references than there are.
    /// </summary>
    public void Append(ref PostingsList list, ulong reference)
    {
        if (list.Count == 0)
        {
            list.SingleOrOpenKey = reference;
            list.Count = 1;
            return;
        }

        if (list.Open == null)
            OpenFirst(ref list);
        ulong key = reference >> BlockShift;
        if (key != list.SingleOrOpenKey)
            SealOpen(ref list, key);
        else if (list.Open[list.OpenLength - 1] == (ushort)reference)
            return;
        if (list.OpenLength == list.OpenCapacity)
            GrowOpen(ref list);
        list.Open[list.OpenLength++] = (ushort)reference;
        list.Count++;
    }

    /// <summary>Replaces the list by one of the references that <paramref name="isAlive"/> accepts.</summary>
    public void Rewrite(ref PostingsList list, Predicate<ulong> isAlive)
    {
        PostingsList old = list;
        PostingsList kept = default;
        var cursor = new PostingsCursor(old);
        while (cursor.MoveNext())
        {
            if (isAlive(cursor.Current))
                Append(ref kept, cursor.Current);
        }

        list = kept;
        Retire(old);
    }

    /// <summary>Retires everything a list points to.</summary>
    public void Retire(in PostingsList list)
    {
        for (int i = 0; i < list.SealedCount; i++)
            epochs.RetirePiece(heap, list.Sealed[i].Data, list.Sealed[i].DataBytes);
        epochs.RetirePiece(heap, list.Sealed, list.SealedCapacity * sizeof(PostingsBlock));
        epochs.RetirePiece(heap, list.Open, list.OpenCapacity * sizeof(ushort));
    }

    /// <summary>Frees everything a list points to at once, when no reader can be left.</summary>
    public void Free(in PostingsList list)
    {
        for (int i = 0; i < list.SealedCount; i++)
            heap.Free(list.Sealed[i].Data, list.Sealed[i].DataBytes);
        heap.Free(list.Sealed, list.SealedCapacity * sizeof(PostingsBlock));
        heap.Free(list.Open, list.OpenCapacity * sizeof(ushort));
    }

    private void OpenFirst(ref PostingsList list)
    {
        ulong single = list.SingleOrOpenKey;
        list.Open = (ushort*)heap.Allocate(FirstOpenCapacity * sizeof(ushort));
        list.OpenCapacity = FirstOpenCapacity;
        list.Open[0] = (ushort)single;
        list.OpenLength = 1;
        list.SingleOrOpenKey = single >> BlockShift;
    }

    private void GrowOpen(ref PostingsList list)
    {
        int capacity = Math.Min(1 << BlockShift, Math.Max(8, list.OpenCapacity + list.OpenCapacity / 2));
        var grown = (ushort*)heap.Allocate(capacity * sizeof(ushort));
        new ReadOnlySpan<ushort>(list.Open, list.OpenLength).CopyTo(new Span<ushort>(grown, capacity));
        epochs.RetirePiece(heap, list.Open, list.OpenCapacity * sizeof(ushort));
        list.Open = grown;
        list.OpenCapacity = capacity;
    }

    // Snapshots may still read the open array: it is retired, and the next block starts in a new one.
    private void SealOpen(ref PostingsList list, ulong nextKey)
    {
        if (list.SealedCount == list.SealedCapacity)
            GrowSealed(ref list);
        list.Sealed[list.SealedCount++] = Seal(list.SingleOrOpenKey, new ReadOnlySpan<ushort>(list.Open, list.OpenLength));
        epochs.RetirePiece(heap, list.Open, list.OpenCapacity * sizeof(ushort));
        list.Open = (ushort*)heap.Allocate(FirstOpenCapacity * sizeof(ushort));
        list.OpenCapacity = FirstOpenCapacity;
        list.OpenLength = 0;
        list.SingleOrOpenKey = nextKey;
    }

    private void GrowSealed(ref PostingsList list)
    {
        int capacity = Math.Max(2, list.SealedCapacity * 2);
        var grown = (PostingsBlock*)heap.Allocate(capacity * sizeof(PostingsBlock));
        new ReadOnlySpan<PostingsBlock>(list.Sealed, list.SealedCount).CopyTo(new Span<PostingsBlock>(grown, capacity));
        epochs.RetirePiece(heap, list.Sealed, list.SealedCapacity * sizeof(PostingsBlock));
        list.Sealed = grown;
        list.SealedCapacity = capacity;
    }

    private PostingsBlock Seal(ulong key, ReadOnlySpan<ushort> offsets)
    {
        int runs = 1;
        for (int i = 1; i < offsets.Length; i++)
            runs += offsets[i] == offsets[i - 1] + 1 ? 0 : 1;
        var block = new PostingsBlock { Key = key, Count = offsets.Length };
        int arrayBytes = offsets.Length * sizeof(ushort);
        int runBytes = runs * 2 * sizeof(ushort);
        if (runBytes <= Math.Min(arrayBytes, PostingsBlock.BitmapBytes))
            StoreRuns(ref block, offsets, runs);
        else if (arrayBytes <= PostingsBlock.BitmapBytes)
            StoreArray(ref block, offsets);
        else
            StoreBitmap(ref block, offsets);
        return block;
    }

    private void StoreArray(ref PostingsBlock block, ReadOnlySpan<ushort> offsets)
    {
        block.Kind = PostingsBlockKind.Array;
        block.Data = heap.Allocate(block.DataBytes);
        offsets.CopyTo(new Span<ushort>(block.Data, offsets.Length));
    }

    private void StoreBitmap(ref PostingsBlock block, ReadOnlySpan<ushort> offsets)
    {
        block.Kind = PostingsBlockKind.Bitmap;
        block.Data = heap.Allocate(block.DataBytes);
        var words = new Span<ulong>(block.Data, PostingsBlock.BitmapBytes / sizeof(ulong));
        words.Clear();
        foreach (ushort offset in offsets)
            words[offset >> 6] |= 1UL << (offset & 63);
    }

    private void StoreRuns(ref PostingsBlock block, ReadOnlySpan<ushort> offsets, int runs)
    {
        block.Kind = PostingsBlockKind.Runs;
        block.RunCountOrOffset = (ushort)runs;
        block.Data = heap.Allocate(block.DataBytes);
        var stored = new Span<ushort>(block.Data, runs * 2);
        int run = -1;
        for (int i = 0; i < offsets.Length; i++)
        {
            if (i == 0 || offsets[i] != offsets[i - 1] + 1)
            {
                run++;
                stored[run * 2] = offsets[i];
                stored[run * 2 + 1] = 0;
            }
            else
            {
                stored[run * 2 + 1]++;
            }
        }
    }
}
