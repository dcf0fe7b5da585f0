using Forethought.PromQL.Functions;
using Xunit;

namespace Forethought.PromQL.Tests.Functions;

public sealed class ClassicBucketsTests
{
    private static ClassicBucket[] Buckets(params (double Bound, double Count)[] buckets) =>
        [.. buckets.Select(bucket => new ClassicBucket(bucket.Bound, bucket.Count))];

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.25, 0.5)]
    [InlineData(0.5, 1.0)]
    [InlineData(0.75, 1.5)]
    [InlineData(0.9, 1.8)]
    [InlineData(1.0, 2.0)]
    public void Interpolates_linearly_within_the_bucket(double quantile, double expected) =>
        Assert.Equal(expected, ClassicBuckets.Quantile(quantile, Buckets((1, 10), (2, 20), (double.PositiveInfinity, 20)), out _), 12);

    [Fact]
    public void A_rank_in_the_last_bucket_gives_the_bound_before_it() =>
        Assert.Equal(2, ClassicBuckets.Quantile(0.99, Buckets((1, 10), (2, 20), (double.PositiveInfinity, 40)), out _));

    [Fact]
    public void A_lowest_bound_not_above_zero_is_the_answer_for_its_bucket() =>
        Assert.Equal(-1, ClassicBuckets.Quantile(0.1, Buckets((-1, 10), (2, 20), (double.PositiveInfinity, 20)), out _));

    [Fact]
    public void Nothing_can_be_said_without_infinity_observations_or_two_buckets()
    {
        Assert.True(double.IsNaN(ClassicBuckets.Quantile(0.5, Buckets((1, 10), (2, 20)), out _)));
        Assert.True(double.IsNaN(ClassicBuckets.Quantile(0.5, Buckets((1, 0), (double.PositiveInfinity, 0)), out _)));
        Assert.True(double.IsNaN(ClassicBuckets.Quantile(0.5, Buckets((double.PositiveInfinity, 5)), out _)));
    }

    [Theory]
    [InlineData(-0.1, double.NegativeInfinity)]
    [InlineData(1.1, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Quantiles_beyond_the_scale_are_infinite(double quantile, double expected) =>
        Assert.Equal(expected, ClassicBuckets.Quantile(quantile, Buckets((1, 1), (double.PositiveInfinity, 1)), out _));

    [Fact]
    public void Decreasing_counts_are_raised_and_told_of()
    {
        double result = ClassicBuckets.Quantile(
            0.5, Buckets((1, 10), (2, 8), (3, 7), (4, 20), (double.PositiveInfinity, 20)), out MonotonicityFix fix);

        Assert.Equal(new MonotonicityFix(true, 2, 3, 3), fix);
        Assert.Equal(1, result, 12);
    }

    [Fact]
    public void Differences_of_rounding_are_no_decrease()
    {
        ClassicBuckets.Quantile(0.5, Buckets((1, 10), (2, 10 - 1e-12), (double.PositiveInfinity, 20)), out MonotonicityFix fix);

        Assert.False(fix.IsForced);
    }

    [Fact]
    public void Buckets_with_the_same_bound_are_one() =>
        Assert.Equal(0.5, ClassicBuckets.Quantile(0.5, Buckets((1, 4), (1, 6), (double.PositiveInfinity, 10)), out _), 12);

    [Theory]
    [InlineData(0, 1, 0.5)]
    [InlineData(0.5, 1.5, 0.5)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, 1)]
    [InlineData(2, 1, 0)]
    public void Fractions_count_what_lies_between(double lower, double upper, double expected) =>
        Assert.Equal(expected, ClassicBuckets.Fraction(lower, upper, Buckets((1, 10), (2, 20), (double.PositiveInfinity, 20))), 12);
}
