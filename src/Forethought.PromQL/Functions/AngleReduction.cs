namespace Forethought.PromQL.Functions;

/// <summary>
/// Reduces an angle to an octant and a rest in [−π/4, π/4]: below 2²⁹ with π/4 in three parts (Cephes), above after K. C. Ng,
/// "Argument reduction for huge arguments: good to the last bit" (1992), with 1,217 bits of 4/π.
/// </summary>
internal static class AngleReduction
{
    private const double LargestSimple = 1 << 29;
    private const int MantissaBits = 52;
    private const int Bias = 1023;

    // The binary digits of 4/π, 64 in a word, the first before the point.
    private static readonly ulong[] FourOverPi =
    [
        0x0000000000000001, 0x45f306dc9c882a53, 0xf84eafa3ea69bb81, 0xb6c52b3278872083, 0xfca2c757bd778ac3,
        0x6e48dc74849ba5c0, 0x0c925dd413a32439, 0xfc3bd63962534e7d, 0xd1046bea5d768909, 0xd338e04d68befc82,
        0x7323ac7306a673e9, 0x3908bf177bf25076, 0x3ff12fffbc0b301f, 0xde5e2316b414da3e, 0xda6cfd9e4f96136e,
        0x9e8c7ecd3cbfd45a, 0xea4f758fd7cbe2f6, 0x7a0e73ef14a525d4, 0xd7f6bf623f1aba10, 0xac06608df8f6d757,
    ];

    /// <summary>The octant, an even number from 0 to 6, and the rest.</summary>
    /// <param name="x">A finite angle, not negative.</param>
    public static (int Octant, double Remainder) Reduce(double x)
    {
        if (x >= LargestSimple)
            return ReduceHuge(x);
        ulong octant = (ulong)(x * 1.27323954473516268615);
        double y = octant;
        if ((octant & 1) == 1)
        {
            octant++;
            y++;
        }

        double rest = x - (y * 7.85398125648498535156e-1) - (y * 3.77489470793079817668e-8) - (y * 2.69515142907905952645e-15);
        return ((int)(octant & 7), rest);
    }

    private static (int Octant, double Remainder) ReduceHuge(double x)
    {
        ulong mantissa = BitConverter.DoubleToUInt64Bits(x);
        int exponent = (int)(mantissa >> MantissaBits & 0x7FF) - Bias - MantissaBits;
        mantissa = (mantissa & ((1UL << MantissaBits) - 1)) | (1UL << MantissaBits);

        // The three words of 4/π whose product with the mantissa holds the octant and a fraction.
        int word = (exponent + 61) / 64;
        int shift = (exponent + 61) % 64;
        ulong first = Digits(word, shift);
        UInt128 second = (UInt128)Digits(word + 1, shift) * mantissa;
        ulong third = (ulong)(((UInt128)Digits(word + 2, shift) * mantissa) >> 64);
        UInt128 product = ((UInt128)unchecked(first * mantissa) << 64) + second + third;

        int octant = (int)(ulong)(product >> 125);
        UInt128 fraction = product << 3;
        int zeros = (int)UInt128.LeadingZeroCount(fraction);
        ulong digits = (ulong)((fraction << (zeros + 1)) >> (128 - MantissaBits));
        double rest = BitConverter.UInt64BitsToDouble(((ulong)(Bias - (zeros + 1)) << MantissaBits) | digits);
        if ((octant & 1) == 1)
        {
            octant = (octant + 1) & 7;
            rest--;
        }

        return (octant, rest * (Math.PI / 4));
    }

    private static ulong Digits(int word, int shift) =>
        shift == 0 ? FourOverPi[word] : (FourOverPi[word] << shift) | (FourOverPi[word + 1] >> (64 - shift));
}
