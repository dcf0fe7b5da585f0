namespace Forethought.Model.Tests;

/// <summary>The texts are those of the reference's <c>model/histogram/generic.go</c>.</summary>
public sealed class HistogramValidationTests
{
    [Fact]
    public void A_sound_histogram_passes()
    {
        Assert.Null(HistogramValidation.Check(Sound()));
        var floats = new FloatHistogram();
        Sound().CopyTo(floats);
        Assert.Null(HistogramValidation.Check(floats));
    }

    [Fact]
    public void Counts_must_add_up()
    {
        Histogram histogram = Sound();
        histogram.Count = 9;
        Assert.Equal(
            "8 observations found in buckets, but the Count field is 9: histogram's observation count should equal the number of "
            + "observations found in the buckets (in absence of NaN)",
            HistogramValidation.Check(histogram));
        histogram.Sum = double.NaN;
        Assert.Null(HistogramValidation.Check(histogram));
        histogram.Count = 7;
        Assert.Equal(
            "8 observations found in buckets, but the Count field is 7: histogram's observation count should be at least the number of "
            + "observations found in the buckets",
            HistogramValidation.Check(histogram));
    }

    [Fact]
    public void A_negative_bucket_is_named_with_its_side()
    {
        Histogram histogram = Sound();
        histogram.PositiveBuckets = [2, -5];
        Assert.Equal(
            "positive side: bucket number 2 has observation count of -3: histogram has a bucket whose observation count is negative",
            HistogramValidation.Check(histogram));
    }

    [Fact]
    public void Spans_must_fit_the_buckets()
    {
        Histogram histogram = Sound();
        histogram.NegativeSpans = [new(0, 2)];
        Assert.Equal(
            "negative side: spans need 2 buckets, have 1 buckets: histogram spans specify different number of buckets than provided",
            HistogramValidation.Check(histogram));
        histogram.NegativeSpans = [new(0, 1), new(-1, 0)];
        Assert.Equal(
            "negative side: span number 2 with offset -1: histogram has a span whose offset is negative",
            HistogramValidation.Check(histogram));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(-5)]
    [InlineData(-54)]
    public void An_unusable_schema_is_named(int schema)
    {
        Histogram histogram = Sound();
        histogram.Schema = schema;
        Assert.Equal(
            "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for custom buckets"
            + $", got schema {schema}",
            HistogramValidation.Check(histogram));
    }

    [Theory]
    [InlineData(new[] { 1.0, 1.0 }, "custom buckets: previous bound is 1.000000 and current is 1.000000: histogram custom bounds must be in strictly increasing order")]
    [InlineData(new[] { double.NaN }, "custom buckets: histogram custom bounds must not be NaN")]
    [InlineData(new[] { 1.0, double.PositiveInfinity }, "custom buckets: last +Inf bound must not be explicitly defined: histogram custom bounds must be finite")]
    [InlineData(new double[0], "custom buckets: only 0 custom bounds defined which is insufficient to cover total span length of 2: histogram custom bounds are too few")]
    public void Custom_bounds_are_checked(double[] bounds, string expected)
    {
        var histogram = new Histogram
        {
            Schema = HistogramSchema.CustomBuckets,
            CustomValues = bounds,
            Count = 2,
            PositiveSpans = [new(0, 2)],
            PositiveBuckets = [1, 0],
        };
        Assert.Equal(expected, HistogramValidation.Check(histogram));
    }

    [Fact]
    public void Custom_buckets_have_no_zero_bucket_and_no_negative_side()
    {
        var histogram = new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [1], ZeroCount = 1 };
        Assert.Equal("custom buckets: must have zero count of 0", HistogramValidation.Check(histogram));
        histogram = new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [1], ZeroThreshold = 1 };
        Assert.Equal("custom buckets: must have zero threshold of 0", HistogramValidation.Check(histogram));
        histogram = new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [1], NegativeSpans = [new(0, 0)] };
        Assert.Equal("custom buckets: must not have negative spans", HistogramValidation.Check(histogram));
    }

    [Fact]
    public void Negative_float_counts_are_refused()
    {
        Assert.Equal(
            "observation count is  -1: histogram's observation count is negative",
            HistogramValidation.Check(new FloatHistogram { Count = -1 }));
        Assert.Equal(
            "zero bucket has observation count of -0.5: histogram has a bucket whose observation count is negative",
            HistogramValidation.Check(new FloatHistogram { ZeroCount = -0.5 }));
    }

    [Fact]
    public void Numbers_in_the_texts_are_printed_as_go_prints_them()
    {
        Assert.Equal(
            "observation count is  -1e+07: histogram's observation count is negative",
            HistogramValidation.Check(new FloatHistogram { Count = -1e7 }));
        Assert.Equal(
            "positive side: bucket number 1 has observation count of -1e-05: histogram has a bucket whose observation count is negative",
            HistogramValidation.Check(new FloatHistogram { PositiveSpans = [new(0, 1)], PositiveBuckets = [-1e-5] }));
        Assert.Equal(
            "negative side: bucket number 2 has observation count of -Inf: histogram has a bucket whose observation count is negative",
            HistogramValidation.Check(new FloatHistogram { NegativeSpans = [new(0, 2)], NegativeBuckets = [1, double.NegativeInfinity] }));
    }

    [Fact]
    public void The_first_fault_is_named_in_the_order_of_the_reference()
    {
        var histogram = new Histogram { CustomValues = [1], NegativeSpans = [new(0, 1)], NegativeBuckets = [-1], PositiveSpans = [new(0, 1)], PositiveBuckets = [-2] };
        Assert.Equal("negative side: bucket number 1 has observation count of -1: histogram has a bucket whose observation count is negative", HistogramValidation.Check(histogram));
        histogram.NegativeBuckets = [1];
        Assert.Equal("histogram with exponential schema must not have custom bounds", HistogramValidation.Check(histogram));
        histogram.CustomValues = [];
        Assert.Equal("positive side: bucket number 1 has observation count of -2: histogram has a bucket whose observation count is negative", HistogramValidation.Check(histogram));
        var floats = new FloatHistogram { CustomValues = [1], ZeroCount = -1, Count = -1 };
        Assert.StartsWith("zero bucket has observation count of -1: ", HistogramValidation.Check(floats), StringComparison.Ordinal);
        floats.ZeroCount = 0;
        Assert.Equal("histogram with exponential schema must not have custom bounds", HistogramValidation.Check(floats));
    }

    [Fact]
    public void Spans_of_custom_buckets_are_checked_too()
    {
        var histogram = new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [1, 2], PositiveSpans = [new(-1, 1)], PositiveBuckets = [0] };
        Assert.Equal("custom buckets: span number 1 with offset -1: histogram has a span whose offset is negative", HistogramValidation.Check(histogram));
        histogram.PositiveSpans = [new(0, 2)];
        Assert.Equal(
            "custom buckets: spans need 2 buckets, have 1 buckets: histogram spans specify different number of buckets than provided",
            HistogramValidation.Check(histogram));
        histogram.PositiveSpans = [new(3, 1)];
        Assert.Equal(
            "custom buckets: only 2 custom bounds defined which is insufficient to cover total span length of 4: histogram custom bounds are too few",
            HistogramValidation.Check(histogram));
        histogram.PositiveSpans = [new(2, 1)];
        Assert.Null(HistogramValidation.Check(histogram));
        histogram.NegativeBuckets = [1];
        Assert.Equal("custom buckets: must not have negative buckets", HistogramValidation.Check(histogram));
    }

    [Fact]
    public void Spans_that_need_more_buckets_than_an_int_holds_are_refused()
    {
        var histogram = new Histogram { PositiveSpans = [new(0, uint.MaxValue), new(0, uint.MaxValue)] };
        Assert.Equal(
            "positive side: spans need 8589934590 buckets, have 0 buckets: histogram spans specify different number of buckets than provided",
            HistogramValidation.Check(histogram));
    }

    private static Histogram Sound() => new()
    {
        Schema = 1,
        ZeroCount = 1,
        ZeroThreshold = 0.001,
        Count = 8,
        Sum = 12,
        PositiveSpans = [new(0, 1), new(3, 1)],
        PositiveBuckets = [2, 1],
        NegativeSpans = [new(-2, 1)],
        NegativeBuckets = [2],
    };
}
