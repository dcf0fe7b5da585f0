using System.Globalization;
using System.Text;
using Forethought.Encoding;

namespace Forethought.PromQL.Syntax;

/// <summary>Strings and characters quoted as Go's <c>%q</c> and <c>%#U</c> do it, which printed queries and error texts use.</summary>
internal static class GoQuoting
{
    /// <summary>The text in double quotes; bytes that are no UTF-8 (see <see cref="StringUnquoting"/>) as <c>\xNN</c>.</summary>
    internal static string Quote(string text) => GoQuote.Quote(StringUnquoting.ToBytes(text));

    /// <summary>A character in single quotes; what is no character (the end of the input) stands as U+FFFD.</summary>
    internal static string QuoteRune(int codePoint) => codePoint switch
    {
        '\'' => @"'\''",
        '"' => "'\"'",
        _ => $"'{Escape(Rune.IsValid(codePoint) ? new Rune(codePoint) : Rune.ReplacementChar)}'",
    };

    /// <summary>A character as <c>U+0041 'A'</c>, the second half only if it is printable.</summary>
    internal static string DescribeRune(int codePoint)
    {
        string number = string.Create(CultureInfo.InvariantCulture, $"U+{codePoint:X4}");
        bool printable = codePoint is '"' or '\\' || (Rune.IsValid(codePoint) && !Escape(new Rune(codePoint)).StartsWith('\\'));
        return printable ? $"{number} '{new Rune(codePoint)}'" : number;
    }

    private static string Escape(Rune rune) => GoQuote.Quote(rune.ToString())[1..^1];
}
