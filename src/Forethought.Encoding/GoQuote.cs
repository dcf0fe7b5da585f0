using System.Globalization;
using System.Text;

namespace Forethought.Encoding;

/// <summary>Quotes text as Go's <c>strconv.Quote</c> (the verb <c>%q</c>), which error texts and label sets are printed with.</summary>
public static class GoQuote
{
    /// <summary>The quoted form of UTF-8 bytes; invalid bytes become <c>\xNN</c>.</summary>
    public static string Quote(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length + 2);
        Append(text, utf8);
        return text.ToString();
    }

    /// <summary>The quoted form of a text.</summary>
    public static string Quote(string text) => Quote(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Appends the quoted form of UTF-8 bytes.</summary>
    public static void Append(StringBuilder text, ReadOnlySpan<byte> utf8)
    {
        text.Append('"');
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out Rune rune, out int consumed) != System.Buffers.OperationStatus.Done)
            {
                text.Append("\\x").Append(utf8[0].ToString("x2", CultureInfo.InvariantCulture));
                utf8 = utf8[1..];
                continue;
            }

            AppendRune(text, rune);
            utf8 = utf8[consumed..];
        }

        text.Append('"');
    }

    private static void AppendRune(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': text.Append("\\\""); return;
            case '\\': text.Append("\\\\"); return;
            case '\a': text.Append("\\a"); return;
            case '\b': text.Append("\\b"); return;
            case '\f': text.Append("\\f"); return;
            case '\n': text.Append("\\n"); return;
            case '\r': text.Append("\\r"); return;
            case '\t': text.Append("\\t"); return;
            case '\v': text.Append("\\v"); return;
        }

        if (IsPrintable(rune))
            text.Append(rune.ToString());
        else if (rune.Value < 0x20 || rune.Value == 0x7f)
            text.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture));
        else if (rune.Value < 0x10000)
            text.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
        else
            text.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
    }

    // Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator => false,
        _ => true,
    };
}
