using Forethought.PromQL.Functions;
using Xunit;

namespace Forethought.PromQL.Tests.Functions;

public sealed class QuantilesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    [InlineData(0.25, 1.75)]
    [InlineData(-1, double.NegativeInfinity)]
    [InlineData(2, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Interpolates_between_ranks(double quantile, double expected) =>
        Assert.Equal(expected, Quantiles.Of(quantile, [4, 1, 3, 2]));

    [Fact]
    public void NaN_is_the_smallest_value_and_nothing_has_no_quantile()
    {
        Assert.Equal(1, Quantiles.Of(0.5, [double.NaN, 1, 2]));
        Assert.True(double.IsNaN(Quantiles.Of(0.5, [])));
    }
}
