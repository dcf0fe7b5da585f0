using Forethought.PromQL.Functions;
using Xunit;

namespace Forethought.PromQL.Tests.Functions;

public sealed class ElementaryMathTests
{
    // Recorded from Prometheus 3.14 on amd64: ln and log10 of the smallest subnormal, which Go takes for a normal number.
    [Fact]
    public void Subnormal_numbers_have_the_logarithm_that_Go_gives_them()
    {
        Assert.Equal(-709.0895657128241, ElementaryMath.Log(double.Epsilon));
        Assert.Equal(-307.9536855642528, ElementaryMath.Log10(double.Epsilon));
    }

    [Fact]
    public void Powers_of_two_are_exact_both_ways()
    {
        for (int exponent = -1022; exponent <= 1023; exponent++)
        {
            Assert.Equal(exponent, ElementaryMath.Log2(Math.ScaleB(1, exponent)));
            Assert.Equal(Math.ScaleB(1, exponent), ElementaryMath.Exp2(exponent));
        }
    }

    [Fact]
    public void All_functions_stay_within_a_few_units_of_the_platforms()
    {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            double x = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 12));
            double positive = Math.Abs(x);
            double small = (random.NextDouble() - 0.5) * 60;
            double unit = (random.NextDouble() * 2) - 1;
            AssertClose(Math.Log(positive), ElementaryMath.Log(positive));
            AssertClose(Math.Log2(positive), ElementaryMath.Log2(positive));
            AssertClose(Math.Log10(positive), ElementaryMath.Log10(positive));
            AssertClose(Math.Exp(small), ElementaryMath.Exp(small));
            AssertClose(Math.Pow(2, small), ElementaryMath.Exp2(small));
            AssertClose(Math.Pow(positive, small / 10), ElementaryMath.Pow(positive, small / 10));
            AssertClose(Math.Atan(x), ElementaryMath.Atan(x));
            AssertClose(Math.Atan2(small, x), ElementaryMath.Atan2(small, x));
            AssertClose(Math.Asin(unit), ElementaryMath.Asin(unit));
            AssertNear(Math.Acos(unit), ElementaryMath.Acos(unit));
            AssertNear(Math.Sin(x), Trigonometry.Sin(x));
            AssertNear(Math.Cos(x), Trigonometry.Cos(x));
            AssertNear(Math.Tan(x), Trigonometry.Tan(x));
            AssertClose(Math.Sinh(small), Trigonometry.Sinh(small));
            AssertClose(Math.Cosh(small), Trigonometry.Cosh(small));
            AssertClose(Math.Tanh(small), Trigonometry.Tanh(small));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0.0)]
    public void Special_values_are_those_of_the_platform(double x)
    {
        Assert.Equal(Math.Log(x), ElementaryMath.Log(x));
        Assert.Equal(Math.Log2(x), ElementaryMath.Log2(x));
        Assert.Equal(Math.Exp(x), ElementaryMath.Exp(x));
        Assert.Equal(Math.Pow(2, x), ElementaryMath.Exp2(x));
        Assert.Equal(Math.Atan(x), ElementaryMath.Atan(x));
        Assert.Equal(Math.Sin(x), Trigonometry.Sin(x));
        Assert.Equal(Math.Cos(x), Trigonometry.Cos(x));
        Assert.Equal(Math.Tan(x), Trigonometry.Tan(x));
        Assert.Equal(Math.Sinh(x), Trigonometry.Sinh(x));
        Assert.Equal(Math.Tanh(x), Trigonometry.Tanh(x));
        foreach (double y in (double[])[double.NaN, 1, -1, 0.5, 2, double.PositiveInfinity, double.NegativeInfinity, 0])
        {
            Assert.Equal(Math.Pow(x, y), ElementaryMath.Pow(x, y));
            Assert.Equal(Math.Pow(y, x), ElementaryMath.Pow(y, x));
            Assert.Equal(Math.Atan2(x, y), ElementaryMath.Atan2(x, y));
        }
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(
            Math.Abs(expected - actual) <= Math.Max(Math.Abs(expected), 1e-12) * 1e-14, $"expected {expected:R} but got {actual:R}");

    // Next to a zero or a pole the rounding of an angle shows.
    private static void AssertNear(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-14 * (1 + (expected * expected)), $"expected {expected:R} but got {actual:R}");
}
