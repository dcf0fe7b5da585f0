namespace Forethought.Tsdb.Index;

/// <summary>How a sealed block of 65,536 references is stored.</summary>
internal enum PostingsBlockKind : byte
{
    /// <summary>Sorted 16-bit offsets.</summary>
    Array,

    /// <summary>8 KiB of bits.</summary>
    Bitmap,

    /// <summary>Pairs of first offset and length minus one.</summary>
    Runs,

    /// <summary>One offset, kept in the block itself.</summary>
    Single,
}

/// <summary>One sealed block of a postings list: the references with the same upper 48 bits. Immutable.</summary>
internal unsafe struct PostingsBlock
{
    public const int BitmapBytes = 8192;

    /// <summary>References shifted right by 16.</summary>
    public ulong Key;

    /// <summary>Offsets, bits or runs, by <see cref="Kind"/>.</summary>
    public byte* Data;

    /// <summary>References in the block, 1…65,536.</summary>
    public int Count;

    /// <summary>The number of runs, or the single offset.</summary>
    public ushort RunCountOrOffset;

    public PostingsBlockKind Kind;

    /// <summary>Bytes behind <see cref="Data"/>.</summary>
    public readonly int DataBytes => Kind switch
    {
        PostingsBlockKind.Array => Count * sizeof(ushort),
        PostingsBlockKind.Bitmap => BitmapBytes,
        PostingsBlockKind.Runs => RunCountOrOffset * 2 * sizeof(ushort),
        _ => 0,
    };
}
