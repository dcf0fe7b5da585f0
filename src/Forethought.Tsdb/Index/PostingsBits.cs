using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Index;

/// <summary>Sets of offsets as the bits of 1,024 words, and what postings blocks do to them.</summary>
/// <remarks>Bounds: offsets and runs are 16 bits wide, so that words are below 1,024; spans over a block's memory have the lengths
/// that the block was stored with.</remarks>
internal static unsafe class PostingsBits
{
    /// <summary>Words of a set.</summary>
    public const int Words = PostingsBlock.BitmapBytes / sizeof(ulong);

    // 8 a word.
    private const int ManyOffsets = 8 * Words;

    /// <summary>Sets the bits of a block's offsets.</summary>
    public static void Add(Span<ulong> words, in PostingsBlock block)
    {
        switch (block.Kind)
        {
            case PostingsBlockKind.Array:
                AddArray(words, new ReadOnlySpan<ushort>(block.Data, block.Count));
                break;
            case PostingsBlockKind.Bitmap:
                var bits = new ReadOnlySpan<ulong>(block.Data, Words);
                for (int i = 0; i < words.Length; i++)
                    words[i] |= bits[i];
                break;
            case PostingsBlockKind.Single:
                words[block.RunCountOrOffset >> 6] |= 1UL << (block.RunCountOrOffset & 63);
                break;
            default:
                var runs = new ReadOnlySpan<ushort>(block.Data, block.RunCountOrOffset * 2);
                for (int i = 0; i < runs.Length; i += 2)
                    AddRange(words, runs[i], runs[i] + runs[i + 1]);
                break;
        }
    }

    /// <summary>
    /// The bits of a block's offsets: its own memory if it is a bitmap, otherwise made in <paramref name="scratch"/>, 1,024 words.
    /// </summary>
    public static ReadOnlySpan<ulong> Of(in PostingsBlock block, Span<ulong> scratch)
    {
        if (block.Kind == PostingsBlockKind.Bitmap)
            return new ReadOnlySpan<ulong>(block.Data, Words);
        scratch.Clear();
        Add(scratch, block);
        return scratch;
    }

    /// <summary>Clears the bits that are not set in <paramref name="others"/>.</summary>
    public static void And(Span<ulong> words, ReadOnlySpan<ulong> others)
    {
        Span<Vector<ulong>> left = MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
        ReadOnlySpan<Vector<ulong>> right = MemoryMarshal.Cast<ulong, Vector<ulong>>(others);
        for (int i = 0; i < left.Length; i++)
            left[i] &= right[i];
    }

    /// <summary>Moves the offsets that are in a set to the front and returns how many they are. No branch depends
    /// on the data.</summary>
    public static int Filter(Span<ushort> offsets, ReadOnlySpan<ulong> words)
    {
        int kept = 0;
        foreach (ushort offset in offsets)
        {
            offsets[kept] = offset;
            kept += (int)(words[offset >> 6] >> (offset & 63)) & 1;
        }

        return kept;
    }

    /// <summary>Appends the references of a set in ascending order.</summary>
    /// <param name="words">The set.</param>
    /// <param name="key">The references shifted right by 16.</param>
    /// <param name="references">The list to append to.</param>
    public static void CopyTo(ReadOnlySpan<ulong> words, ulong key, List<ulong> references)
    {
        int count = 0;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        Span<ulong> added = Extend(references, count);
        ulong first = key << 16;
        int next = 0;
        for (int i = 0; i < words.Length; i++, first += 64)
        {
            for (ulong rest = words[i]; rest != 0; rest &= rest - 1)
                added[next++] = first + (uint)BitOperations.TrailingZeroCount(rest);
        }
    }

    /// <summary>Appends the references of a block in ascending order.</summary>
    public static void CopyTo(in PostingsBlock block, List<ulong> references)
    {
        if (block.Kind == PostingsBlockKind.Bitmap)
        {
            CopyTo(new ReadOnlySpan<ulong>(block.Data, Words), block.Key, references);
            return;
        }

        ushort[] offsets = ArrayPool<ushort>.Shared.Rent(block.Count);
        int count = CopyTo(block, offsets);
        Span<ulong> added = Extend(references, count);
        ulong first = block.Key << 16;
        for (int i = 0; i < added.Length; i++)
            added[i] = first + offsets[i];
        ArrayPool<ushort>.Shared.Return(offsets);
    }

    /// <summary>Writes the offsets of a block that is not a bitmap, in ascending order, and returns how many they are.</summary>
    public static int CopyTo(in PostingsBlock block, Span<ushort> offsets)
    {
        switch (block.Kind)
        {
            case PostingsBlockKind.Array:
                new ReadOnlySpan<ushort>(block.Data, block.Count).CopyTo(offsets);
                break;
            case PostingsBlockKind.Single:
                offsets[0] = block.RunCountOrOffset;
                break;
            default:
                var runs = new ReadOnlySpan<ushort>(block.Data, block.RunCountOrOffset * 2);
                for (int i = 0, next = 0; i < runs.Length; i += 2)
                {
                    for (int offset = runs[i], last = offset + runs[i + 1]; offset <= last; offset++)
                        offsets[next++] = (ushort)offset;
                }

                break;
        }

        return block.Count;
    }

    private static Span<ulong> Extend(List<ulong> references, int count)
    {
        int before = references.Count;
        CollectionsMarshal.SetCount(references, before + count);
        return CollectionsMarshal.AsSpan(references)[before..];
    }

    private static void AddArray(Span<ulong> words, ReadOnlySpan<ushort> offsets)
    {
        if (IsRun(offsets))
            AddRange(words, offsets[0], offsets[^1]);
        else if (offsets.Length >= ManyOffsets)
            AddManyOffsets(words, offsets);
        else
            AddOffsets(words, offsets);
    }

    private static void AddOffsets(Span<ulong> words, ReadOnlySpan<ushort> offsets)
    {
        foreach (ushort offset in offsets)
            words[offset >> 6] |= 1UL << (offset & 63);
    }

    // A word is written once: where offsets share words, each write would wait for the one before.
    private static void AddManyOffsets(Span<ulong> words, ReadOnlySpan<ushort> offsets)
    {
        for (int i = 0; i < offsets.Length;)
        {
            int word = offsets[i] >> 6;
            ulong bits = 0;
            do
                bits |= 1UL << (offsets[i++] & 63);
            while (i < offsets.Length && offsets[i] >> 6 == word);
            words[word] |= bits;
        }
    }

    // The open block of what all series have is one run, long as it may be.
    private static bool IsRun(ReadOnlySpan<ushort> offsets) => offsets[^1] - offsets[0] + 1 == offsets.Length;

    private static void AddRange(Span<ulong> words, int first, int last)
    {
        for (int bit = first; bit <= last; bit = (bit | 63) + 1)
            words[bit >> 6] |= MaskOf(bit, last);
    }

    // The bits from one on to the last or to the end of the word.
    private static ulong MaskOf(int bit, int last) =>
        (ulong.MaxValue >> (63 - (Math.Min(last, bit | 63) - bit))) << (bit & 63);
}
