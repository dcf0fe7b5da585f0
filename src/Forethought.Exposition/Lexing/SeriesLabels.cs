using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Exposition;

/// <summary>
/// Takes labels out of text that a reader has validated, by lexing it once more: only series that are new to the caller need their
/// labels, so no positions are kept for the many that are not.
/// </summary>
internal static class SeriesLabels
{
    private const int MaxStackText = 256;

    /// <summary>Adds the metric name and the labels of a series' text.</summary>
    public static void Append(ReadOnlySpan<byte> series, ExpositionFormat format, MetricType type, LabelsBuilder labels)
    {
        var lexer = new ExpositionLexer(series, format);
        if (lexer.Next() == TokenKind.MetricName)
        {
            // From the start of the line: upstream takes white space before a name for part of it.
            labels.Append(LabelNames.MetricName, series[..lexer.Position]);
            if (lexer.Next() != TokenKind.BraceOpen)
                return;
        }

        AppendPairs(ref lexer, type, labels);
    }

    /// <summary>Adds the labels of an exemplar, from behind its opening brace; no escapes are undone, as upstream.</summary>
    public static void AppendExemplar(ReadOnlySpan<byte> exemplar, LabelsBuilder labels)
    {
        var lexer = new ExpositionLexer(exemplar, ExpositionFormat.OpenMetrics) { State = LexerState.Exemplar };
        while (lexer.Next() is var kind && kind is TokenKind.LabelName or TokenKind.QuotedString or TokenKind.Comma)
        {
            if (kind == TokenKind.Comma)
                continue;
            ReadOnlySpan<byte> name = kind == TokenKind.QuotedString ? Unquote(lexer.Token) : lexer.Token;
            lexer.Next();
            lexer.Next();
            labels.Append(name, Unquote(lexer.Token));
        }
    }

    private static void AppendPairs(ref ExpositionLexer lexer, MetricType type, LabelsBuilder labels)
    {
        TokenKind kind = lexer.Next();
        while (kind is TokenKind.LabelName or TokenKind.QuotedString or TokenKind.Comma)
        {
            if (kind == TokenKind.Comma)
            {
                kind = lexer.Next();
                continue;
            }

            bool quoted = kind == TokenKind.QuotedString;
            ReadOnlySpan<byte> name = quoted ? Unquote(lexer.Token) : lexer.Token;
            kind = lexer.Next();
            if (kind != TokenKind.Equal)
            {
                AppendUnescaped(LabelNames.MetricName, name, MetricType.Unknown, labels);
                continue;
            }

            lexer.Next();
            AppendUnescaped(name, Unquote(lexer.Token), type, labels);
            kind = lexer.Next();
        }
    }

    private static void AppendUnescaped(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, MetricType type, LabelsBuilder labels)
    {
        if (!name.Contains((byte)'\\') && !value.Contains((byte)'\\'))
        {
            AppendNormalized(name, value, type, labels);
            return;
        }

        int size = name.Length + value.Length;
        Span<byte> text = size <= MaxStackText ? stackalloc byte[MaxStackText] : new byte[size];
        int nameLength = TextEscapes.Undo(name, text, quotes: true);
        int valueLength = TextEscapes.Undo(value, text[nameLength..], quotes: true);
        AppendNormalized(text[..nameLength], text.Slice(nameLength, valueLength), type, labels);
    }

    /// <summary>Gives bounds of buckets and ranks of quantiles the one form of OpenMetrics: 1 and 1e0 become 1.0.</summary>
    private static void AppendNormalized(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, MetricType type, LabelsBuilder labels)
    {
        bool isNumber = (type == MetricType.Histogram && name.SequenceEqual(LabelNames.BucketBound))
            || (type == MetricType.Summary && name.SequenceEqual(LabelNames.Quantile));
        if (!isNumber || GoNumber.Parse(value, out double number) != GoNumberStatus.Ok)
        {
            labels.Append(name, value);
            return;
        }

        Span<byte> text = stackalloc byte[GoNumber.MaxLength];
        labels.Append(name, text[..GoNumber.FormatLabelValue(number, text)]);
    }

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> quoted) => quoted[1..^1];
}
