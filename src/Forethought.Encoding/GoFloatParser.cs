using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Forethought.Encoding;

/// <summary>
/// Parses floats as Go does: one pass over plain decimals of up to 19 digits, which Clinger's exact case or Eisel and Lemire's method
/// round; a second, careful pass over everything else.
/// </summary>
internal static class GoFloatParser
{
    private const ulong GoNaNBits = 0x7ff8000000000001;

    // 10^19 - 1 is the most that any number of digits can be and surely fit 64 bits.
    private const int MaxMantissaDigits = 19;

    private const ulong MaxExactMantissa = 1UL << 53;
    private const int MaxExactPower = 22;

    // No double needs more digits to be told from its neighbours' midpoint than 767; as many as Go looks at.
    private const int MaxDigits = 800;

    // Position of the decimal point relative to the first digit from which on all numbers are infinite, or zero.
    private const int InfinitePoint = 310;
    private const int ZeroPoint = -330;

    // Larger exponents change nothing, as in Go, which stops adding digits here.
    private const int ExponentLimit = 10_000;

    private static ReadOnlySpan<double> ExactPowers =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Parses all of <paramref name="text"/>; <paramref name="extended"/> admits hexadecimal floats and underscores.</summary>
    public static GoNumberStatus Parse(ReadOnlySpan<byte> text, bool extended, out double value)
    {
        int i = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int start = i;
        ulong mantissa = 0;
        for (; (uint)i < (uint)text.Length; i++)
        {
            uint digit = text[i] - (uint)'0';
            if (digit > 9)
                break;
            mantissa = mantissa * 10 + digit;
        }

        int digits = i - start;
        int exponent = 0;
        if ((uint)i < (uint)text.Length && text[i] == '.')
        {
            start = ++i;
            for (; (uint)i < (uint)text.Length; i++)
            {
                uint digit = text[i] - (uint)'0';
                if (digit > 9)
                    break;
                mantissa = mantissa * 10 + digit;
            }

            exponent = start - i;
            digits -= exponent;
        }

        if (digits is 0 or > MaxMantissaDigits || !TryFinishExponent(text[i..], ref exponent))
            return ParseCarefully(text, extended, out value);
        GoNumberStatus status = Round(mantissa, exponent, out double magnitude);
        value = text[0] == '-' ? -magnitude : magnitude;
        return status;
    }

    /// <summary>Reads an exponent's sign and digits, underscores after the first, up to the end of <paramref name="text"/>.</summary>
    public static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        if (text.Length == 0 || !char.IsAsciiDigit((char)text[0]))
            return false;
        foreach (byte c in text)
        {
            if (c == '_')
                continue;
            if (!char.IsAsciiDigit((char)c))
                return false;
            if (exponent < ExponentLimit)
                exponent = exponent * 10 + (c - '0');
        }

        if (negative)
            exponent = -exponent;
        return true;
    }

    /// <summary>Adds what follows the mantissa: nothing, or an exponent. False for anything else, underscores included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFinishExponent(ReadOnlySpan<byte> rest, ref int exponent)
    {
        if (rest.Length == 0)
            return true;
        if ((rest[0] | 0x20) != 'e' || rest.Contains((byte)'_') || !TryReadExponent(rest[1..], out int written))
            return false;
        exponent += written;
        return true;
    }

    /// <summary>The double nearest to mantissa · 10^exponent, the mantissa being exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static GoNumberStatus Round(ulong mantissa, int exponent, out double magnitude)
    {
        // Two exact doubles and one operation, which rounds once (William Clinger, 1990).
        if (mantissa <= MaxExactMantissa && (uint)(exponent + MaxExactPower) <= 2 * MaxExactPower)
        {
            magnitude = (long)mantissa;
            if (exponent < 0)
                magnitude /= ExactPowers[-exponent];
            else if (exponent > 0)
                magnitude *= ExactPowers[exponent];
            return GoNumberStatus.Ok;
        }

        if (mantissa != 0 && EiselLemire.TryRound(mantissa, exponent, out magnitude))
            return GoNumberStatus.Ok;
        return RoundHard(mantissa, exponent, out magnitude);
    }

    private static GoNumberStatus RoundHard(ulong mantissa, int exponent, out double magnitude)
    {
        magnitude = 0;
        if (mantissa == 0)
            return GoNumberStatus.Ok;
        Span<byte> digits = stackalloc byte[DecimalText.MaxDigits];
        int count = DecimalText.Write(digits, mantissa);
        return RoundDigits(digits[..count], count + exponent, out magnitude);
    }

    private static GoNumberStatus ParseCarefully(ReadOnlySpan<byte> text, bool extended, out double value)
    {
        if (TryParseSpecial(text, out value))
            return GoNumberStatus.Ok;
        bool negative = text.Length > 0 && text[0] == '-';
        ReadOnlySpan<byte> number = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        bool hexadecimal = number.Length > 2 && number[0] == '0' && (number[1] | 0x20) == 'x';
        if (!extended && (hexadecimal || number.Contains((byte)'_')))
            return GoNumberStatus.InvalidSyntax;
        if (!UnderscoresSeparateDigits(number, hexadecimal))
            return GoNumberStatus.InvalidSyntax;
        GoNumberStatus status = hexadecimal
            ? GoHexFloat.Parse(number[2..], out double magnitude)
            : ParseDecimal(number, out magnitude);
        if (status != GoNumberStatus.InvalidSyntax)
            value = negative ? -magnitude : magnitude;
        return status;
    }

    /// <summary>Any number of digits, underscores anywhere.</summary>
    private static GoNumberStatus ParseDecimal(ReadOnlySpan<byte> text, out double magnitude)
    {
        // One more than are kept: the digit that stands for all those dropped.
        Span<byte> digits = stackalloc byte[MaxDigits + 1];
        magnitude = 0;
        int kept = 0, significant = 0, point = 0, i = 0;
        bool sawPoint = false, sawDigits = false, dropped = false;
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

            if (!char.IsAsciiDigit((char)c))
                break;
            sawDigits = true;
            if (c == '0' && significant == 0)
            {
                point--;
                continue;
            }

            significant++;
            if (kept < MaxDigits)
                digits[kept++] = c;
            else
                dropped |= c != '0';
        }

        int exponent = 0;
        if (!sawDigits || (i < text.Length && ((text[i] | 0x20) != 'e' || !TryReadExponent(text[(i + 1)..], out exponent))))
            return GoNumberStatus.InvalidSyntax;
        if (kept == 0)
            return GoNumberStatus.Ok;
        if (dropped)
            digits[kept++] = (byte)'1';
        return RoundDigits(digits[..kept], (sawPoint ? point : significant) + exponent, out magnitude);
    }

    /// <summary>The double nearest to 0.digits · 10^point, the first digit not being zero, by the runtime's exact arithmetic.</summary>
    private static GoNumberStatus RoundDigits(ReadOnlySpan<byte> digits, int point, out double magnitude)
    {
        magnitude = 0;
        if (point < ZeroPoint)
            return GoNumberStatus.Ok;
        if (point <= InfinitePoint)
        {
            Span<byte> text = stackalloc byte[digits.Length + 16];
            text[0] = (byte)'.';
            digits.CopyTo(text[1..]);
            int length = digits.Length + 1;
            text[length++] = (byte)'e';
            text[length++] = (byte)(point < 0 ? '-' : '+');
            length += DecimalText.Write(text[length..], (ulong)Math.Abs(point));
            magnitude = double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        else
        {
            magnitude = double.PositiveInfinity;
        }

        return double.IsInfinity(magnitude) ? GoNumberStatus.OutOfRange : GoNumberStatus.Ok;
    }

    private static bool TryParseSpecial(ReadOnlySpan<byte> text, out double value)
    {
        bool signed = text.Length > 0 && text[0] is (byte)'-' or (byte)'+';
        ReadOnlySpan<byte> word = signed ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        bool isNaN = !signed && Ascii.EqualsIgnoreCase(word, "nan"u8);
        value = isNaN ? BitConverter.UInt64BitsToDouble(GoNaNBits) : 0;
        return isNaN;
    }

    /// <summary>Whether every underscore stands after a digit, or the prefix <c>0x</c>, and before a digit.</summary>
    private static bool UnderscoresSeparateDigits(ReadOnlySpan<byte> number, bool hexadecimal)
    {
        for (int i = 0; i < number.Length; i++)
        {
            if (number[i] != '_')
                continue;
            bool after = i > 0 && (IsDigit(number[i - 1], hexadecimal) || (hexadecimal && i == 2));
            if (!after || i + 1 == number.Length || !IsDigit(number[i + 1], hexadecimal))
                return false;
        }

        return true;
    }

    private static bool IsDigit(byte c, bool hexadecimal) => hexadecimal ? GoHexFloat.IsDigit(c) : char.IsAsciiDigit((char)c);
}
