namespace Forethought.PromQL.Syntax;

/// <summary>
/// Parses what may stand behind an expression: brackets, <c>offset</c>, <c>@</c>, <c>anchored</c>, <c>smoothed</c>. The grammar allows
/// them everywhere; which expressions take them is checked here.
/// </summary>
internal sealed class SelectorModifierParser(TokenStream tokens, ParserOptions options)
{
    private const string DurationForms = "number, duration, step(), or range()";

    private readonly DurationParser _durations = new(tokens, options);

    /// <summary>
    /// Parses all modifiers behind an expression and returns the expression with them. A broken one is reported and left out; if
    /// there is no going on behind it, parsing is aborted.
    /// </summary>
    internal Expr Parse(Expr expr)
    {
        Expr result = expr;
        while (!tokens.Aborted)
        {
            switch (tokens.Peek())
            {
                case TokenKind.Offset:
                    tokens.Take();
                    ParseOffset(result);
                    break;
                case TokenKind.At:
                    tokens.Take();
                    ParseAt(result);
                    break;
                case TokenKind.LeftBracket:
                    result = ParseBrackets(result, tokens.Take());
                    break;
                case TokenKind.Anchored or TokenKind.Smoothed:
                    Extend(result, tokens.Take().Kind == TokenKind.Anchored);
                    break;
                default:
                    return result;
            }
        }

        return result;
    }

    private void ParseOffset(Expr expr)
    {
        if (_durations.ParseOffset() is not { } offset)
        {
            tokens.Recover("offset", DurationForms);
            return;
        }

        switch (SelectorTime.Of(expr))
        {
            case null:
                AddMisplaced(expr, "offset modifier");
                break;
            case { HasOffset: true } time:
                tokens.AddError(expr.PositionRange, "offset may not be set multiple times");
                time.SetEnd(tokens.LastClosing);
                break;
            case { } time:
                time.SetOffset(offset);
                time.SetEnd(tokens.LastClosing);
                break;
        }
    }

    private void AddMisplaced(Expr expr, string modifier) => tokens.AddError(
        expr.PositionRange,
        expr is MatrixSelector
            ? "ranges only allowed for vector selectors"
            : modifier + " must be preceded by an instant vector selector or range vector selector or a subquery");

    private void ParseAt(Expr expr)
    {
        Token? token = tokens.Expect(
            TokenKind.Number, TokenKind.Duration, TokenKind.Add, TokenKind.Sub, TokenKind.Start, TokenKind.End);
        bool parsed = token?.Kind switch
        {
            null => false,
            TokenKind.Start or TokenKind.End => ParseAtBound(expr, token.Value),
            TokenKind.Add or TokenKind.Sub => ParseAtSigned(expr, negate: token.Value.Kind == TokenKind.Sub),
            _ => SetTimestamp(expr, NumberParser.ParseNumberOrDuration(tokens, token.Value)),
        };
        if (!parsed)
        {
            tokens.Recover("@", "timestamp");
        }
    }

    private bool ParseAtSigned(Expr expr, bool negate)
    {
        if (tokens.Expect(TokenKind.Number, TokenKind.Duration) is not { } token)
        {
            return false;
        }

        double seconds = NumberParser.ParseNumberOrDuration(tokens, token);
        return SetTimestamp(expr, negate ? -seconds : seconds);
    }

    private bool ParseAtBound(Expr expr, Token bound)
    {
        if (tokens.Expect(TokenKind.LeftParen) is null || tokens.Expect(TokenKind.RightParen) is null)
        {
            return false;
        }

        if (TimeForAt(expr) is { } time)
        {
            time.SetAt(null, bound.Kind == TokenKind.Start ? AtModifier.Start : AtModifier.End);
            time.SetEnd(tokens.LastClosing);
        }

        return true;
    }

    private bool SetTimestamp(Expr expr, double seconds)
    {
        bool inBounds = Math.Abs(seconds) < (double)(1UL << 63);
        if (!inBounds)
        {
            string text = double.IsFinite(seconds)
                ? seconds.ToString("F6", System.Globalization.CultureInfo.InvariantCulture)
                : NumberText.Plain(seconds);
            tokens.AddError(expr.PositionRange, "timestamp out of bounds for @ modifier: " + text);
        }

        if (TimeForAt(expr) is { } time)
        {
            double milliseconds = Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);

            // What Prometheus' conversion makes of seconds that are in bounds, but not in milliseconds.
            bool fits = Math.Abs(milliseconds) < (double)(1UL << 63);
            time.SetAt(fits ? (long)milliseconds : long.MinValue, AtModifier.None);
            time.SetEnd(tokens.LastClosing);
        }

        return true;
    }

    /// <summary>What an <c>@</c> behind the expression sets; null, with an error, if there cannot be one.</summary>
    private SelectorTime? TimeForAt(Expr expr)
    {
        SelectorTime? time = SelectorTime.Of(expr);
        if (time is null)
        {
            AddMisplaced(expr, "@ modifier");
        }
        else if (time.HasAt)
        {
            tokens.AddError(expr.PositionRange, "@ <timestamp> may not be set multiple times");
            return null;
        }

        return time;
    }

    private void Extend(Expr expr, bool anchored)
    {
        string name = anchored ? "anchored" : "smoothed";
        if (!options.ExtendedRangeSelectors)
        {
            tokens.AddError(expr.PositionRange, name + " modifier is experimental and not enabled");
            return;
        }

        switch (expr)
        {
            case VectorSelector selector:
                Extend(expr, selector, anchored);
                break;
            case MatrixSelector { Selector: VectorSelector selector }:
                Extend(expr, selector, anchored);
                break;
            case MatrixSelector:
                break;
            case SubqueryExpr:
                tokens.AddError(expr.PositionRange, name + " modifier is not supported for subqueries");
                break;
            default:
                tokens.AddError(expr.PositionRange, name + " modifier not implemented");
                break;
        }
    }

    private void Extend(Expr expr, VectorSelector selector, bool anchored)
    {
        selector.Anchored |= anchored;
        selector.Smoothed |= !anchored;
        if (selector.Anchored && selector.Smoothed)
        {
            tokens.AddError(expr.PositionRange, "anchored and smoothed modifiers cannot be used together");
        }
    }

    /// <summary>Parses a range or a subquery; without a valid one the expression stays as it is.</summary>
    private Expr ParseBrackets(Expr expr, Token open)
    {
        if (_durations.ParsePositive() is not { } range)
        {
            tokens.Recover("subquery or range selector", DurationForms);
            return expr;
        }

        switch (tokens.Expect(TokenKind.Colon, TokenKind.RightBracket))
        {
            case null:
                tokens.Recover("subquery or range", "\":\" or \"]\"");
                return expr;
            case { Kind: TokenKind.RightBracket } close:
                return BuildRange(expr, range, open.PositionRange.To(close.PositionRange));
            default:
                return ParseSubquery(expr, range);
        }
    }

    private Expr ParseSubquery(Expr expr, Expr range)
    {
        if (tokens.TryTake(TokenKind.RightBracket))
        {
            return BuildSubquery(expr, range, step: null);
        }

        if (_durations.ParsePositive() is not { } step)
        {
            tokens.Recover("subquery selector", "number, duration, step(), range(), or \"]\"");
            return expr;
        }

        if (tokens.Expect(TokenKind.RightBracket) is null)
        {
            tokens.Recover("subquery selector", "\"]\"");
            return expr;
        }

        return BuildSubquery(expr, range, step);
    }

    private Expr BuildRange(Expr expr, Expr range, PositionRange brackets)
    {
        string? error = expr is not VectorSelector selector ? "ranges only allowed for vector selectors"
            : selector.OriginalOffset != TimeSpan.Zero || selector.OriginalOffsetExpr is not null ? "no offset modifiers allowed before range"
            : selector.TimestampMs is not null || selector.StartOrEnd != AtModifier.None ? "no @ modifiers allowed before range"
            : null;
        if (error is not null)
        {
            tokens.AddError(brackets, error);
        }

        var position = new PositionRange(expr.PositionRange.Start, tokens.LastClosing);
        return tokens.Bounded(new MatrixSelector(expr, Constant(range), range as DurationExpr, position)) ?? expr;
    }

    private Expr BuildSubquery(Expr expr, Expr range, Expr? step)
    {
        var position = new PositionRange(expr.PositionRange.Start, tokens.LastClosing);
        var subquery = new SubqueryExpr(expr, Constant(range), range as DurationExpr, Constant(step), step as DurationExpr, position);
        return tokens.Bounded(subquery) ?? expr;
    }

    private static TimeSpan Constant(Expr? duration) =>
        duration is NumberLiteral literal ? DurationLiterals.ToTimeSpan(literal.Value) : TimeSpan.Zero;
}
