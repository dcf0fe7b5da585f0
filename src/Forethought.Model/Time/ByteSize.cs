using System.Buffers;
using System.Globalization;

namespace Forethought.Model;

/// <summary>
/// Sizes as Prometheus' flags and configuration write them: numbers with a unit (<c>512MB</c>, <c>1GiB</c>), both forms in powers
/// of two.
/// </summary>
public static class ByteSize
{
    private const string Prefixes = "KMGTPE";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Parses a size in bytes; a unit is required, but for 0.</summary>
    /// <exception cref="FormatException">The text is no size; the message is that of upstream's units library.</exception>
    public static long Parse(string text)
    {
        ReadOnlySpan<char> rest = text;
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest is "0")
            return 0;
        if (rest.IsEmpty)
            throw new FormatException($"units: invalid {text}");
        double total = 0;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOfAnyExcept(NumberCharacters);
            ReadOnlySpan<char> number = length < 0 ? rest : rest[..length];
            rest = rest[number.Length..];
            if (number.IsEmpty)
                throw new FormatException($"units: invalid {text}");
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
                throw new FormatException($"units: unknown unit  in {text}");
            int unitLength = rest.IndexOfAny(NumberCharacters);
            ReadOnlySpan<char> unit = unitLength < 0 ? rest : rest[..unitLength];
            rest = rest[unit.Length..];
            total += value * Factor(unit, text);
        }

        if (total >= long.MaxValue)
            throw new FormatException("units: overflow parsing unit");
        return (long)(negative ? -total : total);
    }

    private static double Factor(ReadOnlySpan<char> unit, string text)
    {
        if (unit is "B")
            return 1;
        int power = unit.Length >= 2 ? Prefixes.IndexOf(unit[0], StringComparison.Ordinal) + 1 : 0;
        if (power > 0 && unit[1..] is "B" or "iB")
            return Math.ScaleB(1, 10 * power);
        throw new FormatException($"units: unknown unit {unit} in {text}");
    }
}
