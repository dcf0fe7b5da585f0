using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>Parses the labels of one series: a metric name, labels in braces, or both. Labels with an empty value are left out.</summary>
internal static class MetricParser
{
    private const string Context = "label set";

    /// <summary>Parses the labels, possibly none at all; null if there is no going on.</summary>
    internal static Labels? Parse(TokenStream tokens)
    {
        string? name = tokens.Peek().IsMetricIdentifier() ? tokens.Take().Text : null;
        var labels = new LabelsBuilder();
        if (tokens.Peek() == TokenKind.LeftBrace && !ParseBraces(tokens, labels))
        {
            return null;
        }

        if (name is not null)
        {
            labels.Set(LabelNames.MetricName, StringUnquoting.ToBytes(name));
        }

        return labels.ToLabels();
    }

    private static bool ParseBraces(TokenStream tokens, LabelsBuilder labels)
    {
        tokens.Take();
        while (tokens.Peek() != TokenKind.RightBrace)
        {
            if (!ParseLabel(tokens, labels) || !ParseSeparator(tokens))
            {
                return false;
            }

            tokens.TryTake(TokenKind.Comma);
        }

        tokens.Take();
        return true;
    }

    /// <summary>Parses one label; a broken one is reported and left out. False: there is no going on.</summary>
    private static bool ParseLabel(TokenStream tokens, LabelsBuilder labels)
    {
        while (tokens.Peek() is not (TokenKind.Identifier or TokenKind.String))
        {
            if (!tokens.SkipUnfit())
            {
                return tokens.Recover(Context, "identifier or \"}\"");
            }
        }

        Token label = tokens.Take();
        string name = label.Kind == TokenKind.String ? StringUnquoting.Unquote(label.Text) : label.Text;
        if (label.Kind == TokenKind.String && tokens.Peek() != TokenKind.Equal)
        {
            labels.Set(LabelNames.MetricName, StringUnquoting.ToBytes(name));
            return true;
        }

        if (tokens.Expect(TokenKind.Equal) is null)
        {
            return tokens.Recover(Context, "\"=\"");
        }

        if (tokens.Expect(TokenKind.String) is not { } value)
        {
            return tokens.Recover(Context, "string");
        }

        Add(tokens, labels, label, name, StringUnquoting.Unquote(value.Text));
        return true;
    }

    private static void Add(TokenStream tokens, LabelsBuilder labels, Token label, string name, string value)
    {
        if (name.Length == 0)
        {
            tokens.AddError(label.PositionRange, "invalid label name \"\"");
        }
        else
        {
            labels.Set(StringUnquoting.ToBytes(name), StringUnquoting.ToBytes(value));
        }
    }

    /// <summary>Waits for the comma or brace behind a label, which is left in place.</summary>
    private static bool ParseSeparator(TokenStream tokens)
    {
        while (tokens.Peek() is not (TokenKind.Comma or TokenKind.RightBrace))
        {
            if (!tokens.SkipUnfit() && !tokens.Recover(Context, "\",\" or \"}\""))
            {
                return false;
            }
        }

        return true;
    }
}
