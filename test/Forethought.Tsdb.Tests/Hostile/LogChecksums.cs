using System.Buffers.Binary;
using Forethought.Encoding;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Hostile;

/// <summary>Puts right checksums into the frames of a damaged segment of a log.</summary>
internal static class LogChecksums
{
    public static byte[] Seal(byte[] segment)
    {
        for (long at = 0; at + WalFormat.HeaderSize <= segment.Length;)
        {
            Span<byte> page = segment.AsSpan((int)at, (int)Math.Min(WalFormat.PageSize - at % WalFormat.PageSize, segment.Length - at));
            int length = page.Length < WalFormat.HeaderSize ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(page[1..]);
            if (length > page.Length - WalFormat.HeaderSize || (page[0] & WalFormat.TypeMask) == WalFormat.PageEnd)
            {
                at += page.Length;
                continue;
            }

            BinaryPrimitives.WriteUInt32BigEndian(page[3..], Crc32C.Compute(page.Slice(WalFormat.HeaderSize, length)));
            at += WalFormat.HeaderSize + length;
        }

        return segment;
    }
}
