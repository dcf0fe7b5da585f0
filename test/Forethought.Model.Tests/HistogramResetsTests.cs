namespace Forethought.Model.Tests;

public sealed class HistogramResetsTests
{
    [Fact]
    public void Growing_histograms_are_no_reset_and_shrinking_ones_are()
    {
        var random = new Random(21);
        for (int round = 0; round < 3_000; round++)
        {
            HistogramModel previous = HistogramModel.Random(random, 0, 4);
            HistogramModel more = HistogramModel.Random(random, previous.Schema, previous.Schema);
            previous.ZeroThreshold = more.ZeroThreshold = 0;
            HistogramModel current = previous.Plus(more, 1);
            Assert.False(HistogramResets.IsReset(current.ToHistogram(), previous.ToHistogram()));

            int[] populated = [.. previous.Positive.Where(bucket => bucket.Value > 0).Select(bucket => bucket.Key)];
            if (populated.Length == 0)
                continue;
            current.Positive[populated[random.Next(populated.Length)]] = 0;
            current.ZeroCount += 1_000;
            Assert.True(HistogramResets.IsReset(current.ToHistogram(), previous.ToHistogram()));
        }
    }

    [Fact]
    public void A_coarser_schema_is_compared_after_merging()
    {
        var random = new Random(22);
        for (int round = 0; round < 1_000; round++)
        {
            HistogramModel previous = HistogramModel.Random(random, 1, 4);
            previous.ZeroThreshold = 0;
            HistogramModel coarser = previous.AtSchema(0);
            Assert.False(HistogramResets.IsReset(coarser.ToHistogram(), previous.ToHistogram()));
        }
    }

    [Theory]
    [InlineData(CounterResetHint.CounterReset, true)]
    [InlineData(CounterResetHint.NotCounterReset, false)]
    public void A_definite_hint_is_trusted(CounterResetHint hint, bool expected)
    {
        var previous = new FloatHistogram { Count = 5 };
        var current = new FloatHistogram { Count = expected ? 6 : 4, CounterResetHint = hint };
        Assert.Equal(expected, HistogramResets.IsReset(current, previous));
    }

    [Fact]
    public void A_finer_schema_or_a_narrower_zero_bucket_is_a_reset()
    {
        Assert.True(HistogramResets.IsReset(new FloatHistogram { Schema = 1 }, new FloatHistogram()));
        Assert.True(HistogramResets.IsReset(new FloatHistogram(), new FloatHistogram { ZeroThreshold = 1 }));
    }

    [Fact]
    public void A_wider_zero_bucket_takes_in_the_buckets_that_it_covers()
    {
        var previous = new FloatHistogram { Count = 3, ZeroCount = 1, PositiveSpans = [new(0, 1)], PositiveBuckets = [2] };
        var current = new FloatHistogram { Count = 3, ZeroCount = 3, ZeroThreshold = 1 };
        Assert.False(HistogramResets.IsReset(current, previous));
        current.ZeroCount = 2;
        Assert.True(HistogramResets.IsReset(current, previous));
        // 0.75 lies inside the populated bucket (0.5, 1]: only a reset explains that.
        current.ZeroThreshold = 0.75;
        current.ZeroCount = 3;
        Assert.True(HistogramResets.IsReset(current, previous));
    }

    [Fact]
    public void Custom_bounds_that_changed_are_compared_on_the_shared_ones()
    {
        FloatHistogram previous = Custom([1, 2, 3], [1, 1, 1, 1]);
        Assert.False(HistogramResets.IsReset(Custom([1, 3], [1, 2, 1]), previous));
        Assert.True(HistogramResets.IsReset(Custom([1, 3], [3, 1, 1]), previous));
        Assert.True(HistogramResets.IsReset(previous, new FloatHistogram()));
    }

    // After upstream's TestFloatHistogramDetectReset.
    [Fact]
    public void An_empty_bucket_may_vanish_and_a_populated_one_may_not()
    {
        var previous = new FloatHistogram { Count = 9, PositiveSpans = [new(-2, 2), new(1, 3)], PositiveBuckets = [1, 0, 3, 5, 0] };
        Assert.False(HistogramResets.IsReset(With([new(-2, 1), new(2, 2)], [1, 3, 5]), previous));
        Assert.True(HistogramResets.IsReset(With([new(1, 2)], [3, 6]), previous));
        Assert.True(HistogramResets.IsReset(With([new(-2, 1), new(2, 1)], [1, 8]), previous));
        Assert.True(HistogramResets.IsReset(With([], []), previous));
        Assert.False(HistogramResets.IsReset(With([], []), new FloatHistogram { PositiveSpans = [new(23, 1)], PositiveBuckets = [0] }));

        static FloatHistogram With(HistogramSpan[] spans, double[] counts) => new() { Count = 9, PositiveSpans = spans, PositiveBuckets = counts };
    }

    [Fact]
    public void The_negative_side_and_the_counts_are_looked_at_and_the_sum_is_not()
    {
        var previous = new FloatHistogram { Count = 4, Sum = 9, ZeroCount = 1, NegativeSpans = [new(3, 2)], NegativeBuckets = [1, 2] };
        FloatHistogram current = previous.Clone();
        current.Sum = 1;
        Assert.False(HistogramResets.IsReset(current, previous));
        current.NegativeBuckets[1] = 1;
        Assert.True(HistogramResets.IsReset(current, previous));
        current = previous.Clone();
        current.ZeroCount = 0.5;
        Assert.True(HistogramResets.IsReset(current, previous));
        current = previous.Clone();
        current.Count = 3;
        Assert.True(HistogramResets.IsReset(current, previous));
        current = previous.Clone();
        current.CounterResetHint = CounterResetHint.Gauge;
        current.NegativeBuckets[0] = 0;
        Assert.True(HistogramResets.IsReset(current, previous));
    }

    [Fact]
    public void Adding_observations_is_never_a_reset_whatever_the_zero_buckets()
    {
        var random = new Random(24);
        for (int round = 0; round < 3_000; round++)
        {
            int schema = random.Next(0, 3);
            HistogramModel previous = HistogramModel.Random(random, schema, schema).Widened(random.NextDouble() * 4);
            HistogramModel wider = previous.Widened(previous.ZeroThreshold + (random.NextDouble() * 8));
            Assert.False(HistogramResets.IsReset(wider.ToHistogram(), previous.ToHistogram()));
            wider.ZeroCount -= 1;
            Assert.True(HistogramResets.IsReset(wider.ToHistogram(), previous.ToHistogram()));
        }
    }

    [Fact]
    public void Resolution_is_lowered_only_where_that_means_something()
    {
        Assert.Equal("cannot reduce resolution when there are custom buckets", Refused(HistogramSchema.CustomBuckets, -60));
        Assert.Equal("cannot reduce resolution to custom buckets schema", Refused(1, HistogramSchema.CustomBuckets));
        Assert.Equal("cannot reduce resolution from schema 1 to 1", Refused(1, 1));
        Assert.Equal("cannot reduce resolution from schema 1 to 2", Refused(1, 2));

        static string Refused(int schema, int target)
        {
            string message = Assert.Throws<ArgumentException>(() => HistogramResolution.Reduce(new Histogram { Schema = schema }, target)).Message;
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => HistogramResolution.Reduce(new FloatHistogram { Schema = schema }, target)).Message);
            return message;
        }
    }

    // Bucket i goes to ⌈i/2⌉: indexes 0 2 3 5 6 7 9 10 with counts 1 3 1 2 1 1 4 3 become 0…5 with counts 1 3 1 3 1 7.
    [Fact]
    public void Lowering_the_resolution_merges_neighbours_as_the_reference_does()
    {
        var histogram = new Histogram
        {
            PositiveSpans = [new(0, 1), new(1, 2), new(1, 3), new(1, 2)],
            PositiveBuckets = [1, 2, -2, 1, -1, 0, 3, -1],
        };
        HistogramResolution.Reduce(histogram, -1);
        Assert.Equal([new HistogramSpan(0, 6)], histogram.PositiveSpans);
        Assert.Equal([1, 2, -2, 2, -2, 6], histogram.PositiveBuckets);
    }

    [Fact]
    public void Lowering_the_resolution_agrees_between_integer_and_float_histograms()
    {
        var random = new Random(23);
        for (int round = 0; round < 1_000; round++)
        {
            HistogramModel model = HistogramModel.Random(random, 2, 6);
            FloatHistogram floats = model.ToHistogram();
            Histogram integers = Integers(floats);
            int target = random.Next(-2, 2);
            HistogramResolution.Reduce(floats, target);
            HistogramResolution.Reduce(integers, target);
            Assert.True(model.AtSchema(target).SameAs(HistogramModel.From(floats)));
            var converted = new FloatHistogram();
            integers.CopyTo(converted);
            Assert.True(floats.DataEquals(converted));
        }
    }

    private static Histogram Integers(FloatHistogram histogram) => new()
    {
        Schema = histogram.Schema,
        ZeroThreshold = histogram.ZeroThreshold,
        ZeroCount = (ulong)histogram.ZeroCount,
        Count = (ulong)histogram.Count,
        Sum = histogram.Sum,
        PositiveSpans = histogram.PositiveSpans,
        NegativeSpans = histogram.NegativeSpans,
        PositiveBuckets = Deltas(histogram.PositiveBuckets),
        NegativeBuckets = Deltas(histogram.NegativeBuckets),
    };

    private static long[] Deltas(double[] counts) =>
        [.. counts.Select((count, i) => (long)count - (i == 0 ? 0 : (long)counts[i - 1]))];

    private static FloatHistogram Custom(double[] bounds, double[] counts) => new()
    {
        Schema = HistogramSchema.CustomBuckets,
        Count = counts.Sum(),
        CustomValues = bounds,
        PositiveSpans = [new(0, (uint)counts.Length)],
        PositiveBuckets = counts,
    };
}
