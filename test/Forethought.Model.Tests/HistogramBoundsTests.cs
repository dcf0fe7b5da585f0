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

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(int.MaxValue, 8)]
    [InlineData(int.MaxValue, -4)]
    [InlineData(1 << 28, -4)]
    public void Indexes_beyond_all_numbers_end_at_infinity_and_zero(int index, int schema)
    {
        Assert.Equal(double.PositiveInfinity, HistogramBounds.Exponential(index, schema));
        Assert.Equal(0, HistogramBounds.Exponential(-index, schema));
    }

    // Upstream's TestGetBoundExponential.
    [Theory]
    [InlineData(-1, 0, 0.5)]
    [InlineData(0, 0, 1)]
    [InlineData(512, 0, 1.3407807929942597e+154)]
    [InlineData(1023, 0, 8.98846567431158e+307)]
    [InlineData(-1074, 0, 5e-324)]
    [InlineData(-1075, 0, 0)]
    [InlineData(2048, 1, double.MaxValue)]
    [InlineData(2049, 1, double.PositiveInfinity)]
    [InlineData(-1, 2, 0.8408964152537144)]
    [InlineData(512, -1, double.MaxValue)]
    [InlineData(513, -1, double.PositiveInfinity)]
    [InlineData(256, -2, double.MaxValue)]
    public void Bounds_at_the_ends_of_the_range_are_those_of_the_reference(int index, int schema, double upper) =>
        Assert.Equal(upper, HistogramBounds.Exponential(index, schema));

    [Theory]
    [InlineData(-10, false, false, false)]
    [InlineData(-9, false, true, false)]
    [InlineData(-5, false, true, false)]
    [InlineData(-4, true, false, true)]
    [InlineData(8, true, false, true)]
    [InlineData(9, false, true, false)]
    [InlineData(52, false, true, false)]
    [InlineData(53, false, false, false)]
    [InlineData(-53, false, false, true)]
    public void Schemas_are_exponential_reserved_or_known(int schema, bool exponential, bool reserved, bool known) => Assert.Equal(
        (exponential, reserved, known),
        (HistogramSchema.IsExponential(schema), HistogramSchema.IsExponentialReserved(schema), HistogramSchema.IsKnown(schema)));

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
