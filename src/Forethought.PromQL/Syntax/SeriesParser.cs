using System.Globalization;
using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Parses series notation. <c>1x3</c> is 1 four times, <c>1+2x3</c> is 1, 3, 5, 7; <c>_x3</c> is three omitted values. Histograms repeat
/// and add up in the same way.
/// </summary>
internal sealed class SeriesParser(TokenStream tokens)
{
    /// <summary>The most values a description may expand to.</summary>
    internal const int MaxValues = 1_000_000;

    private readonly HistogramParser _histograms = new(tokens);
    private readonly List<SeriesValue> _values = [];

    /// <summary>Parses a series and its values; null if there is no going on.</summary>
    internal SeriesDescription? Parse()
    {
        if (MetricParser.Parse(tokens) is not { } labels)
        {
            return null;
        }

        while (tokens.TryTake(TokenKind.Space))
        {
            if (!StartsItem(tokens.Peek()) || ParseItem())
            {
                continue;
            }

            if (!tokens.Recover("series values", ""))
            {
                return null;
            }

            _values.Clear();
        }

        return new SeriesDescription(labels, _values);
    }

    private static bool StartsItem(TokenKind kind) => kind is TokenKind.Blank or TokenKind.Identifier
        or TokenKind.Number or TokenKind.Duration or TokenKind.Add or TokenKind.Sub or TokenKind.OpenHistogram;

    private bool ParseItem()
    {
        Token token = tokens.Take();
        return token.Kind switch
        {
            TokenKind.Blank => ParseBlank(),
            TokenKind.OpenHistogram => ParseHistogram(),
            _ => ParseFloat(token),
        };
    }

    private bool ParseBlank()
    {
        ulong count = 1;
        if (tokens.TryTake(TokenKind.Times) && !TryParseCount(out count))
        {
            return false;
        }

        Append(count, _ => new SeriesValue(0, Omitted: true, null, CounterResetHintSet: false));
        return true;
    }

    private bool ParseFloat(Token token)
    {
        double value;
        if (token.Kind is TokenKind.Add or TokenKind.Sub)
        {
            if (tokens.Expect(TokenKind.Number, TokenKind.Duration) is not { } number)
            {
                return false;
            }

            value = Signed(token, number);
        }
        else
        {
            value = token.Kind == TokenKind.Identifier ? ParseStale(token) : NumberParser.ParseNumberOrDuration(tokens, token);
        }

        double increment = 0;
        if (tokens.Peek() is TokenKind.Add or TokenKind.Sub)
        {
            Token sign = tokens.Take();
            if (tokens.Expect(TokenKind.Number, TokenKind.Duration) is not { } number)
            {
                return false;
            }

            increment = Signed(sign, number);
            return tokens.Expect(TokenKind.Times) is not null && RepeatFloat(value, increment);
        }

        if (tokens.TryTake(TokenKind.Times))
        {
            return RepeatFloat(value, increment: null);
        }

        Append(1, _ => new SeriesValue(value, Omitted: false, null, CounterResetHintSet: false));
        return true;
    }

    private double Signed(Token sign, Token number)
    {
        double value = NumberParser.ParseNumberOrDuration(tokens, number);
        return sign.Kind == TokenKind.Sub ? -value : value;
    }

    private double ParseStale(Token word)
    {
        if (word.Text != "stale")
        {
            tokens.AddUnexpected("series values", "number or \"stale\"");
        }

        return StaleMarker.Value;
    }

    /// <summary>Appends a value and its repetitions. Increments add up step by step, rounding each time.</summary>
    private bool RepeatFloat(double value, double? increment)
    {
        if (!TryParseCount(out ulong count))
        {
            return false;
        }

        double next = value;
        Append(count + 1, _ =>
        {
            double current = next;
            next = increment is { } step ? next + step : next;
            return new SeriesValue(current, Omitted: false, null, CounterResetHintSet: false);
        });
        return true;
    }

    private bool ParseHistogram()
    {
        if (_histograms.Parse() is not { } first)
        {
            return false;
        }

        switch (tokens.Peek())
        {
            case TokenKind.Times:
                tokens.Take();
                if (!TryParseCount(out ulong count))
                {
                    return false;
                }

                Append(count + 1, _ => first);
                return true;
            case TokenKind.Add or TokenKind.Sub:
                return ParseHistogramRun(first, subtract: tokens.Take().Kind == TokenKind.Sub);
            default:
                Append(1, _ => first);
                return true;
        }
    }

    private bool ParseHistogramRun(SeriesValue first, bool subtract)
    {
        if (tokens.Expect(TokenKind.OpenHistogram) is null
            || _histograms.Parse() is not { } increment
            || tokens.Expect(TokenKind.Times) is null
            || !TryParseCount(out ulong count))
        {
            return false;
        }

        FloatHistogram? current = first.Histogram!;
        Append(count + 1, index =>
        {
            if (index > 0 && current is not null)
            {
                current = Combine(current, increment.Histogram!, subtract);
            }

            return new SeriesValue(0, Omitted: false, current, increment.CounterResetHintSet);
        });
        return true;
    }

    /// <summary>The sum or difference; null, with an error, if the histograms cannot be combined.</summary>
    private FloatHistogram? Combine(FloatHistogram left, FloatHistogram right, bool subtract)
    {
        string? error = null;
        if (left.Schema > right.Schema)
        {
            error = $"error combining histograms: cannot merge from schema {right.Schema} to {left.Schema}";
        }
        else if (!HistogramSchema.IsKnown(left.Schema) || !HistogramSchema.IsKnown(right.Schema))
        {
            int schema = HistogramSchema.IsKnown(left.Schema) ? right.Schema : left.Schema;
            error = $"histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for custom buckets, got schema {schema}";
        }
        else
        {
            FloatHistogram sum = left.Clone();
            HistogramMergeResult result = subtract ? HistogramAddition.Subtract(sum, right) : HistogramAddition.Add(sum, right);
            if (!result.HasFlag(HistogramMergeResult.Incompatible))
            {
                return sum;
            }

            error = "cannot apply this operation on histograms with a mix of exponential and custom bucket schemas";
        }

        tokens.AddError(tokens.Last.PositionRange, error);
        return null;
    }

    private bool TryParseCount(out ulong count)
    {
        count = 0;
        if (tokens.Expect(TokenKind.Number) is not { } token)
        {
            return false;
        }

        if (!ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out count))
        {
            string problem = token.Text.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";
            tokens.AddError(
                token.PositionRange,
                $"invalid repetition in series values: strconv.ParseUint: parsing {GoQuoting.Quote(token.Text)}: {problem}");
        }

        // One more may be added.
        count = Math.Min(count, MaxValues);
        return true;
    }

    private void Append(ulong count, Func<int, SeriesValue> valueAt)
    {
        if ((ulong)_values.Count + count > MaxValues)
        {
            tokens.AddError(tokens.Last.PositionRange, $"series has more than {MaxValues} values");
            return;
        }

        for (int i = 0; i < (int)count; i++)
        {
            _values.Add(valueAt(i));
        }
    }
}
