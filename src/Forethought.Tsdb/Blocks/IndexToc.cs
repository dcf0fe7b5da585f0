using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Blocks;

/// <summary>The table of contents at the end of an index: where its sections begin, in bytes from the start of the file.</summary>
internal readonly record struct IndexToc(
    long Symbols, long Series, long LabelIndices, long LabelIndicesTable, long Postings, long PostingsTable)
{
    public const int Bytes = 6 * sizeof(ulong) + BlockIndexFormat.ChecksumBytes;

    /// <summary>Reads the table and checks that what it says is within the file.</summary>
    /// <exception cref="TsdbCorruptionException">It is damaged.</exception>
    public static IndexToc Read(IMappedFile file, string path)
    {
        long start = file.Length - Bytes;
        if (start < BlockIndexFormat.HeaderBytes)
        {
            throw TsdbCorruptionException.InFile(
                path, 0, "read TOC: invalid size", $"{Bytes + BlockIndexFormat.HeaderBytes} bytes", $"{file.Length} bytes");
        }

        ReadOnlySpan<byte> bytes = file.Slice(start, Bytes);
        ReadOnlySpan<byte> offsets = bytes[..^BlockIndexFormat.ChecksumBytes];
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(bytes[offsets.Length..]);
        uint actual = Crc32C.Compute(offsets);
        if (declared != actual)
            throw TsdbCorruptionException.InFile(path, start, "read TOC: invalid checksum", $"{declared:x8}", $"{actual:x8}");
        var toc = new IndexToc(At(bytes, 0), At(bytes, 1), At(bytes, 2), At(bytes, 3), At(bytes, 4), At(bytes, 5));
        for (int i = 0; i < 6; i++)
        {
            if (At(bytes, i) < 0 || At(bytes, i) > start)
                throw TsdbCorruptionException.InFile(path, start, "read TOC: invalid size", $"offsets up to {start}", $"{(ulong)At(bytes, i)}");
        }

        return toc;
    }

    public void Write(SequentialWriter writer)
    {
        writer.BeginChecksum();
        foreach (long offset in (ReadOnlySpan<long>)[Symbols, Series, LabelIndices, LabelIndicesTable, Postings, PostingsTable])
            writer.WriteUInt64((ulong)offset);
        writer.WriteChecksum();
    }

    private static long At(ReadOnlySpan<byte> bytes, int place) =>
        (long)BinaryPrimitives.ReadUInt64BigEndian(bytes[(place * sizeof(ulong))..]);
}
