namespace Forethought.Model.Tests;

/// <summary>The simple model that histogram arithmetic is held against: counts by bucket index, nothing shared, nothing clever.</summary>
internal sealed class HistogramModel
{
    public int Schema { get; set; }

    public double ZeroThreshold { get; set; }

    public double ZeroCount { get; set; }

    public SortedDictionary<int, double> Positive { get; private set; } = [];

    public SortedDictionary<int, double> Negative { get; private set; } = [];

    public static HistogramModel Random(Random random, int minSchema, int maxSchema)
    {
        var model = new HistogramModel
        {
            Schema = random.Next(minSchema, maxSchema + 1),
            ZeroCount = random.Next(10),
            ZeroThreshold = random.Next(3) switch { 0 => 0, 1 => 0.5, _ => 1 },
        };
        // Thresholds of 0.5 and 1 are bucket bounds of every schema from 0 up, so buckets can start right above them.
        for (int i = random.Next(12); i > 0; i--)
            model.Positive[random.Next(1, 40)] = random.Next(0, 20);
        for (int i = random.Next(6); i > 0; i--)
            model.Negative[random.Next(1, 40)] = random.Next(0, 20);
        return model;
    }

    public static HistogramModel From(FloatHistogram histogram)
    {
        var model = new HistogramModel
        {
            Schema = histogram.Schema,
            ZeroCount = histogram.ZeroCount,
            ZeroThreshold = histogram.ZeroThreshold,
        };
        Read(histogram.PositiveSpans, histogram.PositiveBuckets, model.Positive);
        Read(histogram.NegativeSpans, histogram.NegativeBuckets, model.Negative);
        return model;
    }

    public FloatHistogram ToHistogram()
    {
        (HistogramSpan[] positiveSpans, double[] positive) = Write(Positive);
        (HistogramSpan[] negativeSpans, double[] negative) = Write(Negative);
        double count = ZeroCount + positive.Sum() + negative.Sum();
        return new FloatHistogram
        {
            Schema = Schema,
            ZeroThreshold = ZeroThreshold,
            ZeroCount = ZeroCount,
            Count = count,
            Sum = 3 * count,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negative,
        };
    }

    public HistogramModel AtSchema(int schema)
    {
        var model = new HistogramModel { Schema = schema, ZeroCount = ZeroCount, ZeroThreshold = ZeroThreshold };
        foreach ((int index, double count) in Positive)
            Bump(model.Positive, Lowered(index, schema), count);
        foreach ((int index, double count) in Negative)
            Bump(model.Negative, Lowered(index, schema), count);
        return model;
    }

    public HistogramModel Plus(HistogramModel other, double sign)
    {
        int schema = Math.Min(Schema, other.Schema);
        HistogramModel sum = AtSchema(schema);
        HistogramModel right = other.AtSchema(schema);
        sum.ZeroThreshold = Math.Max(ZeroThreshold, other.ZeroThreshold);
        sum.ZeroCount += sign * right.ZeroCount;
        foreach ((int index, double count) in right.Positive)
            Bump(sum.Positive, index, sign * count);
        foreach ((int index, double count) in right.Negative)
            Bump(sum.Negative, index, sign * count);
        return sum;
    }

    /// <summary>The zero bucket widened to a threshold, and beyond it to the bound of each populated bucket that it cuts.</summary>
    public HistogramModel Widened(double threshold)
    {
        var model = new HistogramModel { Schema = Schema, ZeroCount = ZeroCount, Positive = new(Positive), Negative = new(Negative) };
        double before;
        do
        {
            before = threshold;
            foreach ((int index, double count) in Positive.Concat(Negative))
            {
                if (count != 0 && Bound(index - 1) < threshold && Bound(index) > threshold)
                    threshold = Bound(index);
            }
        }
        while (threshold != before);
        model.ZeroThreshold = threshold;
        foreach (SortedDictionary<int, double> side in (SortedDictionary<int, double>[])[model.Positive, model.Negative])
        {
            foreach (int index in side.Keys.Where(index => Bound(index - 1) < threshold).ToArray())
            {
                model.ZeroCount += side[index];
                side.Remove(index);
            }
        }

        return model;
    }

    /// <summary>The sum after both zero buckets were widened to a common threshold.</summary>
    public HistogramModel PlusReconciled(HistogramModel other, double sign)
    {
        HistogramModel left = this, right = other;
        while (left.ZeroThreshold != right.ZeroThreshold)
        {
            if (left.ZeroThreshold > right.ZeroThreshold)
                right = right.Widened(left.ZeroThreshold);
            else
                left = left.Widened(right.ZeroThreshold);
        }

        return left.Plus(right, sign);
    }

    public bool SameAs(HistogramModel other) =>
        Schema == other.Schema && ZeroCount == other.ZeroCount && ZeroThreshold == other.ZeroThreshold
        && Populated(Positive).SequenceEqual(Populated(other.Positive))
        && Populated(Negative).SequenceEqual(Populated(other.Negative));

    private double Bound(int index) => HistogramBounds.Exponential(index, Schema);

    private int Lowered(int index, int schema)
    {
        // The bucket (base^(i-1), base^i] lies in the merged bucket whose index is the quotient rounded up.
        int factor = 1 << (Schema - schema);
        return (int)Math.Ceiling(index / (double)factor);
    }

    private static IEnumerable<KeyValuePair<int, double>> Populated(SortedDictionary<int, double> buckets) =>
        buckets.Where(bucket => bucket.Value != 0);

    private static void Bump(SortedDictionary<int, double> buckets, int index, double count) =>
        buckets[index] = buckets.GetValueOrDefault(index) + count;

    private static void Read(HistogramSpan[] spans, double[] counts, SortedDictionary<int, double> into)
    {
        int index = 0, position = 0;
        foreach (HistogramSpan span in spans)
        {
            index += span.Offset;
            for (int i = 0; i < span.Length; i++)
                into.Add(index++, counts[position++]);
        }

        Assert.Equal(counts.Length, position);
    }

    private static (HistogramSpan[] Spans, double[] Counts) Write(SortedDictionary<int, double> buckets)
    {
        var spans = new List<HistogramSpan>();
        int next = 0;
        foreach (int index in buckets.Keys)
        {
            spans.Add(new HistogramSpan(index - next, 1));
            next = index + 1;
        }

        return ([.. spans], [.. buckets.Values]);
    }
}
