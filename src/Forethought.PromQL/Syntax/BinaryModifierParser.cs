namespace Forethought.PromQL.Syntax;

/// <summary>Parses what may stand between a binary operator and its right operand: <c>bool</c>, matching, grouping, filling.</summary>
internal sealed class BinaryModifierParser(TokenStream tokens)
{
    /// <summary>Parses the modifiers; null if the construct fails.</summary>
    internal (VectorMatching Matching, bool ReturnBool)? Parse()
    {
        var matching = new VectorMatching();
        bool returnBool = tokens.TryTake(TokenKind.Bool);
        return ParseMatching(matching) && ParseFill(matching) ? (matching, returnBool) : null;
    }

    private bool ParseMatching(VectorMatching matching)
    {
        if (tokens.Peek() is not (TokenKind.On or TokenKind.Ignoring))
        {
            return true;
        }

        matching.On = tokens.Take().Kind == TokenKind.On;
        if (GroupingParser.Parse(tokens) is not { } labels)
        {
            return false;
        }

        matching.MatchingLabels = labels;
        return tokens.Peek() is not (TokenKind.GroupLeft or TokenKind.GroupRight) || ParseGroup(matching);
    }

    private bool ParseGroup(VectorMatching matching)
    {
        matching.Cardinality = tokens.Take().Kind == TokenKind.GroupLeft
            ? VectorMatchCardinality.ManyToOne
            : VectorMatchCardinality.OneToMany;
        if (tokens.Peek() is var next && next != TokenKind.LeftParen
            && (ExpressionParser.StartsOperand(next) || next is TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight))
        {
            return true;
        }

        if (GroupingParser.Parse(tokens) is not { } labels)
        {
            return false;
        }

        matching.Include = labels;
        return true;
    }

    private bool ParseFill(VectorMatching matching)
    {
        switch (tokens.Peek())
        {
            case TokenKind.Fill:
                matching.FillLeft = ParseFillValue();
                matching.FillRight = matching.FillLeft;
                return matching.HasFill;
            case TokenKind.FillLeft:
                matching.FillLeft = ParseFillValue();
                return matching.FillLeft is not null
                    && (tokens.Peek() != TokenKind.FillRight || (matching.FillRight = ParseFillValue()) is not null);
            case TokenKind.FillRight:
                matching.FillRight = ParseFillValue();
                return matching.FillRight is not null
                    && (tokens.Peek() != TokenKind.FillLeft || (matching.FillLeft = ParseFillValue()) is not null);
            default:
                return true;
        }
    }

    /// <summary>Parses a fill keyword and the number in parentheses behind it.</summary>
    private double? ParseFillValue()
    {
        tokens.Take();
        if (tokens.Expect(TokenKind.LeftParen) is null
            || tokens.Expect(TokenKind.Number, TokenKind.Duration, TokenKind.Add, TokenKind.Sub) is not { } token)
        {
            return null;
        }

        bool negate = token.Kind == TokenKind.Sub;
        if (token.Kind is TokenKind.Add or TokenKind.Sub)
        {
            if (tokens.Expect(TokenKind.Number, TokenKind.Duration) is not { } number)
            {
                return null;
            }

            token = number;
        }

        double value = NumberParser.ParseNumberOrDuration(tokens, token);
        return tokens.Expect(TokenKind.RightParen) is null ? null : negate ? -value : value;
    }
}
