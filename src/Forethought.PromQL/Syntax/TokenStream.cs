namespace Forethought.PromQL.Syntax;

/// <summary>
/// The tokens of a query with one token of lookahead, the errors found, and the bookkeeping of recovery, which decides how many errors a
/// broken query reports and which.
/// </summary>
/// <remarks>
/// <para>
/// Recovery follows the rules of a generated (yacc) parser, as users know its errors from Prometheus. A construct that meets a token it
/// cannot use fails: its method returns null, and so do its callers, up to one that knows how to go on without the construct. That one
/// calls <see cref="Recover"/>, which reports the token. Until three tokens have then been used, tokens that do not fit are skipped
/// silently (<see cref="SkipUnfit"/>) instead of failing again. Where the input ends during that, parsing is <see cref="Aborted"/>.
/// </para>
/// <para>
/// A token is read from the lexer only when somebody looks at it: <see cref="Last"/> and <see cref="LastClosing"/>, which give some errors and
/// nodes their positions, depend on how far the parser has looked.
/// </para>
/// </remarks>
internal sealed class TokenStream(byte[] source, bool seriesNotation)
{
    private const int TokensToRecover = 3;

    private readonly Lexer _lexer = new(source, seriesNotation);
    private readonly List<PromQlParseError> _errors = [];
    private bool _hasLookahead;
    private int _tokensUntilRecovered;
    private int _depth;

    /// <summary>The query in UTF-8.</summary>
    internal ReadOnlySpan<byte> Source => source;

    /// <summary>The errors found so far.</summary>
    internal IReadOnlyList<PromQlParseError> Errors => _errors;

    /// <summary>Whether parsing is over before its end: nobody may recover any more.</summary>
    internal bool Aborted { get; private set; }

    /// <summary>Whether unfit tokens are being skipped because an error has just been reported.</summary>
    internal bool IsRecovering => _tokensUntilRecovered == TokensToRecover;

    /// <summary>The token most recently read, used or not.</summary>
    internal Token Last { get; private set; }

    /// <summary>The end of the last number, duration or closing bracket read.</summary>
    internal int LastClosing { get; private set; }

    /// <summary>The kind of the next token. A lexical error stays the next token for ever.</summary>
    internal TokenKind Peek()
    {
        if (!_hasLookahead)
        {
            Read();
        }

        return Last.Kind;
    }

    /// <summary>Uses the next token.</summary>
    internal Token Take()
    {
        Peek();
        _hasLookahead = false;
        _tokensUntilRecovered = Math.Max(0, _tokensUntilRecovered - 1);
        return Last;
    }

    /// <summary>Uses the next token if it is of this kind.</summary>
    internal bool TryTake(TokenKind kind)
    {
        if (Peek() != kind)
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Uses the next token, which must be one of these kinds; null if the construct fails.</summary>
    internal Token? Expect(params ReadOnlySpan<TokenKind> kinds)
    {
        while (!kinds.Contains(Peek()))
        {
            if (!SkipUnfit())
            {
                return null;
            }
        }

        return Take();
    }

    /// <summary>
    /// Called when the next token does not fit. True: it was skipped, look again. False: the construct fails.
    /// </summary>
    internal bool SkipUnfit()
    {
        if (!IsRecovering || Aborted)
        {
            return false;
        }

        if (Last.Kind is TokenKind.EndOfInput or TokenKind.Error)
        {
            Aborted = true;
            return false;
        }

        _hasLookahead = false;
        return true;
    }

    /// <summary>Reports the token that made a construct fail, and begins to recover. False: there is no going on.</summary>
    internal bool Recover(string context, string expected)
    {
        if (Aborted)
        {
            return false;
        }

        AddUnexpected(context, expected);
        BeginRecovery();
        return true;
    }

    /// <summary>Begins to recover without reporting anything. False: there is no going on.</summary>
    internal bool RecoverSilently()
    {
        BeginRecovery();
        return !Aborted;
    }

    /// <summary>Ends parsing at a token that no construct recovers from; only lexical errors may still be found behind it.</summary>
    internal void Finish()
    {
        if (!Aborted && Peek() is not (TokenKind.EndOfInput or TokenKind.Error))
        {
            if (!IsRecovering)
            {
                AddUnexpected("", "");
            }

            while (Peek() is not (TokenKind.EndOfInput or TokenKind.Error))
            {
                _hasLookahead = false;
            }
        }

        Aborted = true;
    }

    /// <summary>Reports a construct that failed and that nobody recovered from, and ends parsing.</summary>
    internal void Fail()
    {
        if (!Aborted && Peek() == TokenKind.EndOfInput)
        {
            AddUnexpected("", "");
        }

        Finish();
    }

    /// <summary>Adds an error.</summary>
    internal void AddError(PositionRange range, string message) => _errors.Add(new PromQlParseError(range, message));

    /// <summary>Adds an error about the token most recently read, unless that is a lexical error, which has been added already.</summary>
    internal void AddUnexpected(string context, string expected)
    {
        if (Last.Kind == TokenKind.Error)
        {
            return;
        }

        string message = "unexpected " + Last.Describe();
        message += context.Length > 0 ? " in " + context : "";
        message += expected.Length > 0 ? ", expected " + expected : "";
        AddError(Last.PositionRange, message);
    }

    /// <summary>Enters one more level of nesting. False: there are too many, and parsing is over.</summary>
    internal bool TryEnter()
    {
        _depth++;
        return CheckDepth(_depth, ParserOptions.MaxNesting);
    }

    /// <summary>Leaves a level of nesting.</summary>
    internal void Leave() => _depth--;

    /// <summary>The expression, unless it makes the tree too high: then null, and parsing is over.</summary>
    internal T? Bounded<T>(T expr)
        where T : Expr => CheckDepth(expr.Height, ParserOptions.MaxHeight) ? expr : null;

    private bool CheckDepth(int depth, int limit)
    {
        if (depth > limit && !Aborted)
        {
            Peek();
            AddError(Last.PositionRange, $"expression is nested too deeply: more than {limit} levels");
            Aborted = true;
        }

        return !Aborted;
    }

    private void BeginRecovery() => _tokensUntilRecovered = TokensToRecover;

    private void Read()
    {
        Last = _lexer.Next();
        _hasLookahead = true;
        switch (Last.Kind)
        {
            case TokenKind.Error:
                AddError(new PositionRange(Last.Start, source.Length), Last.Text);
                break;
            case TokenKind.RightBrace or TokenKind.RightParen or TokenKind.RightBracket or TokenKind.Duration or TokenKind.Number:
                LastClosing = Last.PositionRange.End;
                break;
        }
    }
}
