using System.Buffers.Text;
using System.Text.Unicode;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Exposition;

/// <summary>
/// Reads an exposition line by line. A caller that scrapes the same target again and again knows most lines already: standing at the
/// start of a line it compares <see cref="Rest"/> with what it expects there and then calls <see cref="TryReadKnownSeries"/> or
/// <see cref="SkipKnownLine"/>, so that of a line only the value is parsed. Everything else goes through <see cref="Read"/>, which
/// validates.
/// </summary>
/// <remarks>
/// Behaves as upstream's parsers (model/textparse) down to error texts. Allocates nothing but errors. Spans point into the body and
/// live as long as it. Recursion-free; time is linear in the body.
/// </remarks>
public ref struct ExpositionReader
{
    private readonly ExpositionFormat _format;
    private ExpositionLexer _lexer;

    // The line's start; series, metadata and exemplar are slices of the body.
    private int _start;
    private int _seriesEnd;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _text;
    private ReadOnlySpan<byte> _exemplar;

    /// <summary>Begins at the first line.</summary>
    /// <param name="body">The exposition. One in the text format must have a newline added to it, whatever it ends with.</param>
    /// <param name="format">Its format.</param>
    /// <exception cref="ArgumentException">A body in the text format does not end with a newline.</exception>
    public ExpositionReader(ReadOnlySpan<byte> body, ExpositionFormat format)
    {
        if (format == ExpositionFormat.Text && (body.IsEmpty || body[^1] != '\n'))
            throw new ArgumentException("a body in the text format must have a newline added", nameof(body));
        _format = format;
        _lexer = new ExpositionLexer(body, format);
    }

    /// <summary>What has not been read, from the start of the next line.</summary>
    public readonly ReadOnlySpan<byte> Rest => _lexer.Body[_lexer.Position..];

    /// <summary>The bytes of the series read last, metric name to closing brace, as exposed: the key of a cache.</summary>
    public readonly ReadOnlySpan<byte> SeriesText => _lexer.Body[_start.._seriesEnd];

    /// <summary>All bytes of the line read last, its newline included.</summary>
    public readonly ReadOnlySpan<byte> Line => _lexer.Body[_start.._lexer.Position];

    /// <summary>The sample's value; every NaN is <see cref="StaleMarker.NormalNaN"/>.</summary>
    public double Value { get; private set; }

    /// <summary>Whether the sample has a timestamp.</summary>
    public bool HasTimestamp { get; private set; }

    /// <summary>The sample's timestamp in milliseconds since the Unix epoch, if it has one.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>Whether the sample has an exemplar; OpenMetrics only.</summary>
    public bool HasExemplar { get; private set; }

    /// <summary>The exemplar's value.</summary>
    public double ExemplarValue { get; private set; }

    /// <summary>Whether the exemplar has a timestamp.</summary>
    public bool HasExemplarTimestamp { get; private set; }

    /// <summary>The exemplar's timestamp in milliseconds since the Unix epoch, if it has one.</summary>
    public long ExemplarTimestampMs { get; private set; }

    /// <summary>The type that the last <c># TYPE</c> line gave, of whatever family.</summary>
    public MetricType Type { get; private set; }

    /// <summary>The metric family of the metadata line read last.</summary>
    public readonly ReadOnlySpan<byte> MetadataName => _name;

    /// <summary>The unit, the comment or the help text (still escaped, see <see cref="UnescapeHelp"/>) of the line read last.</summary>
    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>
    /// Reads a sample whose series text is the next <paramref name="length"/> bytes of <see cref="Rest"/>: the caller has recognised
    /// them as the <see cref="SeriesText"/> of an earlier line in the same format. False, with nothing read, when the text may go on behind
    /// them: then <see cref="Read"/> must be called.
    /// </summary>
    /// <exception cref="ExpositionException">What follows the series is malformed.</exception>
    public bool TryReadKnownSeries(int length)
    {
        ReadOnlySpan<byte> body = _lexer.Body;
        int start = _lexer.Position;
        int i = start + length;
        if ((uint)i >= (uint)body.Length || (body[i - 1] != '}' && body[i] is not ((byte)' ' or (byte)'\t')))
            return false;
        while (body[i] == ' ' || (body[i] == '\t' && _format == ExpositionFormat.Text))
        {
            if (++i == body.Length)
                return false;
        }

        int value = i;
        while (i < body.Length && body[i] > ' ')
            i++;
        if (i == value || body[value] == '{')
            return false;
        _start = start;
        _seriesEnd = start + length;
        if (i < body.Length && body[i] == '\n' && GoNumber.ParsePlain(body[value..i], out double number) == GoNumberStatus.Ok
            && (_format == ExpositionFormat.Text || value == _seriesEnd + 1))
        {
            Value = number;
            HasTimestamp = false;
            HasExemplar = false;
            _lexer.Position = i + 1;
            return true;
        }

        _lexer.Position = _seriesEnd;
        _lexer.State = LexerState.Value;
        ReadSuffix(_lexer.Next());
        return true;
    }

    /// <summary>
    /// Skips the next <paramref name="length"/> bytes of <see cref="Rest"/>, which the caller has recognised as the <see cref="Line"/> of a
    /// metadata line or comment read earlier.
    /// </summary>
    /// <param name="length">The length of the line, its newline included.</param>
    /// <param name="type">The <see cref="Type"/> as it was after that line.</param>
    public void SkipKnownLine(int length, MetricType type)
    {
        _lexer.Position += length;
        Type = type;
    }

    /// <summary>
    /// Skips empty lines, which mean nothing in the text format and are left for <see cref="Read"/> to refuse in OpenMetrics.
    /// </summary>
    public void SkipBlankLines()
    {
        ReadOnlySpan<byte> body = _lexer.Body;
        if (_format != ExpositionFormat.Text || _lexer.State != LexerState.LineStart)
            return;
        while (_lexer.Position < body.Length && body[_lexer.Position] == '\n')
            _lexer.Position++;
    }

    /// <summary>Reads and validates the next line.</summary>
    /// <exception cref="ExpositionException">The line is malformed, or an OpenMetrics exposition does not end as it must.</exception>
    public ExpositionEntry Read()
    {
        while (true)
        {
            _start = _lexer.Position;
            TokenKind kind = _lexer.Next();
            switch (kind)
            {
                case TokenKind.MetricName:
                case TokenKind.BraceOpen:
                    ReadSeries(kind);
                    return ExpositionEntry.Series;
                case TokenKind.Help:
                case TokenKind.Type:
                case TokenKind.Unit:
                    return ReadMetadata(kind);
                case TokenKind.Linebreak when _format == ExpositionFormat.Text:
                    continue;
                case TokenKind.Comment when _format == ExpositionFormat.Text:
                    _text = _lexer.Token;
                    ExpectLinebreak("linebreak expected after comment");
                    return ExpositionEntry.Comment;
                case TokenKind.Eof when _format == ExpositionFormat.Text:
                    return ExpositionEntry.End;
                case TokenKind.Eof:
                    ExpositionErrors.Throw("data does not end with # EOF");
                    break;
                case TokenKind.EofWord:
                    if (_lexer.Next() != TokenKind.Eof)
                        ExpositionErrors.Throw("unexpected data after # EOF");
                    return ExpositionEntry.End;
                default:
                    ExpositionErrors.ThrowUnexpected("expected a valid start token", _lexer, kind, _start);
                    break;
            }
        }
    }

    /// <summary>
    /// Adds the metric name and the labels of the series read last, escapes undone and bucket bounds and quantiles normalised. Names may
    /// occur twice and values may be empty.
    /// </summary>
    public readonly void AppendLabels(LabelsBuilder labels) => SeriesLabels.Append(SeriesText, _format, Type, labels);

    /// <summary>Adds the labels of the exemplar read last.</summary>
    public readonly void AppendExemplarLabels(LabelsBuilder labels) => SeriesLabels.AppendExemplar(_exemplar, labels);

    /// <summary>Undoes the escapes of a help text.</summary>
    /// <param name="destination">At least as long as <see cref="Text"/>.</param>
    /// <returns>The bytes written.</returns>
    public readonly int UnescapeHelp(Span<byte> destination) =>
        TextEscapes.Undo(_text, destination, quotes: _format == ExpositionFormat.OpenMetrics);

    private void ReadSeries(TokenKind kind)
    {
        bool named = kind == TokenKind.MetricName;
        _seriesEnd = _lexer.Position;
        if (named)
            kind = _lexer.Next();
        if (kind == TokenKind.BraceOpen)
        {
            ReadLabels(ref named, isExemplar: false);
            _seriesEnd = _lexer.Position;
            kind = _lexer.Next();
        }

        if (!named)
            ExpositionErrors.ThrowWhileParsing("metric name not set", _lexer, _start);
        ReadSuffix(kind);
    }

    /// <summary>Reads what follows the series: value, timestamp, exemplar, the line's end.</summary>
    private void ReadSuffix(TokenKind kind)
    {
        Value = ReadValue(kind, "expected value after metric");
        HasTimestamp = false;
        HasExemplar = false;
        if (_format == ExpositionFormat.Text)
            ReadTextEnd();
        else
            ReadOpenMetricsEnd();
    }

    private void ReadTextEnd()
    {
        TokenKind kind = _lexer.Next();
        if (kind == TokenKind.Linebreak)
            return;
        if (kind != TokenKind.Timestamp)
            ExpositionErrors.ThrowUnexpected("expected timestamp or new record", _lexer, kind, _start);
        HasTimestamp = true;
        if (!Utf8Parser.TryParse(_lexer.Token, out long timestamp, out _))
        {
            string problem = ExpositionErrors.Number("ParseInt", _lexer.Token, GoNumberStatus.OutOfRange);
            ExpositionErrors.ThrowWhileParsing(problem, _lexer, _start);
        }

        TimestampMs = timestamp;
        ExpectLinebreak("expected next entry after timestamp");
    }

    // A token that fits nowhere is not complained about here but as the start of the next line, as upstream.
    private void ReadOpenMetricsEnd()
    {
        TokenKind kind = _lexer.Next();
        switch (kind)
        {
            case TokenKind.Eof:
                ExpositionErrors.Throw("data does not end with # EOF");
                break;
            case TokenKind.Comment:
                ReadExemplar();
                break;
            case TokenKind.Timestamp:
                HasTimestamp = true;
                TimestampMs = ReadSeconds("invalid timestamp");
                kind = _lexer.Next();
                if (kind == TokenKind.Comment)
                    ReadExemplar();
                else if (kind != TokenKind.Linebreak)
                    ExpositionErrors.ThrowUnexpected("expected next entry after timestamp", _lexer, kind, _start);
                break;
        }
    }

    private void ReadExemplar()
    {
        int labels = _lexer.Position;
        bool named = true;
        ReadLabels(ref named, isExemplar: true);
        _exemplar = _lexer.Body[labels.._lexer.Position];
        HasExemplar = true;
        ExemplarValue = ReadValue(_lexer.Next(), "expected value after exemplar labels");
        HasExemplarTimestamp = false;
        TokenKind kind = _lexer.Next();
        switch (kind)
        {
            case TokenKind.Eof:
                ExpositionErrors.Throw("data does not end with # EOF");
                break;
            case TokenKind.Linebreak:
                break;
            case TokenKind.Timestamp:
                HasExemplarTimestamp = true;
                ExemplarTimestampMs = ReadSeconds("invalid exemplar timestamp");
                ExpectLinebreak("expected next entry after exemplar timestamp");
                break;
            default:
                ExpositionErrors.ThrowUnexpected("expected timestamp or comment", _lexer, kind, _start);
                break;
        }
    }

    /// <summary>Validates what is between braces. A quoted string without a value is the metric name.</summary>
    private void ReadLabels(ref bool named, bool isExemplar)
    {
        TokenKind kind = _lexer.Next();
        while (kind != TokenKind.BraceClose)
        {
            if (kind is not (TokenKind.LabelName or TokenKind.QuotedString))
                ExpositionErrors.ThrowUnexpected("expected label name", _lexer, kind, _start);
            bool quoted = kind == TokenKind.QuotedString;
            kind = _lexer.Next();
            if (quoted && kind is TokenKind.Comma or TokenKind.BraceClose)
            {
                TakeQuotedName(ref named, kind, isExemplar);
                if (kind == TokenKind.Comma)
                    kind = _lexer.Next();
                continue;
            }

            kind = ReadLabelValue(kind);
            if (kind == TokenKind.Comma)
                kind = _lexer.Next();
            else if (kind != TokenKind.BraceClose && _format == ExpositionFormat.OpenMetrics)
                ExpositionErrors.ThrowUnexpected("expected comma or brace close", _lexer, kind, _start);
        }
    }

    private readonly void TakeQuotedName(ref bool named, TokenKind kind, bool isExemplar)
    {
        if (isExemplar)
            ExpositionErrors.ThrowUnexpected("expected label name", _lexer, kind, _start);
        if (named)
            ExpositionErrors.ThrowWhileParsing("metric name already set", _lexer, _start);
        named = true;
    }

    /// <summary>Reads the value behind a label's name and returns the token after it.</summary>
    private TokenKind ReadLabelValue(TokenKind kind)
    {
        if (kind != TokenKind.Equal)
            ExpositionErrors.ThrowUnexpected("expected equal", _lexer, kind, _start);
        kind = _lexer.Next();
        if (kind != TokenKind.LabelValue)
            ExpositionErrors.ThrowUnexpected("expected label value", _lexer, kind, _start);
        if (!Utf8.IsValid(_lexer.Token))
            ExpositionErrors.Throw($"invalid UTF-8 label value: {GoQuote.Quote(_lexer.Token)}");
        return _lexer.Next();
    }

    private ExpositionEntry ReadMetadata(TokenKind key)
    {
        TokenKind kind = _lexer.Next();
        if (kind != TokenKind.MetricName)
            ExpositionErrors.ThrowUnexpected($"expected metric name after {key.Name()}", _lexer, kind, _start);
        _name = _lexer.Token[0] == '"' ? _lexer.Token[1..^1] : _lexer.Token;
        kind = _lexer.Next();
        if (kind != TokenKind.Text)
        {
            string got = _format == ExpositionFormat.Text ? $", got {kind.Name()}" : "";
            ExpositionErrors.Throw($"expected text in {key.Name()}{got}");
        }

        // The byte before the text is no part of it, nor is the newline that OpenMetrics takes along.
        int tail = _format == ExpositionFormat.OpenMetrics ? 1 : 0;
        _text = _lexer.Token.Length > 1 ? _lexer.Token[1..^tail] : default;
        CheckMetadata(key);
        if (_format == ExpositionFormat.Text)
            ExpectLinebreak("linebreak expected after metadata");
        return key switch
        {
            TokenKind.Help => ExpositionEntry.Help,
            TokenKind.Type => ExpositionEntry.Type,
            _ => ExpositionEntry.Unit,
        };
    }

    private void CheckMetadata(TokenKind key)
    {
        switch (key)
        {
            case TokenKind.Type:
                if (!MetricTypes.TryParse(_text, _format, out MetricType type))
                    ExpositionErrors.Throw($"invalid metric type {GoQuote.Quote(_text)}");
                Type = type;
                break;
            case TokenKind.Help when !Utf8.IsValid(_text):
                ExpositionErrors.Throw($"help text {GoQuote.Quote(_text)} is not a valid utf8 string");
                break;
            case TokenKind.Unit when !_text.IsEmpty && !EndsWithUnit(_name, _text):
                ExpositionErrors.Throw($"unit {GoQuote.Quote(_text)} not a suffix of metric {GoQuote.Quote(_name)}");
                break;
        }
    }

    private static bool EndsWithUnit(ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit) =>
        name.Length > unit.Length && name.EndsWith(unit) && name[^(unit.Length + 1)] == '_';

    private void ExpectLinebreak(string expected)
    {
        TokenKind kind = _lexer.Next();
        if (kind != TokenKind.Linebreak)
            ExpositionErrors.ThrowUnexpected(expected, _lexer, kind, _start);
    }

    private readonly double ReadValue(TokenKind kind, string expected)
    {
        if (kind != TokenKind.Value)
            ExpositionErrors.ThrowUnexpected(expected, _lexer, kind, _start);
        double value = ReadNumber();
        return double.IsNaN(value) ? StaleMarker.NormalNaN : value;
    }

    /// <summary>Reads a time in seconds as milliseconds.</summary>
    private readonly long ReadSeconds(string problem)
    {
        double seconds = ReadNumber();
        if (!double.IsFinite(seconds))
            ExpositionErrors.ThrowNotFinite(problem, seconds);
        double milliseconds = seconds * 1000;
        // What Go's conversion gives outside the range.
        return milliseconds is >= long.MinValue and < long.MaxValue ? (long)milliseconds : long.MinValue;
    }

    private readonly double ReadNumber()
    {
        // Tokens of OpenMetrics have the space before them.
        ReadOnlySpan<byte> text = _format == ExpositionFormat.OpenMetrics ? _lexer.Token[1..] : _lexer.Token;
        if (text.IndexOfAny("pP_"u8) >= 0)
            ExpositionErrors.ThrowWhileParsing("unsupported character in float", _lexer, _start);
        GoNumberStatus status = GoNumber.ParsePlain(text, out double value);
        if (status != GoNumberStatus.Ok)
            ExpositionErrors.ThrowWhileParsing(ExpositionErrors.Number("ParseFloat", text, status), _lexer, _start);
        return value;
    }
}
