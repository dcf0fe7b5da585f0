using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>The keys and values of a histogram in series notation. Nothing is checked: tests also need invalid histograms.</summary>
internal sealed class HistogramDescription
{
    private readonly Dictionary<TokenKind, Value> _values = [];

    /// <summary>Adds a value; the first one of a key counts.</summary>
    internal bool TryAdd(TokenKind key, Value value) => _values.TryAdd(key, value);

    /// <summary>Whether the key was given.</summary>
    internal bool Has(TokenKind key) => _values.ContainsKey(key);

    /// <summary>The histogram described; what was not given is zero or empty.</summary>
    internal FloatHistogram Build()
    {
        double[] positive = Get(TokenKind.BucketsKey).Numbers ?? [];
        double[] negative = Get(TokenKind.NegativeBucketsKey).Numbers ?? [];
        return new FloatHistogram
        {
            Schema = Get(TokenKind.SchemaKey).Integer,
            Sum = Get(TokenKind.SumKey).Number,
            Count = Get(TokenKind.CountKey).Number,
            ZeroCount = Get(TokenKind.ZeroBucketKey).Number,
            ZeroThreshold = Get(TokenKind.ZeroBucketWidthKey).Number,
            CustomValues = Get(TokenKind.CustomValuesKey).Numbers ?? [],
            CounterResetHint = Get(TokenKind.CounterResetHintKey).Hint,
            PositiveBuckets = positive,
            PositiveSpans = Spans(Get(TokenKind.OffsetKey).Integer, positive),
            NegativeBuckets = negative,
            NegativeSpans = Spans(Get(TokenKind.NegativeOffsetKey).Integer, negative),
        };
    }

    private Value Get(TokenKind key) => _values.GetValueOrDefault(key);

    private static HistogramSpan[] Spans(int offset, double[] buckets) =>
        buckets.Length == 0 ? [] : [new HistogramSpan(offset, (uint)buckets.Length)];

    /// <summary>A value: which member counts, the key says.</summary>
    internal readonly record struct Value
    {
        internal int Integer { get; init; }

        internal double Number { get; init; }

        internal double[]? Numbers { get; init; }

        internal CounterResetHint Hint { get; init; }
    }
}
