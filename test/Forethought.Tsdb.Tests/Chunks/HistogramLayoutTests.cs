using Forethought.Encoding;
using Forethought.Model;
using Forethought.Tsdb.Chunks;
using Xunit;

namespace Forethought.Tsdb.Tests.Chunks;

public sealed class HistogramLayoutTests
{
    [Theory]
    // One byte for 0 and for powers of two from 2^-243 to 2^10: byte b is 0.5·2^(b−243).
    [InlineData(0.0, "00")]
    [InlineData(2.938735877055719E-39, "74")] // 2^-128, the usual one, is byte 116
    [InlineData(1024.0, "FE")]
    [InlineData(1.0, "F4")]
    [InlineData(2048.0, "FF40A0000000000000")]
    [InlineData(0.001, "FF3F50624DD2F1A9FC")]
    [InlineData(-1.0, "FFBFF0000000000000")]
    [InlineData(double.PositiveInfinity, "FF7FF0000000000000")]
    [InlineData(5E-324, "FF0000000000000001")]
    public void Zero_thresholds_take_one_byte_where_they_can(double threshold, string start)
    {
        byte[] bytes = Write(new Histogram { ZeroThreshold = threshold });
        Assert.StartsWith(start, Convert.ToHexString(bytes), StringComparison.Ordinal);
        Assert.Equal(threshold, Read(bytes).ZeroThreshold);
    }

    [Fact]
    public void Every_short_zero_threshold_comes_out_as_it_went_in()
    {
        for (int exponent = -250; exponent <= 20; exponent++)
        {
            double threshold = Math.ScaleB(1, exponent);
            byte[] bytes = Write(new Histogram { ZeroThreshold = threshold });
            Assert.Equal(exponent is >= -243 and <= 10, bytes[0] != 255);
            Assert.Equal(threshold, Read(bytes).ZeroThreshold);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.001)]
    [InlineData(0.0005)]
    [InlineData(33554.430)]
    [InlineData(33554.431)]
    [InlineData(-1.0)]
    [InlineData(1.0 / 3)]
    [InlineData(double.PositiveInfinity)]
    public void Custom_bounds_come_out_as_they_went_in(double bound)
    {
        HistogramSample read = Read(Write(new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [bound, 7.5] }));
        Assert.Equal([bound, 7.5], read.CustomValues.ToArray());
    }

    [Fact]
    public void A_bound_in_thousandths_takes_few_bits_and_another_65()
    {
        int Length(double bound) => WriteBits(new Histogram { Schema = HistogramSchema.CustomBuckets, CustomValues = [bound] });
        int none = WriteBits(new Histogram { Schema = HistogramSchema.CustomBuckets });
        // The count of bounds grows from one bit to a prefix of two and three bits.
        Assert.Equal(4 + 5, Length(0.001) - none);
        Assert.Equal(4 + 7 + 25, Length(33554.430) - none);
        Assert.Equal(4 + 65, Length(33554.431) - none);
    }

    [Fact]
    public void Layouts_come_out_as_they_went_in()
    {
        var random = new Random(9);
        for (int round = 0; round < 500; round++)
        {
            var histogram = new Histogram
            {
                Schema = random.Next(-4, 9),
                ZeroThreshold = random.NextDouble(),
                PositiveSpans = Spans(random),
                NegativeSpans = Spans(random),
            };
            histogram.PositiveBuckets = new long[histogram.PositiveSpans.Sum(span => span.Length)];
            histogram.NegativeBuckets = new long[histogram.NegativeSpans.Sum(span => span.Length)];
            HistogramSample read = Read([.. Write(histogram), .. new byte[100]]);
            Assert.Equal((histogram.Schema, histogram.ZeroThreshold), (read.Schema, read.ZeroThreshold));
            Assert.Equal(histogram.PositiveSpans, read.Positive.Spans.ToArray());
            Assert.Equal(histogram.NegativeSpans, read.Negative.Spans.ToArray());
        }
    }

    [Theory]
    // Zero threshold 0, then schema 9 (a prefix of four bits and 1001 of twelve) … what the bits say is more than they hold.
    [InlineData("")]
    [InlineData("FF00")]
    [InlineData("00FF")]
    [InlineData("007F8000000000FFFF")]
    public void Bits_that_end_early_or_promise_too_much_are_told(string hex) =>
        Assert.Throws<InvalidDataException>(() => Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_schema_that_is_not_known_is_told_in_upstream_s_words()
    {
        byte[] bytes = Write(new Histogram { Schema = 53 });
        var e = Assert.Throws<InvalidDataException>(() => Read([.. bytes, 0, 0]));
        Assert.Equal(
            "histogram has an unknown schema, which must be between -9 and 52 for exponential buckets, or -53 for custom buckets, "
            + "got schema 53",
            e.Message);
    }

    private static HistogramSpan[] Spans(Random random) =>
        [.. Enumerable.Range(0, random.Next(6)).Select(i => new HistogramSpan(random.Next(i == 0 ? -900 : 0, 900), (uint)random.Next(70)))];

    private static int WriteBits(Histogram histogram)
    {
        var sample = new HistogramSample();
        sample.Load(histogram);
        var writer = new BitWriter(new byte[4096]);
        HistogramLayout.Write(ref writer, sample);
        return writer.BitLength;
    }

    private static byte[] Write(Histogram histogram)
    {
        var sample = new HistogramSample();
        sample.Load(histogram);
        byte[] bytes = new byte[4096];
        var writer = new BitWriter(bytes);
        HistogramLayout.Write(ref writer, sample);
        return bytes[..writer.Flush()];
    }

    private static HistogramSample Read(byte[] bytes)
    {
        var sample = new HistogramSample();
        var reader = new BitReader(bytes);
        HistogramLayout.Read(ref reader, sample);
        return sample;
    }
}
