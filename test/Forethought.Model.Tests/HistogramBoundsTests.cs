namespace Forethought.Model.Tests;

public sealed class HistogramBoundsTests
{
    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(1, 0, 2.0)]
    [InlineData(-1, 0, 0.5)]
    [InlineData(5, 0, 32.0)]
    [InlineData(1, -1, 4.0)]
    [InlineData(-3, -2, 1.0 / 4096)]
    [InlineData(1, 1, 1.414213562373095)]
    [InlineData(1024, 0, double.MaxValue)]
    [InlineData(1025, 0, double.PositiveInfinity)]
    [InlineData(64, -4, double.MaxValue)]
    public void Exponential_bounds_are_powers_of_the_base(int index, int schema, double upper) =>
        Assert.Equal(upper, HistogramBounds.Exponential(index, schema));

    [Fact]
    public void Every_schema_doubles_after_two_to_the_schema_buckets()
    {
        for (int schema = 0; schema <= HistogramSchema.ExponentialMax; schema++)
        {
            for (int index = -600; index < 600; index++)
            {
                double bound = HistogramBounds.Exponential(index, schema);
                Assert.Equal(2 * bound, HistogramBounds.Exponential(index + (1 << schema), schema));
                Assert.True(HistogramBounds.Exponential(index + 1, schema) > bound);
                Assert.Equal(1.0, bound / Math.Pow(2, index / (double)(1 << schema)), 1e-14);
            }
        }
    }

    [Fact]
    public void Lowering_the_schema_keeps_a_bucket_within_its_merged_bucket()
    {
        for (int index = -500; index <= 500; index++)
        {
            int merged = HistogramBounds.IndexAtSchema(index, 4, 1);
            Assert.True(HistogramBounds.Exponential(index, 4) <= HistogramBounds.Exponential(merged, 1));
            Assert.True(HistogramBounds.Exponential(index - 1, 4) >= HistogramBounds.Exponential(merged - 1, 1));
        }
    }

    [Fact]
    public void Custom_bounds_end_in_infinities()
    {
        double[] bounds = [1, 2.5];
        Assert.Equal(double.NegativeInfinity, HistogramBounds.Upper(-1, HistogramSchema.CustomBuckets, bounds));
        Assert.Equal(2.5, HistogramBounds.Upper(1, HistogramSchema.CustomBuckets, bounds));
        Assert.Equal(double.PositiveInfinity, HistogramBounds.Upper(2, HistogramSchema.CustomBuckets, bounds));
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramBounds.Upper(3, HistogramSchema.CustomBuckets, bounds));
    }
}
