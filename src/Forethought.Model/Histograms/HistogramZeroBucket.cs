namespace Forethought.Model;

/// <summary>Widens the zero bucket so that histograms with different zero thresholds can be added or compared.</summary>
internal static class HistogramZeroBucket
{
    /// <summary>
    /// What the zero count would be with a larger threshold. A threshold within a populated bucket is moved outwards to that
    /// bucket's bound, and the bucket is counted in.
    /// </summary>
    /// <param name="histogram">An exponential histogram.</param>
    /// <param name="threshold">Not less than the histogram's own.</param>
    /// <param name="compensation">Compensations aligned with its buckets, or null.</param>
    public static (double Count, double Threshold, double Compensation) Widened(
        FloatHistogram histogram, double threshold, FloatHistogram? compensation)
    {
        double zeroCompensation = compensation?.ZeroCount ?? 0;
        if (threshold == histogram.ZeroThreshold)
            return (histogram.ZeroCount, threshold, zeroCompensation);
        while (true)
        {
            double count = histogram.ZeroCount;
            // The positive side may move the threshold and go on; if the negative side moves it, the positive side is stale.
            Absorb(histogram, compensation, positive: true, ref threshold, ref count, ref zeroCompensation);
            if (!Absorb(histogram, compensation, positive: false, ref threshold, ref count, ref zeroCompensation))
                return (count, threshold, zeroCompensation);
        }
    }

    /// <summary>Widens the zero bucket of a histogram in place and empties the buckets that fell into it.</summary>
    public static void Widen(FloatHistogram histogram, double threshold, FloatHistogram? compensation)
    {
        (double count, double widened, double zeroCompensation) = Widened(histogram, threshold, compensation);
        (histogram.ZeroCount, histogram.ZeroThreshold) = (count, widened);
        if (compensation is not null)
            compensation.ZeroCount = zeroCompensation;
        EmptyWithin(histogram.PositiveSpans, histogram.PositiveBuckets, compensation?.PositiveBuckets, histogram);
        EmptyWithin(histogram.NegativeSpans, histogram.NegativeBuckets, compensation?.NegativeBuckets, histogram);
        HistogramAddition.Compact(histogram, compensation);
    }

    // Both sides mirror each other, so bounds are compared by their absolute value. Returns whether the threshold moved.
    private static bool Absorb(
        FloatHistogram histogram, FloatHistogram? compensation, bool positive, ref double threshold, ref double count, ref double zeroCompensation)
    {
        HistogramSpan[] spans = positive ? histogram.PositiveSpans : histogram.NegativeSpans;
        double[] counts = positive ? histogram.PositiveBuckets : histogram.NegativeBuckets;
        double[]? compensations = positive ? compensation?.PositiveBuckets : compensation?.NegativeBuckets;
        var cursor = new BucketCursor(spans, counts.Length);
        while (cursor.MoveNext() && HistogramBounds.Exponential(cursor.Index - 1, histogram.Schema) < threshold)
        {
            KahanSum.Add(counts[cursor.Position], ref count, ref zeroCompensation);
            if (compensations is not null)
                KahanSum.Add(compensations[cursor.Position], ref count, ref zeroCompensation);
            double outer = HistogramBounds.Exponential(cursor.Index, histogram.Schema);
            if (outer <= threshold)
                continue;
            bool populated = counts[cursor.Position] != 0;
            if (populated)
                threshold = outer;
            return populated;
        }

        return false;
    }

    private static void EmptyWithin(HistogramSpan[] spans, double[] counts, double[]? compensations, FloatHistogram histogram)
    {
        var cursor = new BucketCursor(spans, counts.Length);
        while (cursor.MoveNext() && HistogramBounds.Exponential(cursor.Index - 1, histogram.Schema) < histogram.ZeroThreshold)
        {
            counts[cursor.Position] = 0;
            if (compensations is not null)
                compensations[cursor.Position] = 0;
        }
    }
}
