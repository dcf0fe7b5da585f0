using System.Buffers;
using System.Globalization;
using System.Text;

namespace Forethought.Model;

/// <summary>
/// Sizes as <c>512MB</c> or <c>1GiB512MiB</c>: all units are powers of 1024, and a unit is required except for zero.
/// </summary>
public static class ByteSize
{
    private const string Prefixes = "KMGTPE";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create(".0123456789");

    /// <summary>Parses a size in bytes; it may have a sign.</summary>
    /// <exception cref="FormatException">The text is no size; the message is that of upstream's units library.</exception>
    public static long Parse(string text)
    {
        if (TrySum(text, "iB", out long size, out _) || TrySum(text, "B", out size, out string problem))
        {
            return size;
        }

        throw new FormatException("units: " + problem);
    }

    /// <summary>The text of a size, with as many units as it needs: <c>1GiB512MiB</c>.</summary>
    public static string Format(long bytes)
    {
        var text = new StringBuilder();
        long rest = bytes;
        for (int i = 0; i <= Prefixes.Length; i++)
        {
            long part = rest % 1024;
            if (part != 0 || (i == 0 && rest == 0))
            {
                text.Insert(0, string.Create(CultureInfo.InvariantCulture, $"{part}{(i == 0 ? "B" : Prefixes[i - 1] + "iB")}"));
            }

            rest /= 1024;
            if (rest == 0)
            {
                break;
            }
        }

        return text.ToString();
    }

    private static bool TrySum(string text, string suffix, out long size, out string problem)
    {
        size = 0;
        problem = "invalid " + text;
        ReadOnlySpan<char> rest = text;
        bool negative = rest.StartsWith("-");
        rest = !rest.IsEmpty && rest[0] is '-' or '+' ? rest[1..] : rest;
        if (rest is "0")
        {
            return true;
        }

        double sum = 0;
        bool any = false;
        while (!rest.IsEmpty)
        {
            int digits = IndexOfUnit(rest);
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            rest = rest[digits..];
            int end = rest.IndexOfAny(NumberCharacters);
            ReadOnlySpan<char> unit = end < 0 ? rest : rest[..end];
            if (!TryUnit(unit, suffix, out double factor))
            {
                problem = $"unknown unit {unit} in {text}";
                return false;
            }

            sum += number * factor;
            rest = rest[unit.Length..];
            any = true;
        }

        problem = any ? "overflow parsing unit" : problem;
        size = (long)(negative ? -sum : sum);
        return any && sum <= long.MaxValue;
    }

    // A second point ends the number: what follows it is then no unit.
    private static int IndexOfUnit(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExcept(NumberCharacters);
        end = end < 0 ? text.Length : end;
        int point = text[..end].IndexOf('.');
        int second = point < 0 ? -1 : text[(point + 1)..end].IndexOf('.');
        return second < 0 ? end : point + 1 + second;
    }

    private static bool TryUnit(ReadOnlySpan<char> unit, string suffix, out double factor)
    {
        factor = 1;
        if (unit is "B")
        {
            return true;
        }

        int power = unit.Length == suffix.Length + 1 && unit.EndsWith(suffix) ? Prefixes.IndexOf(unit[0], StringComparison.Ordinal) + 1 : 0;
        factor = Math.Pow(1024, power);
        return power > 0;
    }
}
