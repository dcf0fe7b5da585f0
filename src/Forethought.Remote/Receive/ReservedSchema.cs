using Forethought.Model;

namespace Forethought.Remote.Receive;

/// <summary>
/// Native histograms of the reserved schemas 9…52, which a newer sender may use, are stored at the finest schema there is.
/// </summary>
internal static class ReservedSchema
{
    /// <summary>Reduces a <see cref="Histogram"/> or <see cref="FloatHistogram"/> if its schema is one of the reserved ones.</summary>
    /// <returns>What is wrong with a histogram that would have to be reduced and cannot be, as upstream says it; null if nothing is.</returns>
    public static string? Reduce(object histogram) => histogram switch
    {
        Histogram integer when IsTooFine(integer.Schema) => Reduce(integer),
        FloatHistogram floating when IsTooFine(floating.Schema) => Reduce(floating),
        _ => null,
    };

    private static bool IsTooFine(int schema) => HistogramSchema.IsExponentialReserved(schema) && schema > HistogramSchema.ExponentialMax;

    private static string? Reduce(Histogram histogram)
    {
        string? error = Check(histogram.PositiveSpans, histogram.PositiveBuckets.Length)
            ?? Check(histogram.NegativeSpans, histogram.NegativeBuckets.Length);
        if (error is null)
            HistogramResolution.Reduce(histogram, HistogramSchema.ExponentialMax);
        return error;
    }

    private static string? Reduce(FloatHistogram histogram)
    {
        string? error = Check(histogram.PositiveSpans, histogram.PositiveBuckets.Length)
            ?? Check(histogram.NegativeSpans, histogram.NegativeBuckets.Length);
        if (error is null)
            HistogramResolution.Reduce(histogram, HistogramSchema.ExponentialMax);
        return error;
    }

    private static string? Check(HistogramSpan[] spans, int buckets)
    {
        const string Mismatch = "histogram spans specify different number of buckets than provided";
        long needed = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            if (i > 0 && spans[i].Offset < 0)
                return $"span number {i + 1} with offset {spans[i].Offset}: histogram has a span whose offset is negative";
            needed += spans[i].Length;
            if (needed > buckets)
                return $"have {buckets} buckets but spans need more: {Mismatch}";
        }

        return needed == buckets ? null : $"spans need {needed} buckets, have {buckets} buckets: {Mismatch}";
    }
}
