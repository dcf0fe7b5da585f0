using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// The shortest decimal <c>Digits · 10^Exponent</c> that reads back as a given double and, of those, the closest to it. Digits has
/// at most 17 digits and does not end in a zero, unless it is 0.
/// </summary>
/// <remarks>
/// Raffaello Giulietti's Schubfach ("The Schubfach way to render doubles", 2020): scale the double and the borders of its rounding
/// interval by a power of ten such that the interval holds at least one and at most ten integers, and choose among the four
/// candidates around the value. The names follow the paper.
/// </remarks>
internal readonly struct ShortestDecimal
{
    private const int FractionBits = 52;
    private const int ExponentBias = 1023 + FractionBits;
    private const ulong HiddenBit = 1UL << FractionBits;

    private ShortestDecimal(ulong digits, int exponent)
    {
        Digits = digits;
        Exponent = exponent;
    }

    public ulong Digits { get; }

    public int Exponent { get; }

    /// <summary>The shortest decimal of <paramref name="value"/>, finite and not negative.</summary>
    public static ShortestDecimal Of(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        ulong fraction = bits & (HiddenBit - 1);
        int biased = (int)(bits >> FractionBits);
        if (biased == 0)
            return fraction == 0 ? default : Search(fraction, 1 - ExponentBias, false);

        ulong c = fraction | HiddenBit;
        int q = biased - ExponentBias;
        // Integers below 2^53 are their own shortest decimal: their neighbours are at most 1 away.
        if (q is <= 0 and > -53 && (c & ((1UL << -q) - 1)) == 0)
            return Strip(c >> -q, 0);
        return Search(c, q, fraction == 0 && biased > 1);
    }

    /// <summary>
    /// The decimal of c · 2^q. The interval below a power of two is half as wide as the one above it: <paramref name="lowerIsCloser"/>.
    /// </summary>
    private static ShortestDecimal Search(ulong c, int q, bool lowerIsCloser)
    {
        // floor(log10(2^q)), or of 3/4 of that; exact for all exponents of doubles.
        int k = (q * 1262611 - (lowerIsCloser ? 524031 : 0)) >> 22;
        int h = q + PowersOfTen.FloorLog2(-k) + 1;
        ulong gHigh = PowersOfTen.High(-k);
        ulong gLow = PowersOfTen.Low(-k);
        // The paper wants g rounded up.
        if (!PowersOfTen.IsExact(-k) && ++gLow == 0)
            gHigh++;

        ulong odd = c & 1;
        ulong lower = RoundToOdd(gHigh, gLow, (4 * c - (lowerIsCloser ? 1UL : 2)) << h) + odd;
        ulong middle = RoundToOdd(gHigh, gLow, (4 * c) << h);
        ulong upper = RoundToOdd(gHigh, gLow, (4 * c + 2) << h) - odd;

        ulong s = middle / 4;
        if (s >= 10)
        {
            ulong tens = s / 10;
            bool below = lower <= 40 * tens;
            bool above = 40 * tens + 40 <= upper;
            if (below != above)
                return Strip(tens + (above ? 1UL : 0), k + 1);
        }

        bool down = lower <= 4 * s;
        bool up = 4 * s + 4 <= upper;
        if (down != up)
            return Strip(s + (up ? 1UL : 0), k);
        ulong half = 4 * s + 2;
        bool roundUp = middle > half || (middle == half && (s & 1) != 0);
        return Strip(s + (roundUp ? 1UL : 0), k);
    }

    /// <summary>The product's bits from 2^128 on, the lowest one set also if any of those below is: enough to compare it exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundToOdd(ulong gHigh, ulong gLow, ulong factor)
    {
        ulong carried = Math.BigMul(gLow, factor, out _);
        ulong high = Math.BigMul(gHigh, factor, out ulong low);
        low += carried;
        if (low < carried)
            high++;
        return high | (low > 1 ? 1UL : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ShortestDecimal Strip(ulong digits, int exponent)
    {
        while (true)
        {
            ulong tenth = digits / 10;
            if (tenth * 10 != digits || digits == 0)
                return new ShortestDecimal(digits, exponent);
            digits = tenth;
            exponent++;
        }
    }
}
