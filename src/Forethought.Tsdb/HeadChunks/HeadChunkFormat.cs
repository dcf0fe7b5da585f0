using Forethought.Encoding;

namespace Forethought.Tsdb.HeadChunks;

/// <summary>
/// The files of <c>chunks_head</c> as upstream lays them out: magic number, version, padding; then chunk after chunk: series reference,
/// first and last time (8 bytes each, big-endian), encoding with the top bit for out-of-order, length (uvarint), data, and a CRC-32C over
/// all of it. Zeros end a file that was extended beyond its content.
/// </summary>
internal static class HeadChunkFormat
{
    public const string DirectoryName = "chunks_head";
    public const uint Magic = 0x0130BC91;
    public const byte Version = 1;
    public const int FileHeaderBytes = 8;
    public const int MaxFileBytes = 128 << 20;
    public const byte OutOfOrderBit = 0x80;
    public const int ChecksumBytes = 4;

    /// <summary>Series reference, two times, encoding.</summary>
    public const int EntryHeaderBytes = 3 * sizeof(ulong) + 1;

    private const int NameDigits = 6;
    private const int OffsetBits = 32;

    /// <summary>Where a chunk is, as upstream writes it into its markers: the file's number above, the offset below.</summary>
    public static ulong Reference(int file, long offset) => ((ulong)(uint)file << OffsetBits) | (uint)offset;

    public static int FileOf(ulong reference) => (int)(reference >> OffsetBits);

    public static long OffsetOf(ulong reference) => (uint)reference;

    /// <summary>Bytes that a chunk of some length takes in a file.</summary>
    public static int EntryBytes(int chunkLength) => DataOffset(chunkLength) + chunkLength + ChecksumBytes;

    /// <summary>Where in its entry the data of a chunk of some length begins.</summary>
    public static int DataOffset(int chunkLength) => EntryHeaderBytes + Varint.UvarintLength((ulong)chunkLength);

    public static string NameOf(int file) => file.ToString($"D{NameDigits}", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The number that a file's name says; false for a name that is none.</summary>
    public static bool TryParseName(string name, out int file) =>
        int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out file);
}
