using System.Globalization;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// The frame around records. A segment is a sequence of pages; a record is cut into fragments that fit the pages, each with a
/// header: one byte of type and compression, the fragment's length (2 bytes) and its CRC-32C (4 bytes), big-endian. A page's last
/// bytes, where no header fits, and all after a type byte of zero are zeros. Format: upstream's <c>tsdb/docs/format/wal.md</c>.
/// </summary>
internal static class WalFormat
{
    public const int PageSize = 32 * 1024;

    public const int HeaderSize = 7;

    public const int MaxFragmentSize = PageSize - HeaderSize;

    public const int DefaultSegmentSize = 128 * 1024 * 1024;

    /// <summary>The bits of the header's first byte that tell the fragment's type.</summary>
    public const byte TypeMask = 0b0000_0111;

    public const byte SnappyFlag = 0b0000_1000;

    public const byte ZstdFlag = 0b0001_0000;

    /// <summary>The rest of the page is padding.</summary>
    public const byte PageEnd = 0;

    /// <summary>A whole record.</summary>
    public const byte Full = 1;

    public const byte First = 2;

    public const byte Middle = 3;

    public const byte Last = 4;

    /// <summary>A record larger than this after decompression is taken for damage; the largest real ones are some megabytes.</summary>
    public const int MaxRecordSize = 512 * 1024 * 1024;

    public static string SegmentName(int index) => index.ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>Whether a file name is that of a segment: digits only, as upstream reads it.</summary>
    public static bool TryParseSegment(string name, out int index) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    /// <summary>
    /// Where a segment that is filled up to <paramref name="position"/> ends once a record of <paramref name="length"/> bytes, already
    /// compressed, is added.
    /// </summary>
    public static long EndAfter(long position, int length)
    {
        do
        {
            int room = PageSize - (int)(position % PageSize) - HeaderSize;
            int part = Math.Min(length, room);
            position = AfterFragment(position, part);
            length -= part;
        }
        while (length > 0);
        return position;
    }

    /// <summary>Where the next fragment goes after one of <paramref name="length"/> bytes at <paramref name="position"/>.</summary>
    public static long AfterFragment(long position, int length)
    {
        position += HeaderSize + length;
        int rest = PageSize - (int)(position % PageSize);
        return rest < HeaderSize ? position + rest : position;
    }
}
