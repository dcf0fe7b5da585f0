using System.Globalization;
using Forethought.Encoding;

namespace Forethought.Model;

/// <summary>Checks that native histograms from outside do not contradict themselves; the texts are Prometheus'.</summary>
public static class HistogramValidation
{
    private const string CountNotBigEnough =
        "histogram's observation count should be at least the number of observations found in the buckets";

    private const string CountMismatch =
        "histogram's observation count should equal the number of observations found in the buckets (in absence of NaN)";

    private const string NegativeCount = "histogram's observation count is negative";
    private const string NegativeBucketCount = "histogram has a bucket whose observation count is negative";
    private const string NegativeOffset = "histogram has a span whose offset is negative";
    private const string SpansMismatch = "histogram spans specify different number of buckets than provided";

    /// <summary>What is wrong with a histogram with integer counts, null when nothing is.</summary>
    public static string? Check(Histogram histogram)
    {
        string? error = CheckShape(
            histogram.Schema,
            histogram.ZeroCount != 0,
            histogram.ZeroThreshold,
            histogram.PositiveSpans,
            histogram.PositiveBuckets.Length,
            histogram.NegativeSpans,
            histogram.NegativeBuckets.Length,
            histogram.CustomValues);
        ulong total = histogram.ZeroCount;
        error ??= CheckDeltas(histogram.NegativeBuckets, ref total, "negative side: ");
        error ??= CheckNoCustomBounds(histogram.Schema, histogram.CustomValues);
        error ??= CheckDeltas(histogram.PositiveBuckets, ref total, "positive side: ");
        if (error is not null)
            return error;
        bool acceptable = double.IsNaN(histogram.Sum) ? total <= histogram.Count : total == histogram.Count;
        return acceptable
            ? null
            : $"{total} observations found in buckets, but the Count field is {histogram.Count}: "
                + (double.IsNaN(histogram.Sum) ? CountNotBigEnough : CountMismatch);
    }

    /// <summary>What is wrong with a histogram with float counts, null when nothing is.</summary>
    public static string? Check(FloatHistogram histogram)
    {
        string? error = CheckShape(
            histogram.Schema,
            histogram.ZeroCount != 0,
            histogram.ZeroThreshold,
            histogram.PositiveSpans,
            histogram.PositiveBuckets.Length,
            histogram.NegativeSpans,
            histogram.NegativeBuckets.Length,
            histogram.CustomValues);
        error ??= CheckCounts(histogram.NegativeBuckets, "negative side: ");
        if (error is null && histogram.ZeroCount < 0)
            error = $"zero bucket has observation count of {Text(histogram.ZeroCount)}: {NegativeBucketCount}";
        error ??= CheckNoCustomBounds(histogram.Schema, histogram.CustomValues);
        if (error is null && histogram.Count < 0)
            error = $"observation count is  {Text(histogram.Count)}: {NegativeCount}";
        return error ?? CheckCounts(histogram.PositiveBuckets, "positive side: ");
    }

    private static string? CheckShape(
        int schema,
        bool hasZeroCount,
        double zeroThreshold,
        HistogramSpan[] positiveSpans,
        int positiveBuckets,
        HistogramSpan[] negativeSpans,
        int negativeBuckets,
        double[] customValues)
    {
        if (HistogramSchema.IsCustomBuckets(schema))
        {
            if (CheckCustomBounds(customValues, positiveSpans, positiveBuckets) is { } error)
                return "custom buckets: " + error;
            if (hasZeroCount)
                return "custom buckets: must have zero count of 0";
            if (zeroThreshold != 0)
                return "custom buckets: must have zero threshold of 0";
            if (negativeSpans.Length > 0)
                return "custom buckets: must not have negative spans";
            return negativeBuckets > 0 ? "custom buckets: must not have negative buckets" : null;
        }

        if (!HistogramSchema.IsExponential(schema))
        {
            return "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for custom buckets"
                + $", got schema {schema}";
        }

        if (CheckSpans(positiveSpans, positiveBuckets) is { } positiveError)
            return "positive side: " + positiveError;
        if (CheckSpans(negativeSpans, negativeBuckets) is { } negativeError)
            return "negative side: " + negativeError;
        return null;
    }

    private static string? CheckNoCustomBounds(int schema, double[] customValues) => HistogramSchema.IsExponential(schema) && customValues.Length > 0
        ? "histogram with exponential schema must not have custom bounds"
        : null;

    private static string? CheckSpans(HistogramSpan[] spans, int buckets)
    {
        long needed = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            if (i > 0 && spans[i].Offset < 0)
                return $"span number {i + 1} with offset {spans[i].Offset}: {NegativeOffset}";
            needed += spans[i].Length;
        }

        return needed == buckets ? null : $"spans need {needed} buckets, have {buckets} buckets: {SpansMismatch}";
    }

    private static string? CheckCustomBounds(double[] bounds, HistogramSpan[] spans, int buckets)
    {
        for (int i = 0; i < bounds.Length; i++)
        {
            if (double.IsNaN(bounds[i]))
                return "histogram custom bounds must not be NaN";
            if (i > 0 && bounds[i] <= bounds[i - 1])
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"previous bound is {bounds[i - 1]:F6} and current is {bounds[i]:F6}: histogram custom bounds must be in strictly increasing order");
            }
        }

        if (bounds.Length > 0 && double.IsPositiveInfinity(bounds[^1]))
            return "last +Inf bound must not be explicitly defined: histogram custom bounds must be finite";
        for (int i = 0; i < spans.Length; i++)
        {
            if (spans[i].Offset < 0)
                return $"span number {i + 1} with offset {spans[i].Offset}: {NegativeOffset}";
        }

        if (CheckSpans(spans, buckets) is { } error)
            return error;
        long covered = spans.Sum(span => span.Length + (long)span.Offset);
        return bounds.Length + 1 >= covered
            ? null
            : $"only {bounds.Length} custom bounds defined which is insufficient to cover total span length of {covered}: "
                + "histogram custom bounds are too few";
    }

    private static string? CheckDeltas(long[] deltas, ref ulong total, string side)
    {
        long count = 0;
        for (int i = 0; i < deltas.Length; i++)
        {
            count += deltas[i];
            if (count < 0)
                return $"{side}bucket number {i + 1} has observation count of {count}: {NegativeBucketCount}";
            total += (ulong)count;
        }

        return null;
    }

    private static string? CheckCounts(double[] counts, string side)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
                return $"{side}bucket number {i + 1} has observation count of {Text(counts[i])}: {NegativeBucketCount}";
        }

        return null;
    }

    private static string Text(double value)
    {
        Span<byte> text = stackalloc byte[GoNumber.MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..GoNumber.FormatGeneral(value, text)]);
    }
}
