using System.Numerics;

namespace Forethought.Encoding;

/// <summary>
/// Rounds <c>mantissa · 10^exponent</c> to the nearest double with one or two multiplications (Daniel Lemire, "Number parsing at a
/// gigabyte per second", 2021), or says that it cannot tell: near halfway cases, and outside the normal doubles.
/// </summary>
internal static class EiselLemire
{
    private const int FractionBits = 52;
    private const int ExponentBias = 1023;
    private const int MaxBiasedExponent = 2046;

    // Product bits below the 54 that are kept, when the top bit is set.
    private const ulong DroppedMask = 0x1ff;

    /// <summary>The nearest double, ties to even; false if this method cannot tell. The mantissa must not be 0.</summary>
    public static bool TryRound(ulong mantissa, int exponent, out double value)
    {
        value = 0;
        if (exponent is < PowersOfTen.MinExponent or > PowersOfTen.MaxExponent)
            return false;

        int leadingZeros = BitOperations.LeadingZeroCount(mantissa);
        mantissa <<= leadingZeros;
        ulong high = Math.BigMul(mantissa, PowersOfTen.High(exponent), out ulong low);
        // The power was cut off: its lower half is needed if a carry from there could reach the bits that are kept.
        if ((high & DroppedMask) == DroppedMask && low + mantissa < mantissa)
        {
            ulong lowerHigh = Math.BigMul(mantissa, PowersOfTen.Low(exponent), out ulong lowerLow);
            low += lowerHigh;
            if (low < lowerHigh)
                high++;
            if ((high & DroppedMask) == DroppedMask && low == ulong.MaxValue && lowerLow + mantissa < mantissa)
                return false;
        }

        // Keep 54 bits, of which the last decides the rounding.
        int top = (int)(high >> 63);
        ulong kept = high >> (top + 9);
        if (low == 0 && (high & DroppedMask) == 0 && (kept & 3) == 1)
            return false;
        kept = (kept + (kept & 1)) >> 1;
        int biased = PowersOfTen.FloorLog2(exponent) + ExponentBias + 63 - leadingZeros + top;
        if (kept >> (FractionBits + 1) != 0)
        {
            kept >>= 1;
            biased++;
        }

        if (biased is < 1 or > MaxBiasedExponent)
            return false;
        value = BitConverter.UInt64BitsToDouble((ulong)biased << FractionBits | (kept & ((1UL << FractionBits) - 1)));
        return true;
    }
}
