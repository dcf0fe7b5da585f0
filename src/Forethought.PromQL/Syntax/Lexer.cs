namespace Forethought.PromQL.Syntax;

/// <summary>
/// Splits a query into tokens. After an <see cref="TokenKind.Error"/>, which is always the last token, and after the end it
/// must not be asked again. Not thread-safe.
/// </summary>
internal sealed class Lexer
{
    private readonly SourceCursor _cursor;
    private readonly SeriesLexer? _series;
    private LexerMode _mode = LexerMode.Expression;
    private int _parenDepth;
    private bool _inBraces;
    private bool _inBrackets;
    private bool _colonSeen;
    private bool _durationSeen;

    /// <param name="source">The query in UTF-8.</param>
    /// <param name="seriesNotation">Whether the text is a series with its values rather than an expression.</param>
    internal Lexer(byte[] source, bool seriesNotation)
    {
        _cursor = new SourceCursor(source);
        _series = seriesNotation ? new SeriesLexer(_cursor) : null;
    }

    /// <summary>Where the token last returned begins; the end of the token in front of it for an error.</summary>
    internal int TokenStart => _cursor.TokenStart;

    /// <summary>The next token. Comments are left out.</summary>
    internal Token Next()
    {
        while (true)
        {
            _cursor.StartToken();
            Token? token = _mode switch
            {
                LexerMode.Expression => _inBraces ? ScanBraces() : ScanExpression(),
                LexerMode.Duration => ScanDuration(),
                _ => _series!.Scan(ref _mode),
            };
            if (token is { } found)
            {
                return found;
            }
        }
    }

    private Token Emit(TokenKind kind) => new(kind, _cursor.TokenStart, _cursor.TokenText);

    private Token Fail(string message) => new(TokenKind.Error, _cursor.TokenStart, message);

    /// <summary>An error that only shows behind a complete token, which it replaces.</summary>
    private Token FailBehindToken(string message)
    {
        _cursor.StartToken();
        return Fail(message);
    }

    private Token? ScanExpression()
    {
        int c = _cursor.Next();
        switch (c)
        {
            case SourceCursor.End:
                return ScanEnd();
            case '#':
                return SkipComment();
            case ' ' or '\t' or '\n' or '\r':
                _cursor.SkipSpaces();
                return null;
            case '=' or '!' or '<' or '>':
                return ScanComparison(c);
            case '"' or '\'' or '`':
                return ScanString(c);
            case '(' or ')':
                return ScanParen(c);
            case '{':
                _inBraces = true;
                return Emit(TokenKind.LeftBrace);
            case '[':
                return OpenBracket();
            case ']':
                return CloseBracket();
        }

        if (CharacterClasses.IsDigit(c) || (c == '.' && CharacterClasses.IsDigit(_cursor.Peek())))
        {
            _cursor.Back();
            return ScanNumberOrDuration();
        }

        if (CharacterClasses.IsAlpha(c) || c == ':')
        {
            return _inBrackets ? ScanWordInBrackets(c) : ScanWord();
        }

        return Punctuation(c) is { } kind ? Emit(kind) : Fail("unexpected character: " + GoQuoting.QuoteRune(c));
    }

    private static TokenKind? Punctuation(int c) => c switch
    {
        ',' => TokenKind.Comma,
        '*' => TokenKind.Mul,
        '/' => TokenKind.Div,
        '%' => TokenKind.Mod,
        '+' => TokenKind.Add,
        '-' => TokenKind.Sub,
        '^' => TokenKind.Pow,
        '@' => TokenKind.At,
        _ => null,
    };

    private Token ScanEnd()
    {
        if (_parenDepth != 0)
        {
            return Fail("unclosed left parenthesis");
        }

        return _inBrackets ? Fail("unclosed left bracket") : Emit(TokenKind.EndOfInput);
    }

    private Token? SkipComment()
    {
        int c;
        do
        {
            c = _cursor.Next();
        }
        while (c is not ('\r' or '\n' or SourceCursor.End));

        return null;
    }

    private Token ScanComparison(int c)
    {
        int next = _cursor.Peek();
        switch (c)
        {
            case '=' when next == '~':
                return Fail("unexpected character after '=': " + GoQuoting.QuoteRune(next));
            case '!' when next != '=':
                return Fail("unexpected character after '!': " + GoQuoting.QuoteRune(next));
        }

        TokenKind? pair = (c, next) switch
        {
            ('=', '=') => TokenKind.DoubleEqual,
            ('!', '=') => TokenKind.NotEqual,
            ('<', '=') => TokenKind.LessOrEqual,
            ('<', '/') => TokenKind.TrimUpper,
            ('>', '=') => TokenKind.GreaterOrEqual,
            ('>', '/') => TokenKind.TrimLower,
            _ => null,
        };
        if (pair is { } kind)
        {
            _cursor.Next();
            return Emit(kind);
        }

        return Emit(c switch { '<' => TokenKind.Less, '>' => TokenKind.Greater, _ => TokenKind.Equal });
    }

    private Token ScanString(int quote) =>
        StringScanner.Scan(_cursor, quote) is { } error ? Fail(error) : Emit(TokenKind.String);

    private Token ScanParen(int c)
    {
        Token token = Emit(c == '(' ? TokenKind.LeftParen : TokenKind.RightParen);
        _parenDepth += c == '(' ? 1 : -1;
        return _parenDepth < 0 ? FailBehindToken("unexpected right parenthesis ')'") : token;
    }

    private Token OpenBracket()
    {
        if (_inBrackets)
        {
            return Fail("unexpected left bracket '['");
        }

        _colonSeen = false;
        _inBrackets = true;
        _mode = LexerMode.Duration;
        return Emit(TokenKind.LeftBracket);
    }

    private Token CloseBracket()
    {
        if (!_inBrackets)
        {
            return Fail("unexpected right bracket ']'");
        }

        _inBrackets = false;
        _mode = LexerMode.Expression;
        return Emit(TokenKind.RightBracket);
    }

    private Token ScanNumberOrDuration()
    {
        _mode = LexerMode.Expression;
        if (NumberScanner.TryScanNumber(_cursor, seriesNotation: _series is not null))
        {
            return Emit(TokenKind.Number);
        }

        return NumberScanner.TryScanDurationTail(_cursor)
            ? Emit(TokenKind.Duration)
            : Fail("bad number or duration syntax: " + GoQuoting.Quote(_cursor.TokenText));
    }

    private Token ScanWord()
    {
        Token token = WordScanner.Scan(_cursor);
        if (_series is not null && _cursor.Peek() != '{')
        {
            _mode = LexerMode.SeriesValues;
        }

        return token;
    }

    private Token ScanWordInBrackets(int c)
    {
        if (c == ':')
        {
            if (_colonSeen)
            {
                return Fail("unexpected colon ':'");
            }

            _colonSeen = true;
            return Emit(TokenKind.Colon);
        }

        return ScanDurationWord(c) ?? Fail($"unexpected character: {GoQuoting.QuoteRune(c)}, expected ':'");
    }

    /// <summary>A word of duration expressions, if that is what the letter taken last begins.</summary>
    private Token? ScanDurationWord(int c)
    {
        if (c is not ('s' or 'S' or 'r' or 'R' or 'm' or 'M'))
        {
            return null;
        }

        while (CharacterClasses.IsAlpha(_cursor.Peek()))
        {
            _cursor.Next();
        }

        return TokenKinds.DurationWords.TryGetValue(_cursor.TokenText.ToLowerInvariant(), out TokenKind kind) ? Emit(kind) : null;
    }

    private Token? ScanDuration()
    {
        int c = _cursor.Next();
        switch (c)
        {
            case SourceCursor.End:
                return Fail("unexpected end of input in duration expression");
            case ' ' or '\t' or '\n' or '\r':
                _cursor.SkipSpaces();
                return null;
            case ']':
                return CloseBracket();
            case ':':
                return ScanColon();
            case '(' or ')':
                return ScanParen(c);
            case '@':
                break;
            default:
                if (Punctuation(c) is { } kind)
                {
                    return Emit(kind);
                }

                break;
        }

        if (CharacterClasses.IsDigit(c) || (c == '.' && CharacterClasses.IsDigit(_cursor.Peek())))
        {
            _cursor.Back();
            _durationSeen = true;
            return ScanNumberOrDuration();
        }

        return ScanDurationWord(c) ?? Fail("unexpected character in duration expression: " + GoQuoting.QuoteRune(c));
    }

    private Token ScanColon()
    {
        Token token = Emit(TokenKind.Colon);
        if (!_durationSeen)
        {
            return FailBehindToken("unexpected colon before duration in duration expression");
        }

        if (_colonSeen)
        {
            return FailBehindToken("unexpected repeated colon in duration expression");
        }

        _colonSeen = true;
        return token;
    }

    private Token? ScanBraces()
    {
        int c = _cursor.Next();
        switch (c)
        {
            case SourceCursor.End:
                return Fail("unexpected end of input inside braces");
            case '#':
                return SkipComment();
            case ' ' or '\t' or '\n' or '\r':
                _cursor.SkipSpaces();
                return null;
            case ',':
                return Emit(TokenKind.Comma);
            case '"' or '\'' or '`':
                return ScanString(c);
            case '=':
                return _cursor.Accept("~") ? Emit(TokenKind.RegexEqual) : Emit(TokenKind.Equal);
            case '!':
                return ScanNegatedMatch();
            case '{':
                return Fail("unexpected left brace '{'");
            case '}':
                _inBraces = false;
                _mode = _series is not null ? LexerMode.SeriesValues : LexerMode.Expression;
                return Emit(TokenKind.RightBrace);
        }

        return CharacterClasses.IsAlpha(c)
            ? WordScanner.ScanLabelName(_cursor)
            : Fail("unexpected character inside braces: " + GoQuoting.QuoteRune(c));
    }

    private Token ScanNegatedMatch()
    {
        int next = _cursor.Next();
        return next switch
        {
            '~' => Emit(TokenKind.RegexNotEqual),
            '=' => Emit(TokenKind.NotEqual),
            _ => Fail("unexpected character after '!' inside braces: " + GoQuoting.QuoteRune(next)),
        };
    }
}
