using System.Globalization;

namespace Forethought.Client;

/// <summary>Doubles as Go's <c>strconv</c> writes them in format 'g' with the fewest digits that read back the same.</summary>
internal static class GoFloat
{
    /// <summary>No double needs more bytes than this.</summary>
    public const int MaxLength = 32;

    // From 10^6 on, and below 10^-4, Go writes d.ddde±xx.
    private const int LowestPlainExponent = -4;
    private const int HighestPlainExponent = 5;

    /// <summary>Writes <paramref name="value"/>; returns the number of bytes. The span holds <see cref="MaxLength"/> bytes.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
            return Copy(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8, destination);

        // .NET finds the same digits, but puts point and exponent by rules of its own: 1E+16, 1.5E-05, 123456789.
        Span<byte> shortest = stackalloc byte[MaxLength];
        value.TryFormat(shortest, out int length, "R", CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[MaxLength];
        int count = Digits(shortest[..length], digits, out int exponent);

        int sign = double.IsNegative(value) ? Copy("-"u8, destination) : 0;
        destination = destination[sign..];
        return sign + (exponent is < LowestPlainExponent or > HighestPlainExponent
            ? Scientific(digits[..count], exponent, destination)
            : Plain(digits[..count], exponent, destination));
    }

    /// <summary>The significant digits, at least one, and the power of ten of the first.</summary>
    private static int Digits(ReadOnlySpan<byte> text, Span<byte> digits, out int exponent)
    {
        exponent = 0;
        int count = 0;
        int point = -1;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == 'E')
            {
                exponent = int.Parse(text[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }

            if (text[i] == '.')
                point = count;
            else if (text[i] != '-')
                digits[count++] = text[i];
        }

        exponent += (point < 0 ? count : point) - 1;
        int leading = digits[..count].IndexOfAnyExcept((byte)'0');
        if (leading < 0)
        {
            exponent = 0;
            return 1;
        }

        exponent -= leading;
        int end = digits[..count].LastIndexOfAnyExcept((byte)'0') + 1;
        digits[leading..end].CopyTo(digits);
        return end - leading;
    }

    private static int Plain(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        int used = 0;
        for (int power = Math.Max(exponent, 0); power >= Math.Min(exponent - digits.Length + 1, 0); power--)
        {
            if (power == -1)
                destination[used++] = (byte)'.';
            int index = exponent - power;
            destination[used++] = index >= 0 && index < digits.Length ? digits[index] : (byte)'0';
        }

        return used;
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        destination[0] = digits[0];
        int used = 1;
        if (digits.Length > 1)
        {
            destination[used++] = (byte)'.';
            used += Copy(digits[1..], destination[used..]);
        }

        destination[used++] = (byte)'e';
        destination[used++] = (byte)(exponent < 0 ? '-' : '+');
        Math.Abs(exponent).TryFormat(destination[used..], out int length, "00", CultureInfo.InvariantCulture);
        return used + length;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
