using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Forethought.Encoding;

/// <summary>
/// Turns bytes into Snappy elements: greedy matching through a hash table of four-byte prefixes, one block of 64 KiB after another,
/// so that every copy's distance fits two bytes.
/// </summary>
/// <remarks>
/// Why no pointer leaves its buffer.
/// <para>
/// Source: matches are looked for only at positions that leave <see cref="InputMargin"/> bytes before the block's end, so loads of
/// 8 bytes at a position or one after it, and the 16 bytes that a short literal copies, stay inside. A candidate is an
/// earlier position of the same block (table entries are positions already visited, or 0 = the start, and the search
/// starts at 1), and match lengths are bounded by the end.
/// </para>
/// <para>
/// Destination: <see cref="Snappy.Compress"/> demands n + n/6 + 32 bytes, of which the preamble takes at most 5. A literal of length L
/// takes L + 1 bytes, one more from 61 on, two more from 257 on; each literal but a block's last is followed by a copy, which takes at
/// most 3 bytes for at least 4 of input and so pays for the 1. Thus output never exceeds input by more than n/61 plus 3 for
/// each block's last literal, and the 16-byte store of a short literal by 16 more.
/// </para>
/// </remarks>
internal static unsafe class SnappyEncoder
{
    private const int BlockLength = 1 << 16;
    private const int MaxTableBits = 14;
    private const int MinTableBits = 8;

    // A literal copies 16 bytes at once.
    private const int InputMargin = 16;

    private const int ShortLiteral = 16;

    // Positions are stepped over faster the longer no match was found: one more byte a step after each 32 steps.
    private const int SkipShift = 5;

    [ThreadStatic]
    private static ushort[]? _table;

    /// <summary>Writes the elements for all of <paramref name="source"/>.</summary>
    /// <param name="source">Any bytes.</param>
    /// <param name="destination">At least <see cref="Snappy.MaxCompressedLength"/> bytes less the preamble.</param>
    /// <returns>The bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ushort[] table = _table ??= new ushort[1 << MaxTableBits];
        fixed (byte* input = source)
        fixed (byte* output = destination)
        fixed (ushort* hashes = table)
        {
            byte* write = output;
            for (int start = 0; start < source.Length; start += BlockLength)
            {
                int length = Math.Min(source.Length - start, BlockLength);
                int bits = Math.Clamp(32 - BitOperations.LeadingZeroCount((uint)length - 1), MinTableBits, MaxTableBits);
                table.AsSpan(0, 1 << bits).Clear();
                write = EncodeBlock(input + start, input + start + length, write, hashes, 32 - bits);
            }

            return (int)(write - output);
        }
    }

    private static byte* EncodeBlock(byte* block, byte* end, byte* write, ushort* table, int shift)
    {
        byte* literal = block;
        // Positions up to and including this one may be looked at.
        byte* last = end - InputMargin - 1;
        byte* read = block + 1;
        while (read <= last)
        {
            byte* candidate = FindMatch(block, ref read, last, table, shift);
            if (candidate == null)
                break;
            write = WriteShortOrLongLiteral(write, literal, (uint)(read - literal));
            do
            {
                int length = 4 + MatchLength(candidate + 4, read + 4, end);
                write = WriteCopy(write, (uint)(read - candidate), length);
                read += length;
                literal = read;
                if (read > last)
                    break;
                // The position before is entered too: records repeat with a shift of a byte.
                table[Hash(Load32(read - 1), shift)] = (ushort)(read - 1 - block);
                ushort* slot = &table[Hash(Load32(read), shift)];
                candidate = block + *slot;
                *slot = (ushort)(read - block);
            }
            while (Load32(candidate) == Load32(read));
            read++;
        }

        return literal < end ? WriteLiteral(write, literal, (uint)(end - literal)) : write;
    }

    /// <summary>
    /// Moves <paramref name="read"/> on to the first position whose four bytes occurred before, and returns where; null if there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* FindMatch(byte* block, ref byte* read, byte* last, ushort* table, int shift)
    {
        uint skip = 1 << SkipShift;
        byte* position = read;
        while (position <= last)
        {
            uint bytes = Load32(position);
            ushort* slot = &table[Hash(bytes, shift)];
            byte* candidate = block + *slot;
            *slot = (ushort)(position - block);
            if (Load32(candidate) == bytes)
            {
                read = position;
                return candidate;
            }

            position += skip >> SkipShift;
            skip++;
        }

        return null;
    }

    /// <summary>How many bytes from the two positions on are equal, not looking past <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MatchLength(byte* earlier, byte* later, byte* end)
    {
        byte* start = later;
        while (end - later >= sizeof(ulong))
        {
            ulong difference = Unsafe.ReadUnaligned<ulong>(earlier) ^ Unsafe.ReadUnaligned<ulong>(later);
            if (difference != 0)
            {
                int equalBits = BitConverter.IsLittleEndian
                    ? BitOperations.TrailingZeroCount(difference)
                    : BitOperations.LeadingZeroCount(difference);
                return (int)(later - start) + (equalBits >> 3);
            }

            earlier += sizeof(ulong);
            later += sizeof(ulong);
        }

        while (later < end && *earlier == *later)
        {
            earlier++;
            later++;
        }

        return (int)(later - start);
    }

    /// <summary>Writes a literal that lies <see cref="InputMargin"/> or more before the block's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteShortOrLongLiteral(byte* write, byte* literal, uint length)
    {
        if (length > ShortLiteral)
            return WriteLiteral(write, literal, length);
        *write++ = (byte)((length - 1) << 2);
        Vector128.Load(literal).Store(write);
        return write + length;
    }

    private static byte* WriteLiteral(byte* write, byte* literal, uint length)
    {
        uint coded = length - 1;
        if (coded < 60)
        {
            *write++ = (byte)(coded << 2);
        }
        else if (coded < 1 << 8)
        {
            *write++ = 60 << 2;
            *write++ = (byte)coded;
        }
        else
        {
            *write++ = 61 << 2;
            *write++ = (byte)coded;
            *write++ = (byte)(coded >> 8);
        }

        Unsafe.CopyBlockUnaligned(write, literal, length);
        return write + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteCopy(byte* write, uint offset, int length)
    {
        if (length < 12 && offset < 1 << 11)
            return WriteCopy1(write, offset, length);
        // Leaves at least four bytes for the last element, so that it may be a short one and always pays for itself.
        while (length >= 68)
        {
            write = WriteCopy2(write, offset, 64);
            length -= 64;
        }

        if (length > 64)
        {
            write = WriteCopy2(write, offset, 60);
            length -= 60;
        }

        return length < 12 && offset < 1 << 11 ? WriteCopy1(write, offset, length) : WriteCopy2(write, offset, length);
    }

    /// <summary>4 to 11 bytes from at most 2047 back: <c>ooolll01 oooooooo</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteCopy1(byte* write, uint offset, int length)
    {
        write[0] = (byte)((offset >> 8 << 5) | (uint)(length - 4) << 2 | 1);
        write[1] = (byte)offset;
        return write + 2;
    }

    /// <summary>1 to 64 bytes from at most 65535 back: <c>llllll10</c> and the offset, little-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteCopy2(byte* write, uint offset, int length)
    {
        write[0] = (byte)((length - 1) << 2 | 2);
        write[1] = (byte)offset;
        write[2] = (byte)(offset >> 8);
        return write + 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Load32(byte* from) => Unsafe.ReadUnaligned<uint>(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint bytes, int shift) => bytes * 0x1e35a7bd >> shift;
}
