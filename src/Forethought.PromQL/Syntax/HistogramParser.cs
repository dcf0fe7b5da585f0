using System.Globalization;
using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Parses the notation of one native histogram: <c>{{schema:0 sum:5 count:4 z_bucket:1 buckets:[1 2] offset:0}}</c>, keys in any order, each at most once.
/// </summary>
internal sealed class HistogramParser(TokenStream tokens)
{
    private static readonly TokenKind[] Hints =
        [TokenKind.UnknownCounterReset, TokenKind.CounterReset, TokenKind.NotCounterReset, TokenKind.GaugeType];

    /// <summary>Parses what follows the opening braces; null if the construct fails.</summary>
    internal SeriesValue? Parse()
    {
        var description = new HistogramDescription();
        bool parsed = tokens.Peek() switch
        {
            TokenKind.CloseHistogram => true,
            TokenKind.Space => TakeSpaceBeforeClose(),
            _ => ParseItem(description) && ParseFurtherItems(description),
        };
        if (!parsed || tokens.Expect(TokenKind.CloseHistogram) is null)
        {
            return null;
        }

        bool hintSet = description.Has(TokenKind.CounterResetHintKey);
        return new SeriesValue(0, Omitted: false, description.Build(), hintSet);
    }

    private bool TakeSpaceBeforeClose()
    {
        tokens.Take();
        return true;
    }

    private bool ParseFurtherItems(HistogramDescription description)
    {
        while (tokens.Peek() != TokenKind.CloseHistogram)
        {
            bool parsed = tokens.TryTake(TokenKind.Space)
                && (tokens.Peek() == TokenKind.CloseHistogram || ParseItem(description));
            if (!parsed && !tokens.SkipUnfit()
                && !tokens.Recover("histogram description", "histogram description key, e.g. buckets:[5 10 7]"))
            {
                return false;
            }
        }

        return true;
    }

    private bool ParseItem(HistogramDescription description)
    {
        while (tokens.Peek() is < TokenKind.SumKey or > TokenKind.CounterResetHintKey)
        {
            if (!tokens.SkipUnfit())
            {
                return false;
            }
        }

        Token key = tokens.Take();
        if (tokens.Expect(TokenKind.Colon) is null || ParseValue(key.Kind) is not { } value)
        {
            return false;
        }

        if (!description.TryAdd(key.Kind, value))
        {
            tokens.AddError(default, $"duplicate key \"{key.Text.ToLowerInvariant()}\" in histogram");
        }

        return true;
    }

    private HistogramDescription.Value? ParseValue(TokenKind key)
    {
        switch (key)
        {
            case TokenKind.SchemaKey or TokenKind.OffsetKey or TokenKind.NegativeOffsetKey:
                return ParseInteger() is { } integer ? new HistogramDescription.Value { Integer = integer } : null;
            case TokenKind.CustomValuesKey or TokenKind.BucketsKey or TokenKind.NegativeBucketsKey:
                return ParseBuckets() is { } buckets ? new HistogramDescription.Value { Numbers = buckets } : null;
            case TokenKind.CounterResetHintKey:
                return tokens.Expect(Hints) is { } hint ? new HistogramDescription.Value { Hint = HintOf(hint.Kind) } : null;
            default:
                return ParseNumber(signed: key != TokenKind.ZeroBucketWidthKey) is { } number
                    ? new HistogramDescription.Value { Number = number }
                    : null;
        }
    }

    private static CounterResetHint HintOf(TokenKind kind) => kind switch
    {
        TokenKind.CounterReset => CounterResetHint.CounterReset,
        TokenKind.NotCounterReset => CounterResetHint.NotCounterReset,
        TokenKind.GaugeType => CounterResetHint.Gauge,
        _ => CounterResetHint.Unknown,
    };

    /// <summary>Only the low 32 bits of a whole number count.</summary>
    private int? ParseInteger()
    {
        bool negate = tokens.TryTake(TokenKind.Sub);
        if (tokens.Expect(TokenKind.Number) is not { } token)
        {
            return null;
        }

        if (!ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
        {
            string problem = token.Text.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";
            tokens.AddError(
                token.PositionRange,
                $"invalid repetition in series values: strconv.ParseUint: parsing {GoQuoting.Quote(token.Text)}: {problem}");
        }

        int low = unchecked((int)value);
        return negate ? unchecked(-low) : low;
    }

    private double? ParseNumber(bool signed)
    {
        TokenKind sign = signed && tokens.Peek() is TokenKind.Add or TokenKind.Sub ? tokens.Take().Kind : TokenKind.Add;
        if (tokens.Expect(TokenKind.Number, TokenKind.Duration) is not { } token)
        {
            return null;
        }

        double value = NumberParser.ParseNumberOrDuration(tokens, token);
        return sign == TokenKind.Sub ? -value : value;
    }

    private double[]? ParseBuckets()
    {
        if (tokens.Expect(TokenKind.LeftBracket) is null || ParseNumber(signed: true) is not { } first)
        {
            return null;
        }

        List<double> buckets = [first];
        while (tokens.Peek() != TokenKind.RightBracket)
        {
            double? number = null;
            bool closes = tokens.TryTake(TokenKind.Space)
                && (tokens.Peek() == TokenKind.RightBracket || (number = ParseNumber(signed: true)) is not null);
            if (number is { } bucket)
            {
                buckets.Add(bucket);
            }
            else if (!closes && !tokens.SkipUnfit() && !tokens.RecoverSilently())
            {
                return null;
            }
        }

        tokens.Take();
        return [.. buckets];
    }
}
