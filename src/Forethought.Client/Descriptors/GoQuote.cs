using System.Globalization;
using System.Text;

namespace Forethought.Client;

/// <summary>
/// Text in double quotes with Go's escapes (<c>%q</c>), because error texts of the client libraries quote names that way.
/// </summary>
internal static class GoQuote
{
    /// <summary>The quoted form of <paramref name="text"/>; lone surrogates show as <c>\xNN</c> would, as U+FFFD.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
            AppendEscaped(quoted, rune);
        return quoted.Append('"').ToString();
    }

    /// <summary><c>"a", "b"</c>: the elements of a Go string slice, for <c>[]string{…}</c>.</summary>
    public static string QuoteAll(ReadOnlySpan<string> texts)
    {
        var quoted = new StringBuilder();
        foreach (string text in texts)
            quoted.Append(quoted.Length == 0 ? "" : ", ").Append(Quote(text));
        return quoted.ToString();
    }

    private static void AppendEscaped(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': quoted.Append("\\\""); break;
            case '\\': quoted.Append("\\\\"); break;
            case '\a': quoted.Append("\\a"); break;
            case '\b': quoted.Append("\\b"); break;
            case '\f': quoted.Append("\\f"); break;
            case '\n': quoted.Append("\\n"); break;
            case '\r': quoted.Append("\\r"); break;
            case '\t': quoted.Append("\\t"); break;
            case '\v': quoted.Append("\\v"); break;
            case < 0x20 or 0x7f: quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            default: quoted.Append(rune.ToString()); break;
        }
    }
}
