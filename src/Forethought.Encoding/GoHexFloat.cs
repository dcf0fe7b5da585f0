using System.Numerics;

namespace Forethought.Encoding;

/// <summary>Go's hexadecimal floats, <c>0x1.8p-3</c>: the binary exponent must be there, underscores may stand between digits.</summary>
internal static class GoHexFloat
{
    private const int FractionBits = 52;
    private const int MinExponent = -1022;
    private const int MaxExponent = 1023;

    // Sixteen hexadecimal digits fit the mantissa; of those that follow only whether one is not zero matters.
    private const int MantissaDigits = 16;

    /// <summary>Parses what follows sign and <c>0x</c>; underscores are looked at by the caller.</summary>
    public static GoNumberStatus Parse(ReadOnlySpan<byte> text, out double magnitude)
    {
        magnitude = 0;
        ulong mantissa = 0;
        int taken = 0, significant = 0, point = 0, i = 0;
        bool sawPoint = false, sawDigits = false, sticky = false;
        for (; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '_')
                continue;
            if (c == '.' && !sawPoint)
            {
                sawPoint = true;
                point = significant;
                continue;
            }

            int digit = Digit(c);
            if (digit < 0)
                break;
            sawDigits = true;
            if (digit == 0 && significant == 0)
            {
                point--;
                continue;
            }

            significant++;
            if (taken < MantissaDigits)
            {
                mantissa = mantissa << 4 | (uint)digit;
                taken++;
            }
            else
            {
                sticky |= digit != 0;
            }
        }

        if (!sawDigits || i == text.Length || (text[i] | 0x20) != 'p' || !GoFloatParser.TryReadExponent(text[(i + 1)..], out int exponent))
            return GoNumberStatus.InvalidSyntax;
        if (!sawPoint)
            point = significant;
        return mantissa == 0 ? GoNumberStatus.Ok : Round(mantissa, sticky, exponent + (point - taken) * 4L, out magnitude);
    }

    public static bool IsDigit(byte c) => Digit(c) >= 0;

    private static int Digit(byte c)
    {
        if (c is >= (byte)'0' and <= (byte)'9')
            return c - '0';
        int lower = c | 0x20;
        return lower is >= 'a' and <= 'f' ? lower - 'a' + 10 : -1;
    }

    /// <summary>The double nearest to mantissa · 2^exponent, a little more if <paramref name="sticky"/>; ties to even.</summary>
    private static GoNumberStatus Round(ulong mantissa, bool sticky, long exponent, out double magnitude)
    {
        int leadingZeros = BitOperations.LeadingZeroCount(mantissa);
        mantissa <<= leadingZeros;
        long topExponent = exponent + 63 - leadingZeros;
        magnitude = 0;
        if (topExponent > MaxExponent)
        {
            magnitude = double.PositiveInfinity;
            return GoNumberStatus.OutOfRange;
        }

        long kept = FractionBits + 1 - Math.Max(MinExponent - topExponent, 0);
        if (kept < 0)
            return GoNumberStatus.Ok;
        ulong significand = kept == 0 ? 0 : mantissa >> (int)(64 - kept);
        ulong rest = mantissa << (int)kept;
        const ulong Half = 1UL << 63;
        if (rest > Half || (rest == Half && (sticky || (significand & 1) != 0)))
            significand++;

        // Adding carries a full significand into the exponent, up to infinity; a denormal has the exponent of the least normal, less one.
        ulong biased = topExponent < MinExponent ? 0 : (ulong)(topExponent - MinExponent);
        magnitude = BitConverter.UInt64BitsToDouble((biased << FractionBits) + significand);
        return double.IsInfinity(magnitude) ? GoNumberStatus.OutOfRange : GoNumberStatus.Ok;
    }
}
