using Xunit;

namespace Forethought.Exposition.Tests;

public sealed class KnownSeriesTests
{
    [Theory]
    [InlineData("a 1\n", "a")]
    [InlineData("a\t-2.5 \n", "a")]
    [InlineData("a{b=\"c\"}1 5\n", "a{b=\"c\"}")]
    [InlineData("a{b=\"x\ny\"}   NaN\n", "a{b=\"x\ny\"}")]
    [InlineData(" {\"q\"} 0x1\n", " {\"q\"}")]
    public void Reads_value_and_timestamp_of_a_known_series(string line, string series)
    {
        string expected = Outcome(line, null);
        Assert.Equal(expected, Outcome(line, series.Length));
    }

    [Theory]
    [InlineData("ab 1\n", 1)]
    [InlineData("a{b=\"c\"} 1\n", 1)]
    [InlineData("a {b=\"c\"} 1\n", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a \n", 1)]
    [InlineData("a\n", 2)]
    [InlineData("a\n", 100)]
    public void Leaves_a_line_alone_whose_series_may_be_another(string line, int length)
    {
        var reader = new ExpositionReader(System.Text.Encoding.UTF8.GetBytes(line), ExpositionFormat.Text);
        Assert.False(reader.TryReadKnownSeries(length));
        Assert.Equal(line.Length, reader.Rest.Length);
    }

    [Fact]
    public void Reads_exemplars_behind_a_known_series()
    {
        byte[] body = "a_total 1 2 # {x=\"y\"} 3 4\na_total 5\n# EOF"u8.ToArray();
        var reader = new ExpositionReader(body, ExpositionFormat.OpenMetrics);
        Assert.True(reader.TryReadKnownSeries(7));
        Assert.Equal((2000, 3.0, 4000), (reader.TimestampMs, reader.ExemplarValue, reader.ExemplarTimestampMs));
        Assert.True(reader.TryReadKnownSeries(7));
        Assert.False(reader.HasExemplar);
        Assert.Equal(ExpositionEntry.End, reader.Read());
    }

    [Fact]
    public void Skipping_a_known_line_takes_its_type_over()
    {
        byte[] body = "# TYPE h histogram\n\nh_bucket{le=\"1\"} 1\n"u8.ToArray();
        var reader = new ExpositionReader(body, ExpositionFormat.Text);
        reader.SkipKnownLine(19, MetricType.Histogram);
        reader.SkipBlankLines();
        Assert.Equal("h_bucket{le=\"1\"} 1\n"u8, reader.Rest);
        reader.Read();
        Assert.Equal("""{__name__="h_bucket", le="1.0"} 1""", Exposed.Describe(ref reader, ExpositionEntry.Series));
    }

    private static string Outcome(string line, int? known)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(line);
        var reader = new ExpositionReader(body, ExpositionFormat.Text);
        try
        {
            if (known is null)
                reader.Read();
            else
                Assert.True(reader.TryReadKnownSeries(known.Value));
            return Exposed.Describe(ref reader, ExpositionEntry.Series) + reader.Rest.Length;
        }
        catch (ExpositionException e)
        {
            return e.Message;
        }
    }
}
