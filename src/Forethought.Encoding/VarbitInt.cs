using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Forethought.Encoding;

/// <summary>
/// Integers in bit streams of histogram and XOR2 chunks: <c>0</c> for zero, else a prefix of ones that tells how many bits of the
/// value follow.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>prefix</term><description>bits that follow</description></item>
/// <item><term>0</term><description>0</description></item>
/// <item><term>10</term><description>3</description></item>
/// <item><term>110</term><description>6</description></item>
/// <item><term>1110</term><description>9</description></item>
/// <item><term>11110</term><description>12</description></item>
/// <item><term>111110</term><description>18</description></item>
/// <item><term>1111110</term><description>25</description></item>
/// <item><term>11111110</term><description>56</description></item>
/// <item><term>11111111</term><description>64</description></item>
/// </list>
/// Signed values use the chunk formats' own form of two's complement: n bits hold -(2^(n-1)-1) to 2^(n-1), one more on the
/// positive side; see <see cref="FitsSigned"/>. Every bit pattern that does not end early is a value, so only truncation can fail.
/// Thread-safe.
/// </remarks>
public static class VarbitInt
{
    /// <summary>The longest code, in bits.</summary>
    public const int MaxBits = 72;

    private const int LongestPrefix = 8;

    // Value bits by number of ones in the prefix.
    private static ReadOnlySpan<byte> Widths => [0, 3, 6, 9, 12, 18, 25, 56, 64];

    // Ones in the prefix by number of significant bits, 0 to 64.
    private static ReadOnlySpan<byte> Prefixes =>
    [
        0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        8, 8, 8, 8, 8, 8, 8, 8,
    ];

    /// <summary>Writes a signed value.</summary>
    /// <exception cref="InvalidOperationException">The writer's destination is full.</exception>
    public static void Write(ref BitWriter writer, long value)
    {
        int prefix = value == 0 ? 0 : Prefixes[SignedWidth(value)];
        Write(ref writer, (ulong)value, prefix);
    }

    /// <summary>Writes an unsigned value.</summary>
    /// <exception cref="InvalidOperationException">The writer's destination is full.</exception>
    public static void WriteUnsigned(ref BitWriter writer, ulong value) =>
        Write(ref writer, value, Prefixes[64 - BitOperations.LeadingZeroCount(value)]);

    /// <summary>Reads a signed value.</summary>
    /// <returns>False, at an unspecified position, if the data end inside the code.</returns>
    public static bool TryRead(ref BitReader reader, out long value)
    {
        bool read = TryReadBits(ref reader, out ulong bits, out int width);
        value = width is 0 or 64 ? (long)bits : SignedFromBits(bits, width);
        return read;
    }

    /// <summary>Reads an unsigned value.</summary>
    /// <returns>False, at an unspecified position, if the data end inside the code.</returns>
    public static bool TryReadUnsigned(ref BitReader reader, out ulong value) => TryReadBits(ref reader, out value, out _);

    /// <summary>Reads a signed value.</summary>
    /// <exception cref="InvalidDataException">The data end inside the code.</exception>
    public static long Read(ref BitReader reader)
    {
        if (!TryRead(ref reader, out long value))
            ThrowTruncated();
        return value;
    }

    /// <summary>Reads an unsigned value.</summary>
    /// <exception cref="InvalidDataException">The data end inside the code.</exception>
    public static ulong ReadUnsigned(ref BitReader reader)
    {
        if (!TryReadUnsigned(ref reader, out ulong value))
            ThrowTruncated();
        return value;
    }

    /// <summary>
    /// Whether <paramref name="value"/> fits <paramref name="width"/> (2 to 64) bits in the chunk formats' sense:
    /// -(2^(width-1)-1) to 2^(width-1). The XOR chunk's deltas of time deltas follow the same rule.
    /// </summary>
    public static bool FitsSigned(long value, int width) => SignedWidth(value) <= width;

    /// <summary>The value of <paramref name="width"/> (2 to 63) bits written under the rule of <see cref="FitsSigned"/>.</summary>
    public static long SignedFromBits(ulong bits, int width) =>
        bits > 1UL << (width - 1) ? (long)(bits - (1UL << width)) : (long)bits;

    private static int SignedWidth(long value)
    {
        ulong magnitude = value > 0 ? (ulong)(value - 1) : (ulong)-value;
        return Math.Min(65 - BitOperations.LeadingZeroCount(magnitude), 64);
    }

    private static void Write(ref BitWriter writer, ulong value, int prefix)
    {
        int width = Widths[prefix];
        // The prefix of up to seven ones ends in a zero; eight ones need none.
        int prefixLength = Math.Min(prefix + 1, LongestPrefix);
        ulong prefixBits = prefix == LongestPrefix ? 0xff : (1UL << prefixLength) - 2;
        if (width == 64)
        {
            writer.WriteBits(prefixBits, prefixLength);
            writer.WriteBits(value, 64);
            return;
        }

        writer.WriteBits(prefixBits << width | (value & ((1UL << width) - 1)), prefixLength + width);
    }

    private static bool TryReadBits(ref BitReader reader, out ulong bits, out int width)
    {
        int prefix = Math.Min(reader.CountLeadingOneBits(), LongestPrefix);
        int prefixLength = Math.Min(prefix + 1, LongestPrefix);
        width = Widths[prefix];
        if (reader.RemainingBits < prefixLength + width)
        {
            bits = 0;
            width = 0;
            return false;
        }

        reader.Skip(prefixLength);
        bits = reader.ReadUnchecked(width);
        return true;
    }

    [DoesNotReturn]
    private static void ThrowTruncated() => throw new InvalidDataException("unexpected end of bit stream");
}
