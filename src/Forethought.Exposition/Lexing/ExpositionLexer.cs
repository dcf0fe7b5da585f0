using System.Buffers;

namespace Forethought.Exposition;

/// <summary>
/// Cuts expositions into tokens: upstream's lexers (model/textparse, promlex.l and openmetricslex.l) by hand. Their states, and where
/// exactly they stop at a byte that fits nowhere, are kept, because error texts quote from the token's start to that byte.
/// </summary>
/// <remarks>
/// A text body ends with a newline (the reader checks it), so that no token but a quoted string can reach the end of one.
/// NUL bytes are allowed in label values, help texts and comments only; elsewhere they end a token, at the start of a line of the text
/// format they end the exposition.
/// </remarks>
internal ref struct ExpositionLexer(ReadOnlySpan<byte> body, ExpositionFormat format)
{
    private static readonly SearchValues<byte> LabelNameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private static readonly SearchValues<byte> MetricNameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);

    private static readonly SearchValues<byte> TextValueEnds = SearchValues.Create("{ \t\n\0"u8);
    private static readonly SearchValues<byte> OpenMetricsValueEnds = SearchValues.Create(" \n\0"u8);

    public readonly ReadOnlySpan<byte> Body = body;

    /// <summary>After a token its end; after <see cref="TokenKind.Invalid"/> the byte that did not fit.</summary>
    public int Position;

    /// <summary>Where the token starts.</summary>
    public int Start;

    public LexerState State;

    private readonly bool _openMetrics = format == ExpositionFormat.OpenMetrics;

    public readonly ReadOnlySpan<byte> Token => Body[Start..Position];

    /// <summary>The next token; white space between tokens of the text format is skipped.</summary>
    public TokenKind Next()
    {
        if (!_openMetrics && State != LexerState.MetadataText)
        {
            while (Position < Body.Length && Body[Position] is (byte)' ' or (byte)'\t')
                Start = Position++;
        }

        if (Position >= Body.Length)
            return TokenKind.Eof;
        Start = Position;
        return State switch
        {
            LexerState.LineStart => AtLineStart(),
            LexerState.Comment => AtOpenMetricsComment(),
            LexerState.MetadataName => AtMetadataName(),
            LexerState.MetadataText => _openMetrics ? AtOpenMetricsText() : AtText(),
            LexerState.Labels => AtLabels(LexerState.Labels, LexerState.LabelValue, LexerState.Value),
            LexerState.LabelValue => AtLabelValue(),
            LexerState.Value => AtValue(),
            LexerState.Timestamp => _openMetrics ? AtOpenMetricsTimestamp() : AtTimestamp(),
            LexerState.Exemplar => AtLabels(LexerState.Exemplar, LexerState.ExemplarValue, LexerState.ExemplarValue),
            LexerState.ExemplarValue => AtExemplarValue(),
            _ => AtExemplarTimestamp(),
        };
    }

    private TokenKind AtLineStart()
    {
        byte c = Body[Position];
        if (IsMetricNameStart(c))
            return Name(MetricNameBytes, TokenKind.MetricName, LexerState.Value);
        switch (c)
        {
            case (byte)'{':
                return One(TokenKind.BraceOpen, LexerState.Labels);
            case (byte)'#':
                return _openMetrics ? AtOpenMetricsHash() : AtHash();
            case (byte)'\n' when !_openMetrics:
                return One(TokenKind.Linebreak, LexerState.LineStart);
            case 0 when !_openMetrics:
                return TokenKind.Eof;
            default:
                return TokenKind.Invalid;
        }
    }

    /// <summary>A comment of the text format, or the key word of a metadata line with the space after it.</summary>
    private TokenKind AtHash()
    {
        Position++;
        int space = SpacesAt(Position);
        Position += space;
        if (space == 0)
            return RestOfComment(nulEnds: true);
        TokenKind kind = StartsWith("HELP"u8) ? TokenKind.Help : StartsWith("TYPE"u8) ? TokenKind.Type : TokenKind.Comment;
        if (kind == TokenKind.Comment || SpacesAt(Position + 4) == 0)
            return RestOfComment(nulEnds: Body[Position] == 0);
        Position += 4 + SpacesAt(Position + 4);
        State = LexerState.MetadataName;
        return kind;
    }

    // The newline is the next token; the text body has one.
    private TokenKind RestOfComment(bool nulEnds)
    {
        ReadOnlySpan<byte> rest = Body[Position..];
        int end = nulEnds ? rest.IndexOfAny((byte)'\n', (byte)0) : rest.IndexOf((byte)'\n');
        Position += end;
        State = LexerState.LineStart;
        return Body[Position] == 0 ? TokenKind.Eof : TokenKind.Comment;
    }

    private TokenKind AtOpenMetricsHash()
    {
        Position++;
        if (At(Position) != ' ')
            return TokenKind.Invalid;
        Position++;
        State = LexerState.Comment;
        return AtOpenMetricsComment();
    }

    private TokenKind AtOpenMetricsComment()
    {
        if (TakeWord("HELP "u8) || TakeWord("TYPE "u8) || TakeWord("UNIT "u8))
        {
            State = LexerState.MetadataName;
            return Body[Position - 5] switch
            {
                (byte)'H' => TokenKind.Help,
                (byte)'T' => TokenKind.Type,
                _ => TokenKind.Unit,
            };
        }

        if (!TakeWord("EOF"u8))
            return TokenKind.Invalid;
        if (At(Position) == '\n')
            Position++;
        State = LexerState.LineStart;
        return TokenKind.EofWord;
    }

    /// <summary>Takes a word whose first byte is there, and stands at the byte that differs otherwise.</summary>
    private bool TakeWord(ReadOnlySpan<byte> word)
    {
        if (At(Position) != word[0])
            return false;
        int common = Body[Position..].CommonPrefixLength(word);
        Position += common;
        return common == word.Length;
    }

    private TokenKind AtMetadataName()
    {
        byte c = Body[Position];
        if (c == '"')
            return Quoted(TokenKind.MetricName, LexerState.MetadataText, newlines: true, nuls: false);
        return IsMetricNameStart(c) ? Name(MetricNameBytes, TokenKind.MetricName, LexerState.MetadataText) : TokenKind.Invalid;
    }

    // The rest of the line, with the byte before the text; nothing if it is blank.
    private TokenKind AtText()
    {
        if (Body[Position] != 0)
        {
            Position += Body[Position..].IndexOf((byte)'\n');
            if (SpacesAt(Start) == Position - Start)
                Start = Position;
        }

        State = LexerState.LineStart;
        return TokenKind.Text;
    }

    // The rest of the line with the space before and the newline after it.
    private TokenKind AtOpenMetricsText()
    {
        if (Body[Position] != ' ')
            return TokenKind.Invalid;
        int end = Body[Position..].IndexOf((byte)'\n');
        if (end < 0)
        {
            Position = Body.Length;
            return TokenKind.Invalid;
        }

        Position += end + 1;
        State = LexerState.LineStart;
        return TokenKind.Text;
    }

    private TokenKind AtLabels(LexerState here, LexerState afterEqual, LexerState afterBrace)
    {
        byte c = Body[Position];
        switch (c)
        {
            case (byte)'"':
                return Quoted(TokenKind.QuotedString, here, newlines: here == LexerState.Labels, nuls: false);
            case (byte)',':
                return One(TokenKind.Comma, here);
            case (byte)'=':
                return One(TokenKind.Equal, afterEqual);
            case (byte)'}':
                return One(TokenKind.BraceClose, afterBrace);
            default:
                return IsMetricNameStart(c) && c != ':' ? Name(LabelNameBytes, TokenKind.LabelName, here) : TokenKind.Invalid;
        }
    }

    private TokenKind AtLabelValue() => Body[Position] == '"'
        ? Quoted(TokenKind.LabelValue, LexerState.Labels, newlines: !_openMetrics, nuls: true)
        : TokenKind.Invalid;

    private TokenKind AtValue()
    {
        if (Body[Position] == '{')
            return One(TokenKind.BraceOpen, LexerState.Labels);
        if (_openMetrics)
            return Spaced(TokenKind.Value, LexerState.Timestamp);
        int length = Body[Position..].IndexOfAny(TextValueEnds);
        if (length == 0)
            return TokenKind.Invalid;
        Position += length;
        State = LexerState.Timestamp;
        return TokenKind.Value;
    }

    private TokenKind AtTimestamp()
    {
        if (Body[Position] == '\n')
            return One(TokenKind.Linebreak, LexerState.LineStart);
        int digits = Body[Position..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        Position += digits;
        return digits > 0 ? TokenKind.Timestamp : TokenKind.Invalid;
    }

    private TokenKind AtOpenMetricsTimestamp()
    {
        if (Body[Position] == '\n')
            return One(TokenKind.Linebreak, LexerState.LineStart);
        if (!Body[Position..].StartsWith(" # "u8))
            return Spaced(TokenKind.Timestamp, LexerState.Timestamp);
        Position += 3;
        return At(Position) == '{' ? One(TokenKind.Comment, LexerState.Exemplar) : TokenKind.Invalid;
    }

    private TokenKind AtExemplarValue() => Body[Position] == '"'
        ? Quoted(TokenKind.LabelValue, LexerState.Exemplar, newlines: false, nuls: false)
        : Spaced(TokenKind.Value, LexerState.ExemplarTimestamp);

    private TokenKind AtExemplarTimestamp() => Body[Position] == '\n'
        ? One(TokenKind.Linebreak, LexerState.LineStart)
        : Spaced(TokenKind.Timestamp, LexerState.ExemplarTimestamp);

    /// <summary>One space and what follows it up to the next space or the end of the line.</summary>
    private TokenKind Spaced(TokenKind kind, LexerState next)
    {
        if (Body[Position] != ' ')
            return TokenKind.Invalid;
        ReadOnlySpan<byte> rest = Body[++Position..];
        int length = rest.IndexOfAny(OpenMetricsValueEnds);
        if (length < 0)
            length = rest.Length;
        if (length == 0)
            return TokenKind.Invalid;
        Position += length;
        State = next;
        return kind;
    }

    private TokenKind Quoted(TokenKind kind, LexerState next, bool newlines, bool nuls)
    {
        Position++;
        while (Position < Body.Length)
        {
            int end = Body[Position..].IndexOfAny("\"\\\n\0"u8);
            if (end < 0)
            {
                Position = Body.Length;
                break;
            }

            Position += end;
            switch (Body[Position])
            {
                case (byte)'"':
                    Position++;
                    State = next;
                    return kind;
                case (byte)'\n' when !newlines:
                case 0 when !nuls:
                    return TokenKind.Invalid;
                case (byte)'\\' when !TakeEscaped(nuls):
                    return TokenKind.Invalid;
            }

            Position++;
        }

        return TokenKind.Invalid;
    }

    /// <summary>Moves from a backslash to the byte that it escapes: any but a newline.</summary>
    private bool TakeEscaped(bool nuls)
    {
        Position++;
        while (nuls && Position < Body.Length && Body[Position] == 0)
            Position++;
        return Position < Body.Length && Body[Position] is not ((byte)'\n' or 0);
    }

    private TokenKind Name(SearchValues<byte> bytes, TokenKind kind, LexerState next)
    {
        int length = Body[Position..].IndexOfAnyExcept(bytes);
        Position = length < 0 ? Body.Length : Position + length;
        State = next;
        return kind;
    }

    private TokenKind One(TokenKind kind, LexerState next)
    {
        Position++;
        State = next;
        return kind;
    }

    private readonly int SpacesAt(int index)
    {
        int length = Body[index..].IndexOfAnyExcept((byte)' ', (byte)'\t');
        return length < 0 ? Body.Length - index : length;
    }

    private readonly bool StartsWith(ReadOnlySpan<byte> word) => Body[Position..].StartsWith(word);

    private readonly int At(int index) => index < Body.Length ? Body[index] : -1;

    private static bool IsMetricNameStart(byte c) => char.IsAsciiLetter((char)c) || c is (byte)'_' or (byte)':';
}
