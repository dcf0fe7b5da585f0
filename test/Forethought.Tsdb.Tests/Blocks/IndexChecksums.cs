using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>Puts right checksums into a damaged index, where sections end by what its bytes now say.</summary>
internal static class IndexChecksums
{
    private const int HeaderBytes = 5;
    private const int TocBytes = 52;

    public static IndexToc Toc(byte[] index)
    {
        long At(int i) => BinaryPrimitives.ReadInt64BigEndian(index.AsSpan(index.Length - TocBytes + 8 * i));
        return new IndexToc(At(0), At(1), At(2), At(3), At(4), At(5));
    }

    public static byte[] Seal(byte[] index)
    {
        if (index.Length < HeaderBytes + TocBytes)
            return index;
        IndexToc toc = Toc(index);
        SealToc(index);
        SealSection(index, toc.Symbols);
        SealSection(index, toc.PostingsTable);
        int alignment = index[4] == 1 ? 1 : 16;
        for (long at = AlignUp(toc.Series, alignment); IsBefore(index, at, toc.LabelIndices);)
        {
            if (!Varint.TryReadUvarint(index.AsSpan((int)at), out ulong length, out int prefix) || length > (ulong)index.Length)
                break;
            SealRange(index, at + prefix, (long)length);
            at = AlignUp(at + prefix + (long)length + 4, alignment);
        }

        for (long at = AlignUp(toc.Postings, 4); IsBefore(index, at, toc.LabelIndicesTable);)
            at += 8 + SealSection(index, at);
        return index;
    }

    private static long AlignUp(long at, int alignment) => (at + alignment - 1) / alignment * alignment;

    private static bool IsBefore(byte[] index, long at, long end) => at >= 0 && at < end && at < index.Length - TocBytes;

    private static void SealToc(byte[] index) =>
        BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan(index.Length - 4), Crc32C.Compute(index.AsSpan(index.Length - TocBytes, TocBytes - 4)));

    private static long SealSection(byte[] index, long at)
    {
        if (at < HeaderBytes || at > index.Length - TocBytes - 4)
            return index.Length;
        long length = BinaryPrimitives.ReadUInt32BigEndian(index.AsSpan((int)at));
        SealRange(index, at + 4, length);
        return length;
    }

    private static void SealRange(byte[] index, long start, long length)
    {
        if (start + length + 4 <= index.Length - TocBytes)
            BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan((int)(start + length)), Crc32C.Compute(index.AsSpan((int)start, (int)length)));
    }
}
