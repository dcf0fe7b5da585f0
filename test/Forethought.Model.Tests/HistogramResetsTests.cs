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
