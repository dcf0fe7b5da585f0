using System.Buffers;
using System.Globalization;
using System.Text;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Numbers as Go's <c>fmt</c> and <c>strconv</c> write and read them, beyond what <see cref="NumberText"/> offers.</summary>
internal static class GoNumber
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE"u8);

    /// <summary>The number with two significant digits (<c>%.2g</c>).</summary>
    public static string FormatTwoDigits(double value)
    {
        if (!double.IsFinite(value))
            return NumberText.General(value);
        double rounded = double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        double magnitude = Math.Abs(rounded);
        if (magnitude is 0 or (>= 1e-4 and < 100))
            return NumberText.Plain(rounded);
        int exponent = (int)Math.Floor(Math.Log10(magnitude) + 1e-9);
        string mantissa = (rounded / Math.Pow(10, exponent)).ToString("0.#", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>Parses a float as Go's <c>strconv.ParseFloat</c> does, without its hexadecimal forms.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.IsEmpty)
            return false;
        ReadOnlySpan<byte> unsigned = text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(unsigned, "inf") || Ascii.EqualsIgnoreCase(unsigned, "infinity"))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (Ascii.EqualsIgnoreCase(text, "nan"))
        {
            value = double.NaN;
            return true;
        }

        return !text.ContainsAnyExcept(NumberBytes)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
