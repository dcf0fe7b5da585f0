namespace Forethought.PromQL.Syntax;

/// <summary>Finds the end of quoted strings and checks their escapes.</summary>
internal static class StringScanner
{
    private const int MaxCodePoint = 0x10FFFF;

    /// <summary>Takes the rest of a string whose opening quote has been taken.</summary>
    /// <returns>What is wrong with the string, or null.</returns>
    internal static string? Scan(SourceCursor cursor, int quote) =>
        quote == '`' ? ScanRaw(cursor) : ScanEscaped(cursor, quote);

    private static string? ScanRaw(SourceCursor cursor)
    {
        while (true)
        {
            switch (cursor.Next())
            {
                case 0xFFFD:
                    return "invalid UTF-8 rune";
                case SourceCursor.End:
                    return "unterminated raw string";
                case '`':
                    return null;
            }
        }
    }

    private static string? ScanEscaped(SourceCursor cursor, int quote)
    {
        while (true)
        {
            int c = cursor.Next();
            if (c == quote)
            {
                return null;
            }

            string? error = c switch
            {
                '\\' => ScanEscape(cursor, quote),
                0xFFFD => "invalid UTF-8 rune",
                SourceCursor.End or '\n' => "unterminated quoted string",
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }
    }

    private static string? ScanEscape(SourceCursor cursor, int quote)
    {
        int c = cursor.Next();
        if (c == quote || c is 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\')
        {
            return null;
        }

        switch (c)
        {
            case >= '0' and <= '7':
                return ScanDigits(cursor, c, count: 3, numberBase: 8, max: 255);
            case 'x':
                return ScanDigits(cursor, cursor.Next(), count: 2, numberBase: 16, max: 255);
            case 'u':
                return ScanDigits(cursor, cursor.Next(), count: 4, numberBase: 16, MaxCodePoint);
            case 'U':
                return ScanDigits(cursor, cursor.Next(), count: 8, numberBase: 16, MaxCodePoint);
            case SourceCursor.End:
                return "escape sequence not terminated";
            default:
                return "unknown escape sequence " + GoQuoting.DescribeRune(c);
        }
    }

    private static string? ScanDigits(SourceCursor cursor, int first, int count, uint numberBase, uint max)
    {
        uint value = 0;
        int c = first;
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                c = cursor.Next();
            }

            uint digit = DigitValue(c);
            if (digit >= numberBase)
            {
                return c == SourceCursor.End
                    ? "escape sequence not terminated"
                    : $"illegal character {GoQuoting.DescribeRune(c)} in escape sequence";
            }

            value = (value * numberBase) + digit;
        }

        return value > max || value is >= 0xD800 and < 0xE000 ? "escape sequence is an invalid Unicode code point" : null;
    }

    private static uint DigitValue(int c) => c switch
    {
        >= '0' and <= '9' => (uint)(c - '0'),
        >= 'a' and <= 'f' => (uint)(c - 'a' + 10),
        >= 'A' and <= 'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };
}
