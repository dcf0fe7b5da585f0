using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Tests.Syntax;

/// <summary>Series notation of rule tests and PromQL scripts.</summary>
public sealed class SeriesDescriptionTests
{
    [Theory]
    [InlineData("m 1 2 3", "1.000000 2.000000 3.000000")]
    [InlineData("m{a=\"b\"} -1 +2 _ 1e3", "-1.000000 2.000000 _ 1000.000000")]
    [InlineData("m 1x3", "1.000000 1.000000 1.000000 1.000000")]
    [InlineData("m 1+2x3", "1.000000 3.000000 5.000000 7.000000")]
    [InlineData("m 3-10x2 _x2 5", "3.000000 -7.000000 -17.000000 _ _ 5.000000")]
    [InlineData("m\t\t1   2  ", "1.000000 2.000000")]
    [InlineData("m {{}} {{ }}", "{count:0, sum:0} {count:0, sum:0}")]
    [InlineData("m {{sum:1}}+{{sum:2}}x2", "{count:0, sum:1} {count:0, sum:3} {count:0, sum:5}")]
    [InlineData("m {{schema:0 count:3 sum:5 buckets:[1 2]}}x1", "{count:3, sum:5, (0.5,1]:1, (1,2]:2} {count:3, sum:5, (0.5,1]:1, (1,2]:2}")]
    public void Values_expand(string description, string values) =>
        Assert.Equal(values, string.Join(' ', PromQlParser.ParseSeriesDescription(description).Values.Select(SeriesText.Format)));

    [Fact]
    public void Stale_is_the_stale_marker()
    {
        SeriesValue value = Assert.Single(PromQlParser.ParseSeriesDescription("m stale").Values);
        Assert.Equal(StaleMarker.Bits, BitConverter.DoubleToUInt64Bits(value.Value));
    }

    [Fact]
    public void Every_key_of_a_histogram_is_taken_over()
    {
        const string Text = "m {{schema:-53 sum:-0.3 count:3.1 z_bucket:7 z_bucket_w:0.05 custom_values:[1 2.5] buckets:[5 -10] offset:-3 "
            + "n_buckets:[4 NaN] n_offset:5 counter_reset_hint:not_reset}}";
        SeriesValue value = Assert.Single(PromQlParser.ParseSeriesDescription(Text).Values);
        FloatHistogram histogram = Assert.IsType<FloatHistogram>(value.Histogram);
        Assert.True(value.CounterResetHintSet);
        Assert.Equal(-53, histogram.Schema);
        Assert.Equal((-0.3, 3.1, 7, 0.05), (histogram.Sum, histogram.Count, histogram.ZeroCount, histogram.ZeroThreshold));
        Assert.Equal([1, 2.5], histogram.CustomValues);
        Assert.Equal([5, -10], histogram.PositiveBuckets);
        Assert.Equal([new HistogramSpan(-3, 2)], histogram.PositiveSpans);
        Assert.Equal([4, double.NaN], histogram.NegativeBuckets);
        Assert.Equal([new HistogramSpan(5, 2)], histogram.NegativeSpans);
        Assert.Equal(CounterResetHint.NotCounterReset, histogram.CounterResetHint);
    }

    [Fact]
    public void A_hint_that_was_not_given_is_not_compared() =>
        Assert.False(Assert.Single(PromQlParser.ParseSeriesDescription("m {{sum:1}}").Values).CounterResetHintSet);

    [Theory]
    [InlineData("m", "{__name__=\"m\"}")]
    [InlineData("m{}", "{__name__=\"m\"}")]
    [InlineData("{\"a.b\", c='d'} 1", "{__name__=\"a.b\", c=\"d\"}")]
    [InlineData("foo{__name__=\"bar\"}", "{__name__=\"foo\"}")]
    [InlineData("foo{a=\"\"}", "{__name__=\"foo\"}")]
    [InlineData("", "{}")]
    public void Labels(string description, string labels) =>
        Assert.Equal(labels, PromQlParser.ParseSeriesDescription(description).Labels.ToString());

    [Theory]
    [InlineData("m 1 a", "1:5: parse error: unexpected identifier \"a\" in series values, expected number or \"stale\"")]
    [InlineData("m 1x", "1:5: parse error: unexpected end of input in series values")]
    [InlineData("m 1x1.5", "1:5: parse error: invalid repetition in series values: strconv.ParseUint: parsing \"1.5\": invalid syntax")]
    [InlineData("m{a=}", "1:5: parse error: unexpected \"}\" in label set, expected string")]
    [InlineData("m{a!=\"b\"}", "1:4: parse error: unexpected <op:!=> in label set, expected \"=\"")]
    [InlineData("m {{schema:1 schema:1}}", "1:1: parse error: duplicate key \"schema\" in histogram")]
    [InlineData("m {{foo:1}}", "1:5: parse error: bad histogram descriptor found: \"foo\"")]
    [InlineData("m {{schema 1}}", "1:5: parse error: missing `:` for histogram descriptor")]
    [InlineData("m {{sum:1", "1:10: parse error: histogram description incomplete unexpected: '\uFFFD'")]
    [InlineData("m {{schema:1}}+{{schema:0}}x2", "1:29: parse error: error combining histograms: cannot merge from schema 0 to 1")]
    [InlineData("m 1x99999999", "1:5: parse error: series has more than 1000000 values")]
    public void Errors(string description, string message)
    {
        var exception = Assert.Throws<PromQlParseException>(() => PromQlParser.ParseSeriesDescription(description));
        Assert.Equal(message, exception.Message);
    }
}
