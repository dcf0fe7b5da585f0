namespace Forethought.Regex.Syntax;

/// <summary>Escapes that stand for one rune: <c>\n</c>, <c>\.</c>, <c>\101</c>, <c>\x{1F600}</c>.</summary>
internal static class EscapeParser
{
    /// <summary>Reads the escape at the cursor, which is at its backslash.</summary>
    internal static int Read(PatternReader reader)
    {
        int start = reader.Position++;
        if (reader.AtEnd)
            throw new Re2SyntaxException(SyntaxErrors.TrailingBackslash, "");

        int rune = reader.ReadRune();
        int value = rune switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' => ReadHex(reader),
            >= '0' and <= '7' => ReadOctal(reader, rune),
            < 128 when !char.IsAsciiLetterOrDigit((char)rune) => rune,
            _ => -1,
        };
        return value >= 0 ? value : throw new Re2SyntaxException(SyntaxErrors.InvalidEscape, reader.Since(start));
    }

    // One digit other than 0 alone would be a back-reference.
    private static int ReadOctal(PatternReader reader, int first)
    {
        if (first != '0' && !AtOctalDigit(reader))
            return -1;
        int value = first - '0';
        for (int digits = 1; digits < 3 && AtOctalDigit(reader); digits++)
            value = value * 8 + (reader.ReadRune() - '0');
        return value;
    }

    private static bool AtOctalDigit(PatternReader reader) => !reader.AtEnd && reader.Current is >= '0' and <= '7';

    private static int ReadHex(PatternReader reader)
    {
        if (reader.AtEnd)
            return -1;
        int rune = reader.ReadRune();
        if (rune == '{')
            return ReadBracedHex(reader);

        int high = HexDigit(rune);
        int low = reader.AtEnd ? -1 : HexDigit(reader.ReadRune());
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static int ReadBracedHex(PatternReader reader)
    {
        int value = -1;
        while (!reader.AtEnd)
        {
            int rune = reader.ReadRune();
            if (rune == '}')
                return value;
            int digit = HexDigit(rune);
            value = Math.Max(0, value) * 16 + digit;
            if (digit < 0 || value > RuneSet.MaxRune)
                return -1;
        }

        return -1;
    }

    private static int HexDigit(int rune) => rune switch
    {
        >= '0' and <= '9' => rune - '0',
        >= 'a' and <= 'f' => rune - 'a' + 10,
        >= 'A' and <= 'F' => rune - 'A' + 10,
        _ => -1,
    };
}
