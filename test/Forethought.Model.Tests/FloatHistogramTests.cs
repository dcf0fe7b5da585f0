namespace Forethought.Model.Tests;

public sealed class FloatHistogramTests
{
    [Theory]
    [InlineData(1, CounterResetHint.CounterReset)]
    [InlineData(0, CounterResetHint.CounterReset)]
    [InlineData(2.5, CounterResetHint.CounterReset)]
    [InlineData(-3, CounterResetHint.Gauge)]
    [InlineData(double.NaN, CounterResetHint.CounterReset)]
    public void Multiplying_scales_every_count_and_a_negative_factor_makes_a_gauge(double factor, CounterResetHint hint)
    {
        FloatHistogram histogram = Sample();
        histogram.Multiply(factor);
        Assert.Equal((11 * factor, 3493.25 * factor, -23.5 * factor), (histogram.ZeroCount, histogram.Count, histogram.Sum));
        Assert.Equal([1 * factor, 3 * factor, 4 * factor, 7 * factor], histogram.PositiveBuckets);
        Assert.Equal([0.5 * factor, 3 * factor], histogram.NegativeBuckets);
        Assert.Equal((0.01, 1, hint), (histogram.ZeroThreshold, histogram.Schema, histogram.CounterResetHint));
        Assert.Equal(Sample().PositiveSpans, histogram.PositiveSpans);
    }

    [Theory]
    [InlineData(2, CounterResetHint.CounterReset)]
    [InlineData(-0.5, CounterResetHint.Gauge)]
    public void Dividing_divides_every_count_and_a_negative_divisor_makes_a_gauge(double divisor, CounterResetHint hint)
    {
        FloatHistogram histogram = Sample();
        histogram.Divide(divisor);
        Assert.Equal((11 / divisor, 3493.25 / divisor, -23.5 / divisor), (histogram.ZeroCount, histogram.Count, histogram.Sum));
        Assert.Equal([1 / divisor, 3 / divisor, 4 / divisor, 7 / divisor], histogram.PositiveBuckets);
        Assert.Equal([0.5 / divisor, 3 / divisor], histogram.NegativeBuckets);
        Assert.Equal(hint, histogram.CounterResetHint);
    }

    [Fact]
    public void Dividing_by_zero_leaves_infinities_and_no_buckets()
    {
        FloatHistogram histogram = Sample();
        histogram.ZeroCount = 0;
        histogram.Divide(0);
        Assert.Equal((double.NaN, double.PositiveInfinity, double.NegativeInfinity), (histogram.ZeroCount, histogram.Count, histogram.Sum));
        Assert.Empty(histogram.PositiveBuckets);
        Assert.Empty(histogram.NegativeBuckets);
        Assert.Empty(histogram.PositiveSpans);
        Assert.Empty(histogram.NegativeSpans);
        Assert.Equal(CounterResetHint.CounterReset, histogram.CounterResetHint);
    }

    [Fact]
    public void A_copy_shares_no_counts_with_its_original()
    {
        FloatHistogram original = Sample();
        FloatHistogram copy = original.Clone();
        Assert.True(original.DataEquals(copy));
        Assert.Equal(CounterResetHint.CounterReset, copy.CounterResetHint);
        copy.Multiply(2);
        Assert.True(original.DataEquals(Sample()));
        copy.PositiveBuckets = original.PositiveBuckets;
        original.CopyTo(copy);
        copy.PositiveBuckets[0] = 99;
        Assert.True(original.DataEquals(Sample()));
    }

    [Fact]
    public void Copying_over_a_holder_of_another_shape_leaves_nothing_of_it()
    {
        FloatHistogram holder = Custom();
        Sample().CopyTo(holder);
        Assert.True(holder.DataEquals(Sample()));
        Assert.Empty(holder.CustomValues);
        Custom().CopyTo(holder);
        Assert.True(holder.DataEquals(Custom()));
        Assert.Empty(holder.NegativeBuckets);
        holder.Clear();
        Assert.True(holder.DataEquals(new FloatHistogram()));
        Assert.Equal(CounterResetHint.Unknown, holder.CounterResetHint);
    }

    [Fact]
    public void Overflow_is_an_infinity_anywhere()
    {
        Assert.False(Sample().HasOverflow());
        Action<FloatHistogram>[] changes =
        [
            static h => h.ZeroCount = double.PositiveInfinity, static h => h.Count = double.NegativeInfinity, static h => h.Sum = double.PositiveInfinity,
            static h => h.PositiveBuckets[3] = double.PositiveInfinity, static h => h.NegativeBuckets[0] = double.NegativeInfinity,
            static h => h.CustomValues = [1, double.PositiveInfinity],
        ];
        foreach (Action<FloatHistogram> change in changes)
        {
            FloatHistogram histogram = Sample();
            change(histogram);
            Assert.True(histogram.HasOverflow());
        }

        FloatHistogram unknown = Sample();
        unknown.Sum = double.NaN;
        Assert.False(unknown.HasOverflow());
    }

    [Fact]
    public void Data_is_equal_only_if_every_part_is()
    {
        Action<FloatHistogram>[] changes =
        [
            static h => h.Schema = 2, static h => h.Count++, static h => h.Sum++, static h => h.ZeroThreshold = 0.02, static h => h.ZeroCount++,
            static h => h.PositiveSpans = [new(-2, 2), new(1, 1), new(4, 1)], static h => h.NegativeSpans = [new(1, 2)],
            static h => h.PositiveBuckets = [1, 3, 4, 8], static h => h.NegativeBuckets = [0.5, -3],
            static h => { h.PositiveSpans = [new(-2, 2), new(1, 1)]; h.PositiveBuckets = [1, 3, 4]; },
            static h => { h.PositiveSpans = [new(-2, 2), new(1, 1), new(3, 2)]; h.PositiveBuckets = [1, 3, 4, 7, 0]; },
        ];
        foreach (Action<FloatHistogram> change in changes)
        {
            FloatHistogram histogram = Sample();
            change(histogram);
            Assert.False(histogram.DataEquals(Sample()));
            Assert.False(Sample().DataEquals(histogram));
        }

        FloatHistogram bounds = Custom();
        bounds.CustomValues = [1, 2, 4];
        Assert.False(bounds.DataEquals(Custom()));
    }

    [Fact]
    public void Data_is_equal_whatever_the_hint_and_however_the_spans_are_cut()
    {
        FloatHistogram histogram = Sample();
        histogram.CounterResetHint = CounterResetHint.Gauge;
        histogram.PositiveSpans = [new(-2, 1), new(0, 0), new(0, 1), new(1, 1), new(0, 0), new(3, 1)];
        Assert.True(histogram.DataEquals(Sample()));
        // Bounds mean nothing to exponential buckets.
        histogram.CustomValues = [1];
        Assert.True(histogram.DataEquals(Sample()));
    }

    [Fact]
    public void Numbers_that_are_none_are_told_apart_by_their_bits()
    {
        FloatHistogram stale = Sample();
        stale.Sum = StaleMarker.Value;
        FloatHistogram unknown = Sample();
        unknown.Sum = StaleMarker.NormalNaN;
        Assert.True(stale.IsStale);
        Assert.False(unknown.IsStale);
        Assert.False(stale.DataEquals(unknown));
        Assert.True(stale.DataEquals(stale.Clone()));
        FloatHistogram negativeZero = Sample();
        negativeZero.Sum = -0.0;
        FloatHistogram zero = Sample();
        zero.Sum = 0;
        Assert.False(zero.DataEquals(negativeZero));
    }

    [Fact]
    public void Buckets_ascend_from_the_negative_side_through_zero()
    {
        // Schema 0: bucket i is (2^(i-1), 2^i]. Negative buckets mirror that and include their lower bound.
        var histogram = new FloatHistogram
        {
            ZeroThreshold = 0.25,
            ZeroCount = 3,
            PositiveSpans = [new(0, 2), new(1, 1)],
            PositiveBuckets = [1, 0, 5],
            NegativeSpans = [new(1, 2)],
            NegativeBuckets = [7, 8],
        };
        Assert.Equal(
            [
                new(-4, -2, true, false, 8, 2), new(-2, -1, true, false, 7, 1), new(-0.25, 0.25, true, true, 3, 0),
                new(0.5, 1, false, true, 1, 0), new(1, 2, false, true, 0, 1), new(4, 8, false, true, 5, 3),
            ],
            Buckets(histogram));
    }

    [Fact]
    public void Buckets_that_the_zero_bucket_cuts_begin_at_its_threshold()
    {
        var histogram = new FloatHistogram
        {
            ZeroThreshold = 0.75,
            PositiveSpans = [new(0, 1)],
            PositiveBuckets = [1],
            NegativeSpans = [new(0, 2)],
            NegativeBuckets = [2, 3],
        };
        Assert.Equal([new(-2, -1, true, false, 3, 1), new(-1, -0.75, true, false, 2, 0), new(0.75, 1, false, true, 1, 0)], Buckets(histogram));
    }

    [Fact]
    public void Custom_buckets_include_their_upper_bound_and_the_first_one_minus_infinity()
    {
        Assert.Equal(
            [
                new(double.NegativeInfinity, 1, true, true, 4, 0), new(1, 2, false, true, 5, 1), new(3, double.PositiveInfinity, false, true, 6, 3),
            ],
            Buckets(Custom()));
    }

    [Fact]
    public void Buckets_are_added_to_what_the_list_holds()
    {
        List<HistogramBucket> list = [new(0, 0, true, true, 1, 0)];
        Custom().CopyBucketsTo(list);
        Assert.Equal((4, 0.0), (list.Count, list[0].Upper));
    }

    [Fact]
    public void Spans_that_promise_more_buckets_than_there_are_do_no_harm()
    {
        var histogram = new FloatHistogram { PositiveSpans = [new(0, uint.MaxValue), new(int.MaxValue, 5)], PositiveBuckets = [1, 2] };
        Assert.Equal([1.0, 2.0], Buckets(histogram).Select(static bucket => bucket.Count));
        Assert.True(histogram.DataEquals(histogram.Clone()));
        histogram.Compact();
        Assert.Equal([1.0, 2.0], histogram.PositiveBuckets);
    }

    private static HistogramBucket[] Buckets(FloatHistogram histogram)
    {
        var list = new List<HistogramBucket>();
        histogram.CopyBucketsTo(list);
        return [.. list];
    }

    private static FloatHistogram Sample() => new()
    {
        CounterResetHint = CounterResetHint.CounterReset,
        Schema = 1,
        ZeroThreshold = 0.01,
        ZeroCount = 11,
        Count = 3493.25,
        Sum = -23.5,
        PositiveSpans = [new(-2, 2), new(1, 1), new(3, 1)],
        PositiveBuckets = [1, 3, 4, 7],
        NegativeSpans = [new(0, 2)],
        NegativeBuckets = [0.5, 3],
    };

    private static FloatHistogram Custom() => new()
    {
        Schema = HistogramSchema.CustomBuckets,
        Count = 15,
        Sum = 20,
        CustomValues = [1, 2, 3],
        PositiveSpans = [new(0, 2), new(1, 1)],
        PositiveBuckets = [4, 5, 6],
    };
}
