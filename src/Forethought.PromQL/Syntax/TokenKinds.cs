using System.Collections.Frozen;
using System.Globalization;

namespace Forethought.PromQL.Syntax;

/// <summary>Facts about kinds of tokens, and how error texts name them.</summary>
internal static class TokenKinds
{
    /// <summary>The words of the language, in lower case; they are recognized in any case.</summary>
    internal static readonly FrozenDictionary<string, TokenKind> Words = new Dictionary<string, TokenKind>
    {
        ["and"] = TokenKind.And,
        ["or"] = TokenKind.Or,
        ["unless"] = TokenKind.Unless,
        ["atan2"] = TokenKind.Atan2,
        ["sum"] = TokenKind.Sum,
        ["avg"] = TokenKind.Avg,
        ["count"] = TokenKind.Count,
        ["min"] = TokenKind.Min,
        ["max"] = TokenKind.Max,
        ["group"] = TokenKind.Group,
        ["stddev"] = TokenKind.Stddev,
        ["stdvar"] = TokenKind.Stdvar,
        ["topk"] = TokenKind.Topk,
        ["bottomk"] = TokenKind.Bottomk,
        ["count_values"] = TokenKind.CountValues,
        ["quantile"] = TokenKind.Quantile,
        ["limitk"] = TokenKind.Limitk,
        ["limit_ratio"] = TokenKind.LimitRatio,
        ["offset"] = TokenKind.Offset,
        ["smoothed"] = TokenKind.Smoothed,
        ["anchored"] = TokenKind.Anchored,
        ["by"] = TokenKind.By,
        ["without"] = TokenKind.Without,
        ["on"] = TokenKind.On,
        ["ignoring"] = TokenKind.Ignoring,
        ["group_left"] = TokenKind.GroupLeft,
        ["group_right"] = TokenKind.GroupRight,
        ["fill"] = TokenKind.Fill,
        ["fill_left"] = TokenKind.FillLeft,
        ["fill_right"] = TokenKind.FillRight,
        ["bool"] = TokenKind.Bool,
        ["start"] = TokenKind.Start,
        ["end"] = TokenKind.End,
        ["step"] = TokenKind.Step,
        ["range"] = TokenKind.Range,
        ["max_of"] = TokenKind.MaxOf,
        ["min_of"] = TokenKind.MinOf,
        ["inf"] = TokenKind.Number,
        ["nan"] = TokenKind.Number,
    }.ToFrozenDictionary();

    /// <summary>The words that may stand in a duration expression.</summary>
    internal static readonly FrozenDictionary<string, TokenKind> DurationWords = new Dictionary<string, TokenKind>
    {
        ["step"] = TokenKind.Step,
        ["range"] = TokenKind.Range,
        ["max_of"] = TokenKind.MaxOf,
        ["min_of"] = TokenKind.MinOf,
    }.ToFrozenDictionary();

    /// <summary>The keys of histogram notation.</summary>
    internal static readonly FrozenDictionary<string, TokenKind> HistogramKeys = new Dictionary<string, TokenKind>
    {
        ["sum"] = TokenKind.SumKey,
        ["count"] = TokenKind.CountKey,
        ["schema"] = TokenKind.SchemaKey,
        ["offset"] = TokenKind.OffsetKey,
        ["n_offset"] = TokenKind.NegativeOffsetKey,
        ["buckets"] = TokenKind.BucketsKey,
        ["n_buckets"] = TokenKind.NegativeBucketsKey,
        ["z_bucket"] = TokenKind.ZeroBucketKey,
        ["z_bucket_w"] = TokenKind.ZeroBucketWidthKey,
        ["custom_values"] = TokenKind.CustomValuesKey,
        ["counter_reset_hint"] = TokenKind.CounterResetHintKey,
    }.ToFrozenDictionary();

    /// <summary>The values of the key <c>counter_reset_hint</c>.</summary>
    internal static readonly FrozenDictionary<string, TokenKind> CounterResetHints = new Dictionary<string, TokenKind>
    {
        ["unknown"] = TokenKind.UnknownCounterReset,
        ["reset"] = TokenKind.CounterReset,
        ["not_reset"] = TokenKind.NotCounterReset,
        ["gauge"] = TokenKind.GaugeType,
    }.ToFrozenDictionary();

    /// <summary>Whether the token is an operator (also those of matchers).</summary>
    internal static bool IsOperator(this TokenKind kind) => kind is >= TokenKind.Add and <= TokenKind.Atan2;

    /// <summary>Whether the token is an aggregation operator.</summary>
    internal static bool IsAggregator(this TokenKind kind) => kind is >= TokenKind.Avg and <= TokenKind.LimitRatio;

    /// <summary>Whether the token is a keyword that error texts put in angle brackets.</summary>
    internal static bool IsKeyword(this TokenKind kind) => kind is >= TokenKind.Bool and <= TokenKind.Without;

    /// <summary>Whether the token may be a metric name.</summary>
    internal static bool IsMetricIdentifier(this TokenKind kind) => kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier => true,
        TokenKind.And or TokenKind.Or or TokenKind.Unless => true,
        TokenKind.Bool or TokenKind.On or TokenKind.Ignoring or TokenKind.GroupLeft or TokenKind.GroupRight => false,
        _ => kind.IsAggregator() || kind.IsKeyword() || kind is >= TokenKind.Start and <= TokenKind.MinOf,
    };

    /// <summary>Whether the token may be a label name in a grouping clause.</summary>
    internal static bool IsGroupingLabel(this TokenKind kind) => kind switch
    {
        TokenKind.Identifier or TokenKind.MetricIdentifier => true,
        TokenKind.And or TokenKind.Or or TokenKind.Unless or TokenKind.Atan2 => true,
        TokenKind.Without => false,
        _ => kind.IsAggregator() || kind.IsKeyword() || kind is >= TokenKind.Start and <= TokenKind.MinOf,
    };

    /// <summary>Whether the token begins a function call if a parenthesis follows.</summary>
    internal static bool IsFunctionName(this TokenKind kind) =>
        kind is TokenKind.Identifier or (>= TokenKind.Start and <= TokenKind.MinOf);

    /// <summary>The binary operator of the token, if it is one.</summary>
    internal static BinaryOperator? BinaryOperator(this TokenKind kind) => kind switch
    {
        TokenKind.Add => Syntax.BinaryOperator.Add,
        TokenKind.Sub => Syntax.BinaryOperator.Sub,
        TokenKind.Mul => Syntax.BinaryOperator.Mul,
        TokenKind.Div => Syntax.BinaryOperator.Div,
        TokenKind.Mod => Syntax.BinaryOperator.Mod,
        TokenKind.Pow => Syntax.BinaryOperator.Pow,
        TokenKind.Atan2 => Syntax.BinaryOperator.Atan2,
        TokenKind.DoubleEqual => Syntax.BinaryOperator.Equal,
        TokenKind.NotEqual => Syntax.BinaryOperator.NotEqual,
        TokenKind.Less => Syntax.BinaryOperator.Less,
        TokenKind.LessOrEqual => Syntax.BinaryOperator.LessOrEqual,
        TokenKind.Greater => Syntax.BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => Syntax.BinaryOperator.GreaterOrEqual,
        TokenKind.TrimUpper => Syntax.BinaryOperator.TrimUpper,
        TokenKind.TrimLower => Syntax.BinaryOperator.TrimLower,
        TokenKind.And => Syntax.BinaryOperator.And,
        TokenKind.Or => Syntax.BinaryOperator.Or,
        TokenKind.Unless => Syntax.BinaryOperator.Unless,
        _ => null,
    };

    /// <summary>The duration operator of the token, if it is one that joins two operands.</summary>
    internal static DurationOperator? DurationOperator(this TokenKind kind) => kind switch
    {
        TokenKind.Add => Syntax.DurationOperator.Add,
        TokenKind.Sub => Syntax.DurationOperator.Sub,
        TokenKind.Mul => Syntax.DurationOperator.Mul,
        TokenKind.Div => Syntax.DurationOperator.Div,
        TokenKind.Mod => Syntax.DurationOperator.Mod,
        TokenKind.Pow => Syntax.DurationOperator.Pow,
        _ => null,
    };

    /// <summary>The token as error texts name it after "unexpected".</summary>
    internal static string Describe(this in Token token) => token.Kind switch
    {
        TokenKind.EndOfInput => "end of input",
        TokenKind.Identifier => "identifier " + GoQuoting.Quote(token.Text),
        TokenKind.MetricIdentifier => "metric identifier " + GoQuoting.Quote(token.Text),
        TokenKind.String => "string " + Excerpt(token.Text),
        TokenKind.Number => "number " + Excerpt(token.Text),
        TokenKind.Duration => "duration " + Excerpt(token.Text),
        TokenKind kind when kind.IsKeyword() => $"<{token.Text}>",
        TokenKind kind when kind.IsOperator() => $"<op:{token.Text}>",
        TokenKind kind when kind.IsAggregator() => $"<aggr:{token.Text}>",
        TokenKind kind when kind.IsNameless() =>
            string.Create(CultureInfo.InvariantCulture, $"\"<Item {(int)kind}>\" {Excerpt(token.Text)}"),
        _ => Excerpt(token.Text),
    };

    private static bool IsNameless(this TokenKind kind) =>
        kind is (>= TokenKind.SumKey and <= TokenKind.CounterResetHintKey) or (>= TokenKind.UnknownCounterReset and <= TokenKind.GaugeType);

    /// <summary>The quoted text; of one longer than ten bytes the first ten characters.</summary>
    private static string Excerpt(string text)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) <= 10)
        {
            return GoQuoting.Quote(text);
        }

        int end = 0;
        for (int count = 0; count < 10 && end < text.Length; count++)
        {
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        }

        return GoQuoting.Quote(text[..end]) + "...";
    }
}
