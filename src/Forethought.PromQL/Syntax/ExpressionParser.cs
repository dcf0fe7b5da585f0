namespace Forethought.PromQL.Syntax;

/// <summary>
/// Parses expressions by operator precedence. Methods return null where a construct fails (see <see cref="TokenStream"/>).
/// </summary>
internal sealed class ExpressionParser(TokenStream tokens, ParserOptions options)
{
    private readonly SelectorParser _selectors = new(tokens);
    private readonly SelectorModifierParser _modifiers = new(tokens, options);
    private readonly BinaryModifierParser _binaryModifiers = new(tokens);

    /// <summary>Parses an expression whose operators bind at least as tightly as <paramref name="minPrecedence"/>.</summary>
    internal Expr? Parse(int minPrecedence = 0)
    {
        Expr? expr = null;
        if (tokens.TryEnter())
        {
            expr = ParseOperand();
            expr = expr is null ? null : ParseTail(expr, minPrecedence);
        }

        tokens.Leave();
        return expr;
    }

    private Expr? ParseTail(Expr left, int minPrecedence)
    {
        Expr? result = left;
        while (result is not null && tokens.Peek().BinaryOperator() is { } op && op.Precedence() >= minPrecedence)
        {
            tokens.Take();
            result = ParseRight(result, op);
        }

        return result;
    }

    private BinaryExpr? ParseRight(Expr left, BinaryOperator op)
    {
        if (_binaryModifiers.Parse() is not { } modifiers)
        {
            return null;
        }

        if (Parse(op == BinaryOperator.Pow ? op.Precedence() : op.Precedence() + 1) is not { } right)
        {
            return null;
        }

        var binary = new BinaryExpr(op, left, right, modifiers.Matching, modifiers.ReturnBool);
        if (modifiers.Matching.HasFill && !options.FillModifiers)
        {
            tokens.AddError(binary.PositionRange, "binop fill modifiers are experimental and not enabled");
        }

        return tokens.Bounded(binary);
    }

    private Expr? ParseOperand()
    {
        while (!StartsOperand(tokens.Peek()))
        {
            if (!tokens.SkipUnfit())
            {
                return null;
            }
        }

        if (tokens.Peek() is TokenKind.Add or TokenKind.Sub)
        {
            return ParseSigned(tokens.Take());
        }

        return ParsePrimary() is { } primary ? _modifiers.Parse(primary) : null;
    }

    /// <summary>A sign becomes part of a number behind it.</summary>
    private Expr? ParseSigned(Token sign)
    {
        bool negate = sign.Kind == TokenKind.Sub;
        return Parse(BinaryOperators.UnaryPrecedence + 1) switch
        {
            null => null,
            NumberLiteral number => new NumberLiteral(
                negate ? -number.Value : number.Value, number.IsDuration, sign.PositionRange.To(number.PositionRange)),
            Expr operand => tokens.Bounded(new UnaryExpr(negate, operand, sign.Start)),
        };
    }

    private Expr? ParsePrimary()
    {
        switch (tokens.Peek())
        {
            case TokenKind.Number or TokenKind.Duration:
                return NumberParser.ParseLiteral(tokens, tokens.Take());
            case TokenKind.String:
                Token text = tokens.Take();
                return new StringLiteral(StringUnquoting.Unquote(text.Text), text.PositionRange);
            case TokenKind.LeftParen:
                return ParseParen(tokens.Take());
            case TokenKind.LeftBrace:
                return _selectors.Parse();
            default:
                return ParseWord(tokens.Take());
        }
    }

    private ParenExpr? ParseParen(Token open)
    {
        Expr? inner = Parse();
        while (inner is not null && tokens.Peek() != TokenKind.RightParen)
        {
            if (!tokens.SkipUnfit())
            {
                return null;
            }

            // Behind skipped tokens the expression may go on.
            inner = ParseTail(_modifiers.Parse(inner), minPrecedence: 0);
        }

        if (inner is null)
        {
            return null;
        }

        Token close = tokens.Take();
        return tokens.Bounded(new ParenExpr(inner, open.PositionRange.To(close.PositionRange)));
    }

    /// <summary>Words have a meaning only where the next token allows for it; elsewhere most are metric names.</summary>
    private Expr? ParseWord(Token word)
    {
        TokenKind next = tokens.Peek();
        if (word.Kind.IsAggregator() && next is TokenKind.LeftParen or TokenKind.By or TokenKind.Without)
        {
            return ParseAggregation(word);
        }

        return word.Kind.IsFunctionName() && next == TokenKind.LeftParen ? ParseCall(word) : _selectors.ParseNamed(word);
    }

    private Call? ParseCall(Token name)
    {
        if (ParseArguments() is not { } arguments)
        {
            return null;
        }

        if (!FunctionSignatures.ByName.TryGetValue(name.Text, out FunctionSignature? function))
        {
            tokens.AddError(name.PositionRange, $"unknown function with name {GoQuoting.Quote(name.Text)}");
            function = new FunctionSignature(name.Text, [], Variadic: 0, ExprType.None, IsExperimental: false);
        }
        else if (function.IsExperimental && !options.ExperimentalFunctions)
        {
            tokens.AddError(name.PositionRange, $"function {GoQuoting.Quote(name.Text)} is not enabled");
        }

        return tokens.Bounded(new Call(function, arguments, new PositionRange(name.Start, tokens.LastClosing)));
    }

    /// <summary>Parses arguments in parentheses.</summary>
    private List<Expr>? ParseArguments()
    {
        if (tokens.Expect(TokenKind.LeftParen) is null)
        {
            return null;
        }

        var arguments = new List<Expr>();
        if (tokens.TryTake(TokenKind.RightParen))
        {
            return arguments;
        }

        Token separator = default;
        do
        {
            if (arguments.Count > 0 && !StartsOperand(tokens.Peek()))
            {
                tokens.AddError(separator.PositionRange, "trailing commas not allowed in function call args");
            }
            else if (Parse() is { } argument)
            {
                arguments.Add(argument);
            }
            else
            {
                return null;
            }

            if (tokens.Expect(TokenKind.Comma, TokenKind.RightParen) is not { } found)
            {
                return null;
            }

            separator = found;
        }
        while (separator.Kind == TokenKind.Comma);
        return arguments;
    }

    private AggregateExpr? ParseAggregation(Token op)
    {
        var aggregation = new Aggregation(op);
        bool leading = ParseGrouping(ref aggregation);
        List<Expr>? arguments = tokens.Aborted ? null : ParseArguments();
        if (arguments is null)
        {
            return tokens.Recover("aggregation", "") ? Build(aggregation, [], tokens.LastClosing) : null;
        }

        int end = tokens.LastClosing;
        if (!leading && ParseGrouping(ref aggregation))
        {
            end = tokens.LastClosing;
        }

        return tokens.Aborted ? null : Build(aggregation, arguments, end);
    }

    /// <summary>Parses a <c>by</c> or <c>without</c> clause, if there is one.</summary>
    private bool ParseGrouping(ref Aggregation aggregation)
    {
        if (tokens.Peek() is not (TokenKind.By or TokenKind.Without))
        {
            return false;
        }

        bool without = tokens.Take().Kind == TokenKind.Without;
        aggregation = aggregation with { Without = without, Grouping = GroupingParser.Parse(tokens) ?? [] };
        return true;
    }

    private AggregateExpr? Build(Aggregation aggregation, List<Expr> arguments, int end)
    {
        AggregateOperator op = aggregation.Operator;
        var range = new PositionRange(aggregation.Keyword.Start, end);
        int expected = op.ParameterType() == ExprType.None ? 1 : 2;
        if (arguments.Count == 0)
        {
            tokens.AddError(range, "no arguments for aggregate expression provided");
        }
        else if (op.IsExperimental() && !options.ExperimentalFunctions)
        {
            tokens.AddError(range, $"{op.Name()}() is experimental and must be enabled with --enable-feature=promql-experimental-functions");
        }
        else if (arguments.Count != expected)
        {
            tokens.AddError(
                range, $"wrong number of arguments for aggregate expression provided, expected {expected}, got {arguments.Count}");
        }

        // Beside an error the tree is only kept for its positions: any vector will do.
        Expr vector = arguments.Count > 0 ? arguments[^1] : new VectorSelector("", [], range);
        Expr? parameter = expected == 2 && arguments.Count > 0 ? arguments[0] : null;
        return tokens.Bounded(new AggregateExpr(op, vector, parameter, aggregation.Grouping, aggregation.Without, range));
    }

    /// <summary>Whether an operand may begin with the token.</summary>
    internal static bool StartsOperand(TokenKind kind) => kind.IsMetricIdentifier() || kind is TokenKind.Number or TokenKind.Duration
        or TokenKind.String or TokenKind.LeftBrace or TokenKind.LeftParen or TokenKind.Add or TokenKind.Sub;

    /// <summary>An aggregation without its arguments.</summary>
    private readonly record struct Aggregation(Token Keyword)
    {
        internal IReadOnlyList<string> Grouping { get; init; } = [];

        internal bool Without { get; init; }

        internal AggregateOperator Operator => (AggregateOperator)(Keyword.Kind - TokenKind.Avg);
    }
}
