using System.Numerics;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// Variable-length integers as Go's <c>encoding/binary</c> and protobuf write them: groups of seven bits, least significant first,
/// the high bit of a byte set while more follow. Signed values are zigzag-coded (0, -1, 1, -2, …) in the <c>Varint</c> forms.
/// </summary>
/// <remarks>Like Go's reader, accepts codes longer than needed (<c>80 00</c> is 0) as long as they fit ten bytes. Thread-safe.</remarks>
public static class Varint
{
    /// <summary>The longest code of a 64-bit value, in bytes.</summary>
    public const int MaxLength = 10;

    /// <summary>The length in bytes, 1 to 10, of the code of <paramref name="value"/>.</summary>
    public static int UvarintLength(ulong value) => (BitOperations.Log2(value | 1) * 9 + 73) >> 6;

    /// <summary>Writes <paramref name="value"/> at the start of <paramref name="destination"/>.</summary>
    /// <returns>The number of bytes written, 1 to 10.</returns>
    /// <exception cref="IndexOutOfRangeException">The destination is shorter than the code.</exception>
    public static int WriteUvarint(Span<byte> destination, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Writes the zigzag code of <paramref name="value"/> at the start of <paramref name="destination"/>.</summary>
    /// <returns>The number of bytes written, 1 to 10.</returns>
    /// <exception cref="IndexOutOfRangeException">The destination is shorter than the code.</exception>
    public static int WriteVarint(Span<byte> destination, long value) => WriteUvarint(destination, ZigZag(value));

    /// <summary>Reads the value at the start of <paramref name="source"/>.</summary>
    /// <param name="source">What to read; bytes after the code are left alone.</param>
    /// <param name="value">The value, 0 on failure.</param>
    /// <param name="length">
    /// Bytes consumed on success. On failure, as in Go, 0 if the source ends inside the code, or minus the number of bytes looked at
    /// if the value does not fit 64 bits.
    /// </param>
    /// <returns>Whether a value was read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadUvarint(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        if (source.Length > 0 && source[0] < 0x80)
        {
            value = source[0];
            length = 1;
            return true;
        }

        return TryReadLong(source, out value, out length);
    }

    /// <summary>Reads the zigzag-coded value at the start of <paramref name="source"/>.</summary>
    /// <param name="source">What to read; bytes after the code are left alone.</param>
    /// <param name="value">The value, 0 on failure.</param>
    /// <param name="length">As in <see cref="TryReadUvarint"/>.</param>
    /// <returns>Whether a value was read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadVarint(ReadOnlySpan<byte> source, out long value, out int length)
    {
        bool read = TryReadUvarint(source, out ulong coded, out length);
        value = UnZigZag(coded);
        return read;
    }

    /// <summary>Maps small values of either sign to small unsigned ones: 0, -1, 1, -2 become 0, 1, 2, 3.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>The inverse of <see cref="ZigZag"/>.</summary>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static bool TryReadLong(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        ulong sum = 0;
        int limit = Math.Min(source.Length, MaxLength);
        for (int i = 0; i < limit; i++)
        {
            uint b = source[i];
            if (b < 0x80)
            {
                // The tenth byte carries bit 63 alone.
                if (i == MaxLength - 1 && b > 1)
                    return Fail(-MaxLength, out value, out length);
                value = sum | ((ulong)b << (7 * i));
                length = i + 1;
                return true;
            }

            sum |= (ulong)(b & 0x7f) << (7 * i);
        }

        return Fail(limit == MaxLength ? -MaxLength : 0, out value, out length);
    }

    private static bool Fail(int reason, out ulong value, out int length)
    {
        value = 0;
        length = reason;
        return false;
    }
}
