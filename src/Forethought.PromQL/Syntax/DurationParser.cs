namespace Forethought.PromQL.Syntax;

/// <summary>
/// Parses durations in brackets and behind <c>offset</c>: numbers (seconds), durations, and, where enabled, arithmetic on them. Results
/// are <see cref="NumberLiteral"/> or <see cref="DurationExpr"/>; null if the construct fails.
/// </summary>
internal sealed class DurationParser(TokenStream tokens, ParserOptions options)
{
    // A sign binds as tightly as multiplication, so that its operand takes only powers along.
    private const int AboveSign = 6;

    private static readonly NumberLiteral Zero = new(0, isDuration: false, default);

    /// <summary>Parses a duration that has to be positive.</summary>
    internal Expr? ParsePositive()
    {
        Expr? duration = Parse(minPrecedence: 0);
        if (duration is NumberLiteral { Value: <= 0 } literal)
        {
            tokens.AddError(literal.PositionRange, "duration must be greater than 0");
            return Zero;
        }

        return duration;
    }

    /// <summary>
    /// Parses an offset. Without parentheses it is a single term, because the operators behind it belong to the selector's
    /// expression: <c>a offset 5m * 2</c> multiplies a.
    /// </summary>
    internal Expr? ParseOffset()
    {
        if (!AwaitOperand())
        {
            return null;
        }

        switch (tokens.Peek())
        {
            case TokenKind.LeftParen:
                return ParseParen() is { } inner ? ParseTail(inner, minPrecedence: 0) : null;
            case TokenKind.Add or TokenKind.Sub:
                return ParseSignedOffset(tokens.Take());
            default:
                return ParseTerm();
        }
    }

    private Expr? ParseSignedOffset(Token sign)
    {
        if (!AwaitOperand())
        {
            return null;
        }

        switch (tokens.Peek())
        {
            case TokenKind.Number or TokenKind.Duration:
                return Signed(sign, NumberParser.ParseLiteral(tokens, tokens.Take()));
            case TokenKind.LeftParen:
                return ParseParen() is { } inner ? ApplySign(sign, inner) : null;
            case TokenKind.Add or TokenKind.Sub:
                return Parse(AboveSign) is { } operand && ApplySign(sign, operand) is { } signed
                    ? ParseTail(signed, minPrecedence: 0)
                    : null;
            default:
                return ParseTerm() is { } term ? Experimental(SignedTerm(sign, term)) : null;
        }
    }

    private static DurationExpr SignedTerm(Token sign, Expr term) =>
        new(OperatorOf(sign), null, term, sign.PositionRange.To(term.PositionRange));

    private static DurationOperator OperatorOf(Token sign) =>
        sign.Kind == TokenKind.Sub ? DurationOperator.Sub : DurationOperator.Add;

    private Expr? Parse(int minPrecedence)
    {
        Expr? duration = null;
        if (tokens.TryEnter())
        {
            duration = ParseOperand();
            duration = duration is null ? null : ParseTail(duration, minPrecedence);
        }

        tokens.Leave();
        return duration;
    }

    private Expr? ParseOperand()
    {
        if (!AwaitOperand())
        {
            return null;
        }

        switch (tokens.Peek())
        {
            case TokenKind.LeftParen:
                return ParseParen();
            case TokenKind.Add or TokenKind.Sub:
                Token sign = tokens.Take();
                return Parse(AboveSign) is { } operand ? ApplySign(sign, operand) : null;
            default:
                return ParseTerm();
        }
    }

    /// <summary>Parses the operators that bind at least as tightly as <paramref name="minPrecedence"/>, and their right operands.</summary>
    private Expr? ParseTail(Expr left, int minPrecedence)
    {
        Expr? result = left;
        while (result is not null && tokens.Peek().DurationOperator() is { } op && op.Precedence() >= minPrecedence)
        {
            Token token = tokens.Take();
            Expr? right = Parse(op == DurationOperator.Pow ? op.Precedence() : op.Precedence() + 1);
            result = right is null ? null : Combine(op, token, result, right);
        }

        return result;
    }

    private Expr? Combine(DurationOperator op, Token token, Expr left, Expr right)
    {
        Experimental(left);
        if (op is DurationOperator.Div or DurationOperator.Mod && right is NumberLiteral { Value: 0 })
        {
            tokens.AddError(token.PositionRange, op == DurationOperator.Div ? "division by zero" : "modulo by zero");
            return Zero;
        }

        return tokens.Bounded(new DurationExpr(op, left, right, left.PositionRange.To(right.PositionRange)));
    }

    /// <summary>Parses a number or a function.</summary>
    private Expr? ParseTerm()
    {
        Token token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                return InRange(NumberParser.ParseLiteral(tokens, token), token);
            case TokenKind.Step or TokenKind.Range:
                return ParseEmptyCall(token);
            default:
                return ParseExtremum(token);
        }
    }

    private DurationExpr? ParseEmptyCall(Token name)
    {
        if (tokens.Expect(TokenKind.LeftParen) is null || tokens.Expect(TokenKind.RightParen) is not { } close)
        {
            return null;
        }

        DurationOperator op = name.Kind == TokenKind.Step ? DurationOperator.Step : DurationOperator.Range;
        return Experimental(new DurationExpr(op, null, null, name.PositionRange.To(close.PositionRange)));
    }

    private DurationExpr? ParseExtremum(Token name)
    {
        if (tokens.Expect(TokenKind.LeftParen) is null
            || Parse(minPrecedence: 0) is not { } left
            || tokens.Expect(TokenKind.Comma) is null
            || Parse(minPrecedence: 0) is not { } right
            || tokens.Expect(TokenKind.RightParen) is null)
        {
            return null;
        }

        DurationOperator op = name.Kind == TokenKind.MinOf ? DurationOperator.MinOf : DurationOperator.MaxOf;
        return Experimental(new DurationExpr(op, left, right, left.PositionRange.To(right.PositionRange)));
    }

    private DurationExpr? ParseParen()
    {
        Token open = tokens.Take();
        if (Parse(minPrecedence: 0) is not { } inner || tokens.Expect(TokenKind.RightParen) is null)
        {
            return null;
        }

        Experimental(inner);
        return Wrap(inner, open.Start);
    }

    /// <summary>Marks a duration as one in parentheses; a number, which has no place for the mark, gets a plus sign that has.</summary>
    private DurationExpr? Wrap(Expr inner, int start)
    {
        DurationExpr wrapped = inner as DurationExpr
            ?? new DurationExpr(DurationOperator.Add, null, inner, new PositionRange(start, inner.PositionRange.End));
        wrapped.Wrapped = true;
        return tokens.Bounded(wrapped);
    }

    private Expr? ApplySign(Token sign, Expr operand)
    {
        if (operand is NumberLiteral literal)
        {
            return Signed(sign, literal);
        }

        return sign.Kind == TokenKind.Sub ? tokens.Bounded(SignedTerm(sign, operand)) : operand;
    }

    private NumberLiteral Signed(Token sign, NumberLiteral literal)
    {
        double value = sign.Kind == TokenKind.Sub ? -literal.Value : literal.Value;
        return InRange(new NumberLiteral(value, literal.IsDuration, sign.PositionRange.To(literal.PositionRange)), sign);
    }

    private NumberLiteral InRange(NumberLiteral literal, Token blamed)
    {
        if (!DurationLiterals.IsOutOfRange(literal.Value))
        {
            return literal;
        }

        tokens.AddError(blamed.PositionRange, "duration out of range");
        return Zero;
    }

    private T? Experimental<T>(T duration)
        where T : Expr
    {
        if (!options.DurationExpressions)
        {
            tokens.AddError(duration.PositionRange, "experimental duration expression is not enabled");
        }

        return tokens.Bounded(duration);
    }

    private bool AwaitOperand()
    {
        while (!StartsOperand(tokens.Peek()))
        {
            if (!tokens.SkipUnfit())
            {
                return false;
            }
        }

        return true;
    }

    private static bool StartsOperand(TokenKind kind) => kind is TokenKind.Number or TokenKind.Duration
        or TokenKind.Add or TokenKind.Sub or TokenKind.LeftParen
        or TokenKind.Step or TokenKind.Range or TokenKind.MinOf or TokenKind.MaxOf;
}
