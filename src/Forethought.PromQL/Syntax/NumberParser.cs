using Forethought.Encoding;
using Forethought.Model;
using GoNumber = Forethought.Encoding.GoNumber;

namespace Forethought.PromQL.Syntax;

/// <summary>Converts number and duration tokens, by the rules of Go's <c>strconv</c>.</summary>
internal static class NumberParser
{
    private const string HexDigits = "0123456789abcdef";

    /// <summary>The value of a number token; what is wrong with it is added to the errors.</summary>
    internal static double ParseNumber(TokenStream tokens, Token token)
    {
        if (TryParsePrefixed(token.Text, out long integer))
        {
            return integer;
        }

        GoNumberStatus status = GoNumber.Parse(System.Text.Encoding.ASCII.GetBytes(token.Text), out double value);
        if (status != GoNumberStatus.Ok)
        {
            string problem = status == GoNumberStatus.OutOfRange ? "value out of range" : "invalid syntax";
            tokens.AddError(
                token.PositionRange, $"error parsing number: strconv.ParseFloat: parsing {GoQuoting.Quote(token.Text)}: {problem}");
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

    /// <summary>
    /// A whole number of 63 bits in octal (leading 0) or hexadecimal (leading 0x), with single underscores between digits. What is
    /// none, like 08 and 0.5, is read as a decimal number.
    /// </summary>
    private static bool TryParsePrefixed(string text, out long value)
    {
        value = 0;
        if (text.Length < 2 || text[0] != '0')
        {
            return false;
        }

        bool hexadecimal = text[1] is 'x' or 'X';
        int shift = hexadecimal ? 4 : 3;
        bool afterUnderscore = false;
        foreach (char c in text.AsSpan(hexadecimal ? 2 : 1))
        {
            if (c == '_' && !afterUnderscore)
            {
                afterUnderscore = true;
                continue;
            }

            int digit = HexDigits.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0 || digit >= 1 << shift || value > long.MaxValue >> shift)
            {
                return false;
            }

            afterUnderscore = false;
            value = (value << shift) | (long)digit;
        }

        return !afterUnderscore && text.Length > (hexadecimal ? 2 : 1);
    }
}
