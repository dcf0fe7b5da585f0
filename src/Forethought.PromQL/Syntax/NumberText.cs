using System.Globalization;

namespace Forethought.PromQL.Syntax;

/// <summary>Numbers as Go prints them with the fewest digits that read back as the same number.</summary>
internal static class NumberText
{
    /// <summary>The number without exponent (Go's format 'f'): 5000, 0.005, +Inf, NaN.</summary>
    internal static string Plain(double value)
    {
        if (!double.IsFinite(value))
        {
            return Special(value);
        }

        (string digits, int point) = Digits(value);
        string text = point <= 0 ? "0." + new string('0', -point) + digits
            : point >= digits.Length ? digits + new string('0', point - digits.Length)
            : digits.Insert(point, ".");
        return Sign(value) + text;
    }

    /// <summary>The number in Go's format 'g': with exponent below 1e-4 and from 1e+06 on.</summary>
    internal static string General(double value)
    {
        if (!double.IsFinite(value))
        {
            return Special(value);
        }

        (string digits, int point) = Digits(value);
        int exponent = point - 1;
        if (value == 0 || exponent is >= -4 and < 6)
        {
            return Plain(value);
        }

        string fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Sign(value)}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string Special(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

    private static string Sign(double value) => double.IsNegative(value) ? "-" : "";

    /// <summary>The significant digits without sign, and where among them the decimal point stands.</summary>
    private static (string Digits, int Point) Digits(double value)
    {
        if (value == 0)
        {
            return ("0", 1);
        }

        string text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        int exponentMark = text.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponentMark < 0 ? text : text[..exponentMark];
        int exponent = exponentMark < 0 ? 0 : int.Parse(text.AsSpan(exponentMark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        int leadingZeros = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), (point < 0 ? digits.Length : point) + exponent - leadingZeros);
    }
}
