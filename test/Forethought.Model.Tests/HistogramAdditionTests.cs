using Forethought.Testing;

namespace Forethought.Model.Tests;

public sealed class HistogramAdditionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Sums_and_differences_agree_with_counting_by_index(double sign)
    {
        var random = new Random(11);
        for (int round = 0; round < 5_000; round++)
        {
            HistogramModel left = HistogramModel.Random(random, -2, 4);
            HistogramModel right = HistogramModel.Random(random, -2, 4);
            right.ZeroThreshold = left.ZeroThreshold = 0;
            FloatHistogram target = left.ToHistogram();
            FloatHistogram other = right.ToHistogram();
            FloatHistogram untouched = other.Clone();
            HistogramMergeResult result = sign > 0
                ? HistogramAddition.Add(target, other)
                : HistogramAddition.Subtract(target, other);
            Assert.Equal(HistogramMergeResult.Merged, result);
            Assert.True(left.Plus(right, sign).SameAs(HistogramModel.From(target)));
            Assert.True(untouched.DataEquals(other));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Zero_buckets_of_any_width_are_reconciled_as_by_hand(double sign)
    {
        var random = new Random(13);
        for (int round = 0; round < 5_000; round++)
        {
            int schema = random.Next(0, 4);
            HistogramModel left = HistogramModel.Random(random, schema, schema).Widened(Threshold());
            HistogramModel right = HistogramModel.Random(random, schema, schema).Widened(Threshold());
            FloatHistogram target = left.ToHistogram();
            HistogramMergeResult result = sign > 0
                ? HistogramAddition.Add(target, right.ToHistogram())
                : HistogramAddition.Subtract(target, right.ToHistogram());
            Assert.Equal(HistogramMergeResult.Merged, result);
            Assert.True(left.PlusReconciled(right, sign).SameAs(HistogramModel.From(target)));
            FloatHistogram compensated = left.ToHistogram();
            FloatHistogram? compensation = null;
            HistogramAddition.AddCompensated(compensated, right.ToHistogram(), ref compensation);
            HistogramAddition.Add(compensated, compensation!);
            Assert.True(left.PlusReconciled(right, 1).SameAs(HistogramModel.From(compensated)));
        }

        double Threshold() => random.Next(3) switch { 0 => 0, 1 => Math.Pow(2, random.Next(-4, 6)), _ => random.NextDouble() * 20 };
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(-1, 0)]
    public void A_zero_threshold_that_makes_no_sense_ends_the_addition_all_the_same(double left, double right)
    {
        FloatHistogram target = Single(1, 2);
        target.ZeroThreshold = left;
        FloatHistogram other = Single(2, 3);
        other.ZeroThreshold = right;
        Assert.Equal(HistogramMergeResult.Merged, HistogramAddition.Add(target, other));
        Assert.Equal(5, target.Count);
    }

    [Fact]
    public void Compensated_sums_do_not_mix_kinds_and_reconcile_custom_bounds()
    {
        FloatHistogram? compensation = null;
        FloatHistogram target = Custom([1, 2, 3], [1e16, 2, 3, 4]);
        Assert.Equal(HistogramMergeResult.Incompatible, HistogramAddition.AddCompensated(target, Single(1, 1), ref compensation));
        Assert.Null(compensation);
        for (int i = 0; i < 4; i++)
            Assert.Equal(i == 0 ? HistogramMergeResult.BoundsReconciled : HistogramMergeResult.Merged, HistogramAddition.AddCompensated(target, Custom([1, 3], [1, 1, 1]), ref compensation));
        HistogramAddition.Add(target, compensation!);
        Assert.Equal([1.0, 3.0], target.CustomValues);
        Assert.Equal([1e16 + 4, 9.0, 8.0], target.PositiveBuckets);
    }

    [Fact]
    public void Custom_bounds_without_a_shared_one_leave_a_single_bucket()
    {
        FloatHistogram target = Custom([1, 2], [1, 2, 3]);
        Assert.Equal(HistogramMergeResult.BoundsReconciled, HistogramAddition.Add(target, Custom([1.5], [4, 5])));
        Assert.Empty(target.CustomValues);
        Assert.Equal([15.0], target.PositiveBuckets);
    }

    [Fact]
    public void Compacting_agrees_with_counting_by_index_and_keeps_compensations_beside_their_buckets()
    {
        var random = new Random(14);
        for (int round = 0; round < 2_000; round++)
        {
            HistogramModel model = HistogramModel.Random(random, 0, 3);
            FloatHistogram histogram = model.ToHistogram();
            histogram.Compact();
            Assert.True(model.SameAs(HistogramModel.From(histogram)));
            Assert.DoesNotContain(0.0, histogram.PositiveBuckets.Concat(histogram.NegativeBuckets));
            Assert.DoesNotContain(histogram.PositiveSpans.Skip(1), static span => span.Offset == 0);
        }

        FloatHistogram counts = new() { PositiveSpans = [new(0, 3)], PositiveBuckets = [0, 0, 5] };
        FloatHistogram compensations = new() { PositiveSpans = [new(0, 3)], PositiveBuckets = [0, 1e-9, 0] };
        HistogramAddition.Compact(counts, compensations);
        Assert.Equal([0.0, 5.0], counts.PositiveBuckets);
        Assert.Equal([1e-9, 0.0], compensations.PositiveBuckets);
        Assert.Equal([new HistogramSpan(1, 2)], counts.PositiveSpans);
    }

    [Fact]
    public void A_sum_that_overflows_loses_its_compensation()
    {
        (double sum, double compensation) = (double.MaxValue, 0.5);
        KahanSum.Add(double.MaxValue, ref sum, ref compensation);
        Assert.Equal((double.PositiveInfinity, 0.0), (sum, compensation));
        (sum, compensation) = (1, 0);
        KahanSum.Add(1e100, ref sum, ref compensation);
        KahanSum.Add(1, ref sum, ref compensation);
        KahanSum.Add(-1e100, ref sum, ref compensation);
        Assert.Equal(2, sum + compensation);
    }

    [Fact]
    public void Compensated_sums_of_whole_numbers_agree_with_plain_ones()
    {
        var random = new Random(12);
        for (int round = 0; round < 500; round++)
        {
            HistogramModel expected = HistogramModel.Random(random, 0, 3);
            expected.ZeroThreshold = 0;
            FloatHistogram target = expected.ToHistogram();
            FloatHistogram? compensation = null;
            for (int i = 0; i < 5; i++)
            {
                HistogramModel next = HistogramModel.Random(random, 0, 3);
                next.ZeroThreshold = 0;
                expected = expected.Plus(next, 1);
                Assert.Equal(HistogramMergeResult.Merged, HistogramAddition.AddCompensated(target, next.ToHistogram(), ref compensation));
            }

            HistogramAddition.Add(target, compensation!);
            Assert.True(expected.SameAs(HistogramModel.From(target)));
        }
    }

    [Fact]
    public void Compensation_keeps_what_plain_addition_loses()
    {
        // 1e16 + 1 ten times: doubles above 2^53 cannot hold the ones.
        FloatHistogram target = Single(5, 1e16);
        FloatHistogram? compensation = null;
        for (int i = 0; i < 10; i++)
            HistogramAddition.AddCompensated(target, Single(5, 1), ref compensation);
        HistogramAddition.Add(target, compensation!);
        Assert.Equal(1e16 + 10, target.PositiveBuckets[0]);
        Assert.Equal(1e16 + 10, target.Count);
    }

    [Fact]
    public void A_narrower_zero_bucket_is_widened_and_swallows_the_buckets_within()
    {
        // Schema 0: bucket 0 is (0.5, 1], bucket 1 is (1, 2]. A threshold of 1 swallows bucket 0 of the target.
        var target = new FloatHistogram
        {
            ZeroThreshold = 0.01,
            ZeroCount = 3,
            Count = 10,
            PositiveSpans = [new(0, 2)],
            PositiveBuckets = [2, 5],
        };
        var other = new FloatHistogram { ZeroThreshold = 1, ZeroCount = 1, Count = 5, PositiveSpans = [new(1, 1)], PositiveBuckets = [4] };
        HistogramAddition.Add(target, other);
        Assert.Equal((1.0, 6.0, 15.0), (target.ZeroThreshold, target.ZeroCount, target.Count));
        Assert.Equal([new HistogramSpan(1, 1)], target.PositiveSpans);
        Assert.Equal([9.0], target.PositiveBuckets);
    }

    [Fact]
    public void A_threshold_inside_a_populated_bucket_moves_to_its_bound_on_both_sides()
    {
        // 1.5 cuts bucket 1, (1, 2], so both zero buckets grow to 2.
        var target = new FloatHistogram { ZeroThreshold = 1.5, ZeroCount = 1, Count = 1 };
        var other = new FloatHistogram { ZeroCount = 1, Count = 4, PositiveSpans = [new(1, 2)], PositiveBuckets = [1, 2] };
        HistogramAddition.Add(target, other);
        Assert.Equal((2.0, 3.0), (target.ZeroThreshold, target.ZeroCount));
        Assert.Equal([new HistogramSpan(2, 1)], target.PositiveSpans);
        Assert.Equal([2.0], target.PositiveBuckets);
    }

    [Fact]
    public void Different_custom_bounds_are_reconciled_to_the_shared_ones()
    {
        var target = Custom([1, 2, 3], [1, 2, 3, 4]);
        var other = Custom([1, 3, 5], [10, 20, 30, 40]);
        Assert.Equal(HistogramMergeResult.BoundsReconciled, HistogramAddition.Add(target, other));
        Assert.Equal([1.0, 3.0], target.CustomValues);
        Assert.Equal([11.0, 25.0, 74.0], target.PositiveBuckets);
        Assert.Equal(110, target.Count);
    }

    [Fact]
    public void Exponential_and_custom_buckets_do_not_mix()
    {
        FloatHistogram target = Single(1, 2);
        FloatHistogram before = target.Clone();
        Assert.Equal(HistogramMergeResult.Incompatible, HistogramAddition.Add(target, Custom([1], [1, 1])));
        Assert.True(before.DataEquals(target));
    }

    [Theory]
    [InlineData(CounterResetHint.Unknown, CounterResetHint.CounterReset, CounterResetHint.Unknown, false)]
    [InlineData(CounterResetHint.Gauge, CounterResetHint.CounterReset, CounterResetHint.Gauge, false)]
    [InlineData(CounterResetHint.NotCounterReset, CounterResetHint.Gauge, CounterResetHint.Gauge, false)]
    [InlineData(CounterResetHint.NotCounterReset, CounterResetHint.NotCounterReset, CounterResetHint.NotCounterReset, false)]
    [InlineData(CounterResetHint.NotCounterReset, CounterResetHint.CounterReset, CounterResetHint.Unknown, true)]
    public void Hints_combine_as_the_reference_says(CounterResetHint left, CounterResetHint right, CounterResetHint expected, bool collision)
    {
        FloatHistogram target = Single(1, 1);
        FloatHistogram other = Single(1, 1);
        (target.CounterResetHint, other.CounterResetHint) = (left, right);
        HistogramMergeResult result = HistogramAddition.Add(target, other);
        Assert.Equal(expected, target.CounterResetHint);
        Assert.Equal(collision, result.HasFlag(HistogramMergeResult.CounterResetCollision));
    }

    [Fact]
    public void Compacting_removes_empty_buckets_and_keeps_indexes()
    {
        var histogram = new FloatHistogram
        {
            PositiveSpans = [new(-2, 3), new(0, 1), new(4, 2)],
            PositiveBuckets = [0, 1, 2, 3, 0, 7],
        };
        histogram.Compact();
        Assert.Equal([new HistogramSpan(-1, 3), new HistogramSpan(5, 1)], histogram.PositiveSpans);
        Assert.Equal([1.0, 2.0, 3.0, 7.0], histogram.PositiveBuckets);
    }

    [Fact]
    public void Dividing_by_zero_drops_the_buckets()
    {
        FloatHistogram histogram = Single(1, 4);
        histogram.Divide(0);
        Assert.Equal(double.PositiveInfinity, histogram.Count);
        Assert.Empty(histogram.PositiveBuckets);
        Assert.Empty(histogram.PositiveSpans);
    }

    [Fact]
    public void Adding_the_same_layout_allocates_nothing()
    {
        FloatHistogram target = HistogramModel.Random(new Random(1), 2, 2).ToHistogram();
        FloatHistogram other = target.Clone();
        HistogramAddition.Add(target, other);
        Assert.Equal(0, Allocation.Of(() => HistogramAddition.Add(target, other)));
    }

    private static FloatHistogram Single(int index, double count) =>
        new() { Count = count, Sum = count, PositiveSpans = [new(index, 1)], PositiveBuckets = [count] };

    private static FloatHistogram Custom(double[] bounds, double[] counts) => new()
    {
        Schema = HistogramSchema.CustomBuckets,
        Count = counts.Sum(),
        CustomValues = bounds,
        PositiveSpans = [new(0, (uint)counts.Length)],
        PositiveBuckets = counts,
    };
}
