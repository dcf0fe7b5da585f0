namespace Forethought.Model.Tests;

public sealed class HistogramCopyTests
{
    /// <summary>A holder is reused from one histogram to the next, whatever their lengths.</summary>
    [Fact]
    public void A_copy_has_all_that_the_original_had_and_does_not_follow_its_changes()
    {
        var holder = new Histogram();
        foreach (Histogram original in (Histogram[])[Exponential(3, 1, 4), Exponential(7, -2, 5), Custom(), Exponential(), new()])
        {
            original.CopyTo(holder);
            string before = Describe(original);
            Assert.Equal(before, Describe(holder));
            for (int i = 0; i < original.PositiveBuckets.Length; i++)
                original.PositiveBuckets[i] += 100;
            for (int i = 0; i < original.NegativeBuckets.Length; i++)
                original.NegativeBuckets[i] += 100;
            original.Count = 77;
            Assert.Equal(before, Describe(holder));
        }
    }

    [Fact]
    public void Copying_into_a_holder_of_the_same_shape_allocates_nothing()
    {
        Histogram original = Exponential(3, 1, 4);
        var holder = new Histogram();
        original.CopyTo(holder);
        long[] buckets = holder.PositiveBuckets;
        original.CopyTo(holder);
        Assert.Same(buckets, holder.PositiveBuckets);
        Assert.NotSame(buckets, original.PositiveBuckets);
    }

    [Fact]
    public void A_histogram_may_be_copied_onto_itself()
    {
        Histogram histogram = Exponential(3, 1, 4);
        string before = Describe(histogram);
        histogram.CopyTo(histogram);
        Assert.Equal(before, Describe(histogram));
    }

    private static Histogram Exponential(params long[] deltas) => new()
    {
        CounterResetHint = CounterResetHint.Gauge,
        Schema = 3,
        ZeroThreshold = 0.25,
        ZeroCount = 5,
        Count = 6,
        Sum = -1.5,
        PositiveSpans = [new HistogramSpan(-1, (uint)deltas.Length)],
        NegativeSpans = [new HistogramSpan(2, 1)],
        PositiveBuckets = deltas,
        NegativeBuckets = [9],
    };

    private static Histogram Custom() => new()
    {
        Schema = HistogramSchema.CustomBuckets,
        Count = 3,
        PositiveSpans = [new HistogramSpan(0, 2)],
        PositiveBuckets = [1, 1],
        CustomValues = [0.5, 2],
    };

    private static string Describe(Histogram histogram) =>
        $"{histogram.CounterResetHint} {histogram.Schema} {histogram.ZeroThreshold} {histogram.ZeroCount} {histogram.Count} {histogram.Sum} "
        + $"[{string.Join(' ', histogram.PositiveSpans)}] [{string.Join(' ', histogram.NegativeSpans)}] "
        + $"[{string.Join(' ', histogram.PositiveBuckets)}] [{string.Join(' ', histogram.NegativeBuckets)}] "
        + $"[{string.Join(' ', histogram.CustomValues)}]";
}
