using System.Diagnostics;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Scans the values of series notation: <c>1+2x10 _ stale {{schema:0 buckets:[1 2]}}x3</c>. The series itself is scanned by <see cref="Lexer"/>.
/// </summary>
internal sealed class SeriesLexer(SourceCursor cursor)
{
    /// <summary>The next token, or null if only the mode changed.</summary>
    internal Token? Scan(ref LexerMode mode) => mode switch
    {
        LexerMode.SeriesValues => ScanValues(ref mode),
        LexerMode.Histogram => ScanHistogram(ref mode),
        LexerMode.HistogramOperator => ScanHistogramOperator(ref mode),
        LexerMode.Buckets => ScanBuckets(ref mode),
        LexerMode.BucketNumber => ScanNumber(LexerMode.Buckets, ref mode),
        _ => throw new UnreachableException(),
    };

    private Token Emit(TokenKind kind) => new(kind, cursor.TokenStart, cursor.TokenText);

    private Token Fail(string message) => new(TokenKind.Error, cursor.TokenStart, message);

    private Token? ScanValues(ref LexerMode mode)
    {
        int c = cursor.Next();
        switch (c)
        {
            case SourceCursor.End:
                mode = LexerMode.Expression;
                return null;
            case '{' when cursor.Peek() == '{':
                cursor.Next();
                mode = LexerMode.Histogram;
                return Emit(TokenKind.OpenHistogram);
            case '+':
                return Emit(TokenKind.Add);
            case '-':
                return Emit(TokenKind.Sub);
            case 'x':
                return Emit(TokenKind.Times);
            case '_':
                return Emit(TokenKind.Blank);
        }

        if (CharacterClasses.IsSpace(c))
        {
            return EmitSpace();
        }

        if (CharacterClasses.IsDigit(c) || (c == '.' && CharacterClasses.IsDigit(cursor.Peek())))
        {
            cursor.Back();
            return ScanNumber(LexerMode.SeriesValues, ref mode);
        }

        return CharacterClasses.IsAlpha(c)
            ? ScanWord(ref mode)
            : Fail("unexpected character in series sequence: " + GoQuoting.QuoteRune(c));
    }

    private Token ScanWord(ref LexerMode mode)
    {
        Token token = WordScanner.Scan(cursor);
        mode = cursor.Peek() == '{' ? LexerMode.Expression : LexerMode.SeriesValues;
        return token;
    }

    /// <summary>One token for a run of white space; its text is the first character.</summary>
    private Token EmitSpace()
    {
        Token token = Emit(TokenKind.Space);
        cursor.SkipSpaces();
        return token;
    }

    private Token ScanNumber(LexerMode next, ref LexerMode mode)
    {
        mode = next;
        return NumberScanner.TryScanNumber(cursor, seriesNotation: true)
            ? Emit(TokenKind.Number)
            : Fail("bad number syntax: " + GoQuoting.Quote(cursor.TokenText));
    }

    private Token ScanHistogram(ref LexerMode mode)
    {
        int c = cursor.Next();
        switch (c)
        {
            case ':':
                return Emit(TokenKind.Colon);
            case '-':
                return Emit(TokenKind.Sub);
            case '[':
                mode = LexerMode.Buckets;
                return Emit(TokenKind.LeftBracket);
            case '}' when cursor.Peek() == '}':
                cursor.Next();
                mode = cursor.PeekIs("x+-") ? LexerMode.HistogramOperator : LexerMode.SeriesValues;
                return Emit(TokenKind.CloseHistogram);
        }

        if (CharacterClasses.IsSpace(c))
        {
            return EmitSpace();
        }

        if (CharacterClasses.IsDigit(c))
        {
            cursor.Back();
            return ScanNumber(LexerMode.Histogram, ref mode);
        }

        return CharacterClasses.IsAlpha(c)
            ? ScanKey()
            : Fail("histogram description incomplete unexpected: " + GoQuoting.QuoteRune(c));
    }

    /// <summary>A key of histogram notation, a special number or the value of a counter reset hint.</summary>
    private Token ScanKey()
    {
        while (CharacterClasses.IsAlpha(cursor.Peek()))
        {
            cursor.Next();
        }

        string word = cursor.TokenText;
        string lower = word.ToLowerInvariant();
        if (TokenKinds.HistogramKeys.TryGetValue(lower, out TokenKind key))
        {
            return cursor.Peek() == ':' ? Emit(key) : Fail("missing `:` for histogram descriptor");
        }

        if (IsSpecialNumber(lower))
        {
            return Emit(TokenKind.Number);
        }

        return TokenKinds.CounterResetHints.TryGetValue(lower, out TokenKind hint)
            ? Emit(hint)
            : Fail("bad histogram descriptor found: " + GoQuoting.Quote(word));
    }

    private Token ScanHistogramOperator(ref LexerMode mode)
    {
        int c = cursor.Next();
        mode = LexerMode.SeriesValues;
        return Emit(c switch { 'x' => TokenKind.Times, '+' => TokenKind.Add, _ => TokenKind.Sub });
    }

    private Token? ScanBuckets(ref LexerMode mode)
    {
        while (true)
        {
            int c = cursor.Next();
            if (CharacterClasses.IsSpace(c))
            {
                return EmitSpace();
            }

            if (CharacterClasses.IsDigit(c))
            {
                cursor.Back();
                return ScanNumber(LexerMode.Buckets, ref mode);
            }

            if (c == '-')
            {
                mode = LexerMode.BucketNumber;
                return Emit(TokenKind.Sub);
            }

            if (c == ']')
            {
                mode = LexerMode.Histogram;
                return Emit(TokenKind.RightBracket);
            }

            if (!CharacterClasses.IsAlpha(c))
            {
                return Fail("invalid character in buckets description: " + GoQuoting.QuoteRune(c));
            }

            // Letters are gathered until they spell a special number.
            if (IsSpecialNumber(cursor.TokenText.ToLowerInvariant()))
            {
                return Emit(TokenKind.Number);
            }
        }
    }

    private static bool IsSpecialNumber(string lower) => lower is "inf" or "nan";
}
