namespace Forethought.PromQL.Syntax;

/// <summary>Parses lists of label names in parentheses, as behind <c>by</c>, <c>on</c> and <c>group_left</c>.</summary>
internal static class GroupingParser
{
    private const string Context = "grouping opts";

    /// <summary>Parses a list; a broken one is reported and what could be read of it returned. Null: there is no going on.</summary>
    internal static List<string>? Parse(TokenStream tokens)
    {
        var labels = new List<string>();
        if (tokens.Expect(TokenKind.LeftParen) is null)
        {
            return tokens.Recover(Context, "\"(\"") ? labels : null;
        }

        while (tokens.Peek() != TokenKind.RightParen)
        {
            if (!ParseLabel(tokens, labels) || !ParseSeparator(tokens))
            {
                return null;
            }

            tokens.TryTake(TokenKind.Comma);
        }

        tokens.Take();
        return labels;
    }

    private static bool ParseLabel(TokenStream tokens, List<string> labels)
    {
        while (!tokens.Peek().IsGroupingLabel() && tokens.Peek() != TokenKind.String)
        {
            if (!tokens.SkipUnfit())
            {
                return tokens.Recover(Context, "label");
            }
        }

        Token token = tokens.Take();
        string label = token.Kind == TokenKind.String ? StringUnquoting.Unquote(token.Text) : token.Text;
        if (label.Length == 0 || !StringUnquoting.IsValidUtf8(label))
        {
            tokens.AddError(token.PositionRange, $"invalid label name for grouping: {GoQuoting.Quote(label)}");
        }

        labels.Add(label);
        return true;
    }

    /// <summary>Waits for the comma or parenthesis behind a label, which is left in place.</summary>
    private static bool ParseSeparator(TokenStream tokens)
    {
        while (tokens.Peek() is not (TokenKind.Comma or TokenKind.RightParen))
        {
            if (!tokens.SkipUnfit() && !tokens.Recover(Context, "\",\" or \")\""))
            {
                return false;
            }
        }

        return true;
    }
}
