using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Forethought.Encoding;

/// <summary>Expands Snappy elements, trusting none of them.</summary>
/// <remarks>
/// Why no pointer leaves its buffer. Every length and offset is compared with what is left of source and destination, as a difference
/// of pointers into the same buffer and so without overflow, before anything is read or written. The wide copies write up to 15
/// bytes more than the element's length, and read as many more, only where that many are left; what they write too much lies in
/// the destination and is overwritten by the next elements, or the input ends too early and is refused.
/// </remarks>
internal static unsafe class SnappyDecoder
{
    private const int WideCopy = 16;
    private const int MaxCopyLength = 64;

    /// <summary>Expands <paramref name="source"/>, the block without its preamble.</summary>
    /// <returns>Whether all elements are valid and fill <paramref name="destination"/> exactly.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* input = source)
        fixed (byte* output = destination)
            return TryDecode(input, input + source.Length, output, output + destination.Length);
    }

    // Compiled well at once: a log is replayed before the runtime would find this to be hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryDecode(byte* read, byte* readEnd, byte* output, byte* outputEnd)
    {
        byte* write = output;
        while (read < readEnd)
        {
            uint tag = *read++;
            if ((tag & 3) == 0)
            {
                uint shortLength = (tag >> 2) + 1;
                if (shortLength <= WideCopy && readEnd - read >= WideCopy && outputEnd - write >= WideCopy)
                {
                    Vector128.Load(read).Store(write);
                    read += shortLength;
                    write += shortLength;
                }
                else if (!TryLiteral(tag, ref read, readEnd, ref write, outputEnd))
                {
                    return false;
                }

                continue;
            }

            if (!TryReadCopy(tag, ref read, readEnd, out uint length, out uint offset))
                return false;
            // An offset of 0 wraps round and is refused as well.
            if (offset - 1 >= (ulong)(write - output) || length > outputEnd - write)
                return false;
            if (offset >= WideCopy && outputEnd - write >= MaxCopyLength)
                CopyWide(write, write - offset, length);
            else
                CopyNarrow(write, offset, length, outputEnd);
            write += length;
        }

        return write == outputEnd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadCopy(uint tag, ref byte* read, byte* readEnd, out uint length, out uint offset)
    {
        length = (tag >> 2) + 1;
        offset = 0;
        switch (tag & 3)
        {
            case 1:
                if (readEnd - read < 1)
                    return false;
                length = (tag >> 2 & 7) + 4;
                offset = tag >> 5 << 8 | *read++;
                return true;
            case 2:
                if (readEnd - read < 2)
                    return false;
                offset = (uint)(read[0] | read[1] << 8);
                read += 2;
                return true;
            default:
                if (readEnd - read < 4)
                    return false;
                offset = LittleEndian(read, 4);
                read += 4;
                return true;
        }
    }

    /// <summary>A literal whose length may follow the tag in up to four bytes.</summary>
    private static bool TryLiteral(uint tag, ref byte* read, byte* readEnd, ref byte* write, byte* outputEnd)
    {
        long length = (tag >> 2) + 1;
        if (length > 60)
        {
            int bytes = (int)length - 60;
            if (readEnd - read < bytes)
                return false;
            length = LittleEndian(read, bytes) + 1L;
            read += bytes;
        }

        if (length > readEnd - read || length > outputEnd - write)
            return false;
        Unsafe.CopyBlockUnaligned(write, read, (uint)length);
        read += length;
        write += length;
        return true;
    }

    /// <summary>Copies in steps of 16; the distance is at least that, and 64 bytes are left to write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWide(byte* to, byte* from, uint length)
    {
        Vector128.Load(from).Store(to);
        for (uint copied = WideCopy; copied < length; copied += WideCopy)
            Vector128.Load(from + copied).Store(to + copied);
    }

    /// <summary>Copies a run that repeats itself, or one near the end of the destination.</summary>
    private static void CopyNarrow(byte* to, uint offset, uint length, byte* outputEnd)
    {
        byte* from = to - offset;
        if (offset >= sizeof(ulong) && outputEnd - to >= MaxCopyLength)
        {
            for (uint copied = 0; copied < length; copied += sizeof(ulong))
                Unsafe.WriteUnaligned(to + copied, Unsafe.ReadUnaligned<ulong>(from + copied));
            return;
        }

        if (offset == 1)
        {
            Unsafe.InitBlockUnaligned(to, *from, length);
            return;
        }

        for (uint i = 0; i < length; i++)
            to[i] = from[i];
    }

    private static uint LittleEndian(byte* from, int bytes)
    {
        uint value = 0;
        for (int i = 0; i < bytes; i++)
            value |= (uint)from[i] << (8 * i);
        return value;
    }
}
