using System.Globalization;
using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>Converts number and duration tokens, by the rules of Go's <c>strconv</c>.</summary>
internal static class NumberParser
{
    /// <summary>The value of a number token; what is wrong with it is added to the errors.</summary>
    internal static double ParseNumber(TokenStream tokens, Token token)
    {
        string text = token.Text;
        if (TryParseInteger(text, out long integer))
        {
            return integer;
        }

        if (!TryParseFloat(text, out double value))
        {
            tokens.AddError(token.PositionRange, $"error parsing number: strconv.ParseFloat: parsing {GoQuoting.Quote(text)}: invalid syntax");
        }
        else if (double.IsInfinity(value) && !text.Equals("inf", StringComparison.OrdinalIgnoreCase))
        {
            tokens.AddError(token.PositionRange, $"error parsing number: strconv.ParseFloat: parsing {GoQuoting.Quote(text)}: value out of range");
        }

        return value;
    }

    /// <summary>The seconds of a duration token; what is wrong with it is added to the errors, and it counts as zero.</summary>
    internal static double ParseDuration(TokenStream tokens, Token token)
    {
        try
        {
            return DurationLiterals.ToSeconds(PrometheusDuration.Parse(token.Text));
        }
        catch (FormatException e)
        {
            tokens.AddError(token.PositionRange, e.Message);
            return 0;
        }
    }

    /// <summary>The value of a number or duration token.</summary>
    internal static double ParseNumberOrDuration(TokenStream tokens, Token token) =>
        token.Kind == TokenKind.Duration ? ParseDuration(tokens, token) : ParseNumber(tokens, token);

    /// <summary>The literal of a number or duration token.</summary>
    internal static NumberLiteral ParseLiteral(TokenStream tokens, Token token) =>
        new(ParseNumberOrDuration(tokens, token), token.Kind == TokenKind.Duration, token.PositionRange);

    /// <summary>A whole number in decimal, in octal with a leading 0, in hexadecimal with a leading 0x.</summary>
    private static bool TryParseInteger(string text, out long value)
    {
        value = 0;
        if (!AreUnderscoresPlaced(text))
        {
            return false;
        }

        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex)
                && hex <= long.MaxValue
                && (value = (long)hex) >= 0;
        }

        return digits.StartsWith('0') && digits.Length > 1
            ? TryParseOctal(digits, out value)
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseOctal(string digits, out long value)
    {
        value = 0;
        foreach (char c in digits)
        {
            if (c is < '0' or > '7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (long)(c - '0');
        }

        return true;
    }

    private static bool TryParseFloat(string text, out double value)
    {
        value = text.ToLowerInvariant() switch
        {
            "inf" => double.PositiveInfinity,
            "nan" => StaleMarker.NormalNaN,
            _ => 0,
        };
        if (value != 0)
        {
            return true;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return AreUnderscoresPlaced(text)
            && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether underscores stand only between digits, or between the prefix 0x and a digit.</summary>
    private static bool AreUnderscoresPlaced(string text)
    {
        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        for (int i = text.IndexOf('_', StringComparison.Ordinal); i >= 0; i = text.IndexOf('_', i + 1))
        {
            bool digitBefore = i > 0 && (char.IsAsciiHexDigit(text[i - 1]) || (hex && i == 2));
            bool digitAfter = i + 1 < text.Length && char.IsAsciiHexDigit(text[i + 1]);
            if (!digitBefore || !digitAfter)
            {
                return false;
            }
        }

        return true;
    }
}
