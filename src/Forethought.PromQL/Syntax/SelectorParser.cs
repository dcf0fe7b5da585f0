using System.Diagnostics;
using Forethought.Model;
using Forethought.Regex;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.PromQL.Syntax;

/// <summary>Parses vector selectors: a metric name, matchers in braces, or both.</summary>
internal sealed class SelectorParser(TokenStream tokens)
{
    private const string Context = "label matching";

    /// <summary>Parses a selector; null if there is none or it cannot be recovered from.</summary>
    internal VectorSelector? Parse()
    {
        while (!tokens.Peek().IsMetricIdentifier() && tokens.Peek() != TokenKind.LeftBrace)
        {
            if (!tokens.SkipUnfit())
            {
                return null;
            }
        }

        return tokens.Peek() == TokenKind.LeftBrace ? ParseBraces(null) : ParseNamed(tokens.Take());
    }

    /// <summary>Parses what follows a metric name.</summary>
    internal VectorSelector? ParseNamed(Token name) =>
        tokens.Peek() == TokenKind.LeftBrace ? ParseBraces(name) : Build(name, [], name.PositionRange);

    private VectorSelector? ParseBraces(Token? name)
    {
        Token open = tokens.Take();
        var matchers = new List<Matcher>();
        while (tokens.Peek() != TokenKind.RightBrace)
        {
            if (!ParseMatcher(matchers) || !ParseSeparator())
            {
                return null;
            }

            tokens.TryTake(TokenKind.Comma);
        }

        Token close = tokens.Take();
        return Build(name, matchers, (name ?? open).PositionRange.To(close.PositionRange));
    }

    /// <summary>Waits for the comma or brace behind a matcher, which is left in place.</summary>
    private bool ParseSeparator()
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

    /// <summary>Parses one matcher; a broken one is reported and left out. False: there is no going on.</summary>
    private bool ParseMatcher(List<Matcher> matchers)
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
        while (!IsMatchOperator(tokens.Peek()))
        {
            if (label.Kind == TokenKind.String)
            {
                matchers.Add(NameMatcher(name));
                return true;
            }

            if (!tokens.SkipUnfit())
            {
                return tokens.Recover(Context, "label matching operator");
            }
        }

        return ParseValue(matchers, label, name, tokens.Take().Kind);
    }

    private bool ParseValue(List<Matcher> matchers, Token label, string name, TokenKind op)
    {
        if (tokens.Expect(TokenKind.String) is not { } value)
        {
            return tokens.Recover(Context, "string");
        }

        try
        {
            byte[] text = StringUnquoting.ToBytes(StringUnquoting.Unquote(value.Text));
            matchers.Add(new Matcher(TypeOf(op), StringUnquoting.ToBytes(name), text));
        }
        catch (Re2SyntaxException e)
        {
            tokens.AddError(label.PositionRange.To(value.PositionRange), e.Message);
        }

        return true;
    }

    private static VectorSelector Build(Token? name, List<Matcher> matchers, PositionRange range)
    {
        if (name is { } token)
        {
            matchers.Add(NameMatcher(token.Text));
        }

        return new VectorSelector(name?.Text ?? "", matchers, range);
    }

    private static Matcher NameMatcher(string name) =>
        new(MatchType.Equal, LabelNames.MetricName, StringUnquoting.ToBytes(name));

    private static bool IsMatchOperator(TokenKind kind) =>
        kind is TokenKind.Equal or TokenKind.NotEqual or TokenKind.RegexEqual or TokenKind.RegexNotEqual;

    private static MatchType TypeOf(TokenKind op) => op switch
    {
        TokenKind.Equal => MatchType.Equal,
        TokenKind.NotEqual => MatchType.NotEqual,
        TokenKind.RegexEqual => MatchType.RegexMatch,
        TokenKind.RegexNotEqual => MatchType.RegexNotMatch,
        _ => throw new UnreachableException(),
    };
}
