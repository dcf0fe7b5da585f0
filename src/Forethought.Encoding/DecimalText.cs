using System.Numerics;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>Decimal digits of unsigned integers, two at a time.</summary>
internal static class DecimalText
{
    /// <summary>The digits of the greatest value.</summary>
    public const int MaxDigits = 20;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"u8 +
        "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"u8 +
        "9899"u8;

    private static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary>The number of digits, 1 for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountDigits(ulong value)
    {
        // log10(2) is a little more than 1233/4096: right or one too few.
        int digits = ((BitOperations.Log2(value | 1) + 1) * 1233) >> 12;
        return value >= Powers[digits] ? digits + 1 : Math.Max(digits, 1);
    }

    /// <summary>Writes <paramref name="value"/> without leading zeros and returns its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, ulong value)
    {
        int count = CountDigits(value);
        Write(destination, value, count);
        return count;
    }

    /// <summary>Writes the last <paramref name="count"/> digits of <paramref name="value"/>, zeros in front if it has fewer.</summary>
    public static void Write(Span<byte> destination, ulong value, int count)
    {
        while (count > 8)
        {
            ulong rest = value / 100_000_000;
            WriteUpTo8(destination.Slice(count - 8, 8), (uint)(value - rest * 100_000_000), 8);
            value = rest;
            count -= 8;
        }

        WriteUpTo8(destination, (uint)value, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteUpTo8(Span<byte> destination, uint value, int count)
    {
        while (count >= 2)
        {
            uint rest = value / 100;
            count -= 2;
            Pairs.Slice((int)(value - rest * 100) * 2, 2).CopyTo(destination.Slice(count, 2));
            value = rest;
        }

        if (count > 0)
            destination[0] = (byte)('0' + value % 10);
    }
}
