using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.HeadChunks;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>Puts right checksums into damaged files of chunks and of deletions.</summary>
internal static class FileChecksums
{
    private const int TombstonesHeaderBytes = 5;

    /// <summary>A file of a block's chunks, whose checksums cover encoding and data.</summary>
    public static byte[] SealChunkSegment(byte[] file)
    {
        for (int at = ChunkSegmentFormat.HeaderBytes; TryReadLength(file, at, out int prefix, out int length);)
        {
            int covered = ChunkSegmentFormat.EncodingBytes + length;
            if (!TrySeal(file, at + prefix, covered))
                break;
            at += prefix + covered + sizeof(uint);
        }

        return file;
    }

    /// <summary>A file of the head's chunks, whose checksums cover everything.</summary>
    public static byte[] SealHeadChunks(byte[] file)
    {
        int at = HeadChunkFormat.FileHeaderBytes;
        while (TryReadLength(file, at + HeadChunkFormat.EntryHeaderBytes, out int prefix, out int length))
        {
            int covered = HeadChunkFormat.EntryHeaderBytes + prefix + length;
            if (!TrySeal(file, at, covered))
                break;
            at += covered + sizeof(uint);
        }

        return file;
    }

    /// <summary>A file of deletions, whose checksum covers all but the header.</summary>
    public static byte[] SealTombstones(byte[] file)
    {
        TrySeal(file, TombstonesHeaderBytes, file.Length - TombstonesHeaderBytes - sizeof(uint));
        return file;
    }

    private static bool TryReadLength(byte[] file, int at, out int prefix, out int length)
    {
        prefix = length = 0;
        if (at >= file.Length || !Varint.TryReadUvarint(file.AsSpan(at), out ulong declared, out prefix) || declared > (ulong)file.Length)
            return false;
        length = (int)declared;
        return true;
    }

    private static bool TrySeal(byte[] file, int start, int length)
    {
        if (length < 0 || start + length + sizeof(uint) > file.Length)
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(start + length), Crc32C.Compute(file.AsSpan(start, length)));
        return true;
    }
}
