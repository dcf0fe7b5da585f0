using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Forethought.Encoding;

namespace Forethought.Exposition;

/// <summary>Upstream's texts for what is wrong with an exposition. Out of line, so that the readers stay small.</summary>
internal static class ExpositionErrors
{
    /// <summary>A token that fits nowhere; <paramref name="start"/> is where its line starts.</summary>
    [DoesNotReturn]
    public static void ThrowUnexpected(string expected, scoped in ExpositionLexer lexer, TokenKind kind, int start)
    {
        int end = Math.Min(lexer.Body.Length, lexer.Position + 1);
        string got = GoQuote.Quote(lexer.Body[lexer.Start..end]);
        throw new ExpositionException($"{expected}, got {got} (\"{kind.Name()}\") while parsing: {GoQuote.Quote(lexer.Body[start..end])}");
    }

    /// <summary>Something wrong with a line as far as it was read.</summary>
    [DoesNotReturn]
    public static void ThrowWhileParsing(string problem, scoped in ExpositionLexer lexer, int start) =>
        throw new ExpositionException($"{problem} while parsing: {GoQuote.Quote(lexer.Body[start..lexer.Position])}");

    [DoesNotReturn]
    public static void Throw(string message) => throw new ExpositionException(message);

    [DoesNotReturn]
    public static void ThrowNotFinite(string what, double value)
    {
        Span<byte> text = stackalloc byte[GoNumber.MaxLength];
        throw new ExpositionException($"{what} {System.Text.Encoding.ASCII.GetString(text[..GoNumber.FormatGeneral(value, text)])}");
    }

    /// <summary>Go's words for a number that could not be parsed.</summary>
    public static string Number(string function, ReadOnlySpan<byte> text, GoNumberStatus status)
    {
        string problem = status == GoNumberStatus.OutOfRange ? "value out of range" : "invalid syntax";
        return string.Create(CultureInfo.InvariantCulture, $"strconv.{function}: parsing {GoQuote.Quote(text)}: {problem}");
    }
}
