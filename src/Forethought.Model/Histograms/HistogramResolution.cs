namespace Forethought.Model;

/// <summary>Lowers the schema of native histograms by merging neighbouring buckets.</summary>
public static class HistogramResolution
{
    /// <summary>Merges the buckets of an exponential histogram into a lower schema, in place.</summary>
    /// <exception cref="ArgumentException">The target is not a lower exponential schema, or the histogram has custom buckets.</exception>
    public static void Reduce(FloatHistogram histogram, int targetSchema)
    {
        CheckTarget(histogram.Schema, targetSchema);
        var list = new BucketList();
        list.Load(histogram.PositiveSpans, histogram.PositiveBuckets, [], histogram.Schema, targetSchema, compensated: false);
        (HistogramSpan[] spans, double[] counts) = ([], histogram.PositiveBuckets);
        list.Store(ref spans, ref counts);
        (histogram.PositiveSpans, histogram.PositiveBuckets) = (spans, counts);
        list.Load(histogram.NegativeSpans, histogram.NegativeBuckets, [], histogram.Schema, targetSchema, compensated: false);
        (spans, counts) = ([], histogram.NegativeBuckets);
        list.Store(ref spans, ref counts);
        (histogram.NegativeSpans, histogram.NegativeBuckets) = (spans, counts);
        histogram.Schema = targetSchema;
    }

    /// <summary>Merges the buckets of an exponential histogram with integer counts into a lower schema, in place.</summary>
    /// <exception cref="ArgumentException">The target is not a lower exponential schema, or the histogram has custom buckets.</exception>
    public static void Reduce(Histogram histogram, int targetSchema)
    {
        CheckTarget(histogram.Schema, targetSchema);
        (histogram.PositiveSpans, histogram.PositiveBuckets) =
            Merge(histogram.PositiveSpans, histogram.PositiveBuckets, histogram.Schema, targetSchema);
        (histogram.NegativeSpans, histogram.NegativeBuckets) =
            Merge(histogram.NegativeSpans, histogram.NegativeBuckets, histogram.Schema, targetSchema);
        histogram.Schema = targetSchema;
    }

    private static void CheckTarget(int schema, int targetSchema)
    {
        if (HistogramSchema.IsCustomBuckets(schema))
            throw new ArgumentException("cannot reduce resolution when there are custom buckets");
        if (HistogramSchema.IsCustomBuckets(targetSchema))
            throw new ArgumentException("cannot reduce resolution to custom buckets schema");
        if (targetSchema >= schema)
            throw new ArgumentException($"cannot reduce resolution from schema {schema} to {targetSchema}");
    }

    private static (HistogramSpan[] Spans, long[] Deltas) Merge(HistogramSpan[] spans, long[] deltas, int schema, int targetSchema)
    {
        var targetSpans = new List<HistogramSpan>();
        var counts = new List<long>();
        int lastIndex = 0;
        long count = 0;
        var cursor = new BucketCursor(spans, deltas.Length);
        while (cursor.MoveNext())
        {
            count += deltas[cursor.Position];
            int index = HistogramBounds.IndexAtSchema(cursor.Index, schema, targetSchema);
            if (counts.Count > 0 && index == lastIndex)
            {
                counts[^1] += count;
                continue;
            }

            if (counts.Count > 0 && index == lastIndex + 1)
                targetSpans[^1] = targetSpans[^1] with { Length = targetSpans[^1].Length + 1 };
            else
                targetSpans.Add(new HistogramSpan(counts.Count == 0 ? index : index - lastIndex - 1, 1));
            counts.Add(count);
            lastIndex = index;
        }

        for (int i = counts.Count - 1; i > 0; i--)
            counts[i] -= counts[i - 1];
        return ([.. targetSpans], [.. counts]);
    }
}
