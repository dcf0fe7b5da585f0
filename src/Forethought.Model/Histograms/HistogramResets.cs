namespace Forethought.Model;

/// <summary>Finds counter resets between native histograms.</summary>
public static class HistogramResets
{
    /// <summary>
    /// Whether a counter reset lies between <paramref name="previous"/> and <paramref name="current"/>: a hint of reset or no reset
    /// is trusted; otherwise any decrease of a count or bucket, a finer schema or a narrower zero bucket is one. Neither
    /// histogram is changed.
    /// </summary>
    public static bool IsReset(FloatHistogram current, FloatHistogram previous)
    {
        if (current.CounterResetHint is CounterResetHint.CounterReset or CounterResetHint.NotCounterReset)
            return current.CounterResetHint == CounterResetHint.CounterReset;
        if (current.Count < previous.Count)
            return true;
        if (current.UsesCustomBuckets)
        {
            if (!previous.UsesCustomBuckets)
                return true;
            if (!current.CustomValues.AsSpan().SequenceEqual(previous.CustomValues))
                return DecreasesOnSharedBounds(current, previous);
        }

        if (current.Schema > previous.Schema || current.ZeroThreshold < previous.ZeroThreshold)
            return true;
        if (!current.UsesCustomBuckets)
        {
            (double zeroCount, double threshold, _) = HistogramZeroBucket.Widened(previous, current.ZeroThreshold, null);
            if (threshold != current.ZeroThreshold || current.ZeroCount < zeroCount)
                return true;
        }

        return AnyDecrease(current, previous, positive: true) || AnyDecrease(current, previous, positive: false);
    }

    private static bool AnyDecrease(FloatHistogram current, FloatHistogram previous, bool positive)
    {
        (HistogramSpan[] spans, double[] counts) = positive
            ? (current.PositiveSpans, current.PositiveBuckets)
            : (current.NegativeSpans, current.NegativeBuckets);
        (HistogramSpan[] previousSpans, double[] previousCounts) = positive
            ? (previous.PositiveSpans, previous.PositiveBuckets)
            : (previous.NegativeSpans, previous.NegativeBuckets);
        var before = new BucketCursor(previousSpans, previousCounts.Length);
        var now = new BucketCursor(spans, counts.Length);
        bool hasNow = now.MoveNext();
        bool hasBefore = before.MoveNext();
        while (hasBefore)
        {
            int index = IndexAt(before.Index, previous, current);
            double count = 0;
            do
            {
                count += previousCounts[before.Position];
                hasBefore = before.MoveNext();
            }
            while (hasBefore && IndexAt(before.Index, previous, current) == index);

            if (!current.UsesCustomBuckets && HistogramBounds.Exponential(index, current.Schema) <= current.ZeroThreshold)
                continue;
            while (hasNow && now.Index < index)
                hasNow = now.MoveNext();
            double countNow = hasNow && now.Index == index ? counts[now.Position] : 0;
            if (hasNow && now.Index == index ? countNow < count : count != 0)
                return true;
        }

        return false;
    }

    private static int IndexAt(int index, FloatHistogram histogram, FloatHistogram target) => histogram.Schema == target.Schema
        ? index
        : HistogramBounds.IndexAtSchema(index, histogram.Schema, target.Schema);

    private static bool DecreasesOnSharedBounds(FloatHistogram current, FloatHistogram previous)
    {
        double[] bounds = [.. current.CustomValues.Intersect(previous.CustomValues)];
        double[] now = Totals(current, bounds);
        double[] before = Totals(previous, bounds);
        for (int i = 0; i < now.Length; i++)
        {
            if (now[i] < before[i])
                return true;
        }

        return false;
    }

    private static double[] Totals(FloatHistogram histogram, double[] bounds)
    {
        double[] totals = new double[bounds.Length + 1];
        int target = 0;
        var cursor = new BucketCursor(histogram.PositiveSpans, histogram.PositiveBuckets.Length);
        while (cursor.MoveNext())
        {
            double upper = HistogramBounds.Upper(cursor.Index, histogram.Schema, histogram.CustomValues);
            while (target < bounds.Length && bounds[target] < upper)
                target++;
            totals[target] += histogram.PositiveBuckets[cursor.Position];
        }

        return totals;
    }
}
