namespace Forethought.Tsdb.Blocks;

/// <summary>
/// The files in a block's <c>chunks</c> directory: magic number, version and three bytes of padding, then chunks: the length of the data
/// (uvarint), the encoding (1 byte), the data, and a CRC-32C of encoding and data.
/// </summary>
internal static class ChunkSegmentFormat
{
    public const string DirectoryName = "chunks";
    public const uint Magic = 0x85BD40DD;
    public const byte Version = 1;
    public const int HeaderBytes = 8;

    /// <summary>The room that the length takes at most, which is also what must follow a chunk's offset.</summary>
    public const int MaxLengthBytes = 5;

    public const int EncodingBytes = 1;
    public const int ChecksumBytes = sizeof(uint);

    /// <summary>The size at which writers begin the next file.</summary>
    public const long DefaultSegmentBytes = 512L << 20;

    public static string NameOf(int number) => number.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);

    public static ulong Reference(int segment, long offset) => ((ulong)segment << 32) | (uint)offset;
}
