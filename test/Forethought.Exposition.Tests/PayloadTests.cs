using Forethought.Testing;

namespace Forethought.Exposition.Tests;

/// <summary>Small whole expositions, what they mean by the formats' specifications, and reading them again with everything known.</summary>
public sealed class PayloadTests
{
    private const string Text =
        """
        # HELP http_requests_total Requests by code,\nwith a \\ and a "quote".
        # TYPE http_requests_total counter
        http_requests_total{code="200",method="get"} 1027 1395066363000
        http_requests_total{method="post",code="400"}    3

        # A comment
        #
        # TYPE temperature gauge
        temperature{room="ki\tchen \"a\"",} -4.5e-1
        temperature{} +Inf
        temperature -inf
        # TYPE lat summary
        lat{quantile="0.50"} 0.1
        lat{quantile="1"} NaN
        lat_sum 1.7560473e+07
        lat_count 2693
        # TYPE size histogram
        size_bucket{le="100"} 5
        size_bucket{le="+Inf"} 6
        size_sum 600
        size_count 6
        # TYPE up untyped
        up 1
        """;

    private const string OpenMetrics =
        """
        # TYPE http_requests counter
        # UNIT http_requests_seconds seconds
        # HELP http_requests Requests.\nSecond \"line\" and \\.
        http_requests_total{code="200"} 17.0 1520879607.789 # {trace="a b",span="1"} 0.67 1520879606.5
        http_requests_created{code="200"} 1520872607.123
        # TYPE size histogram
        size_bucket{le="1"} 0 # {} 1
        size_bucket{le="+Inf"} 2
        # TYPE state stateset
        state{state="on"} 1
        # TYPE build info
        build_info{version="1.0"} 1
        # TYPE g gaugehistogram
        g_bucket{le="1"} 3
        # TYPE x unknown
        x 1e6
        {"dotted.name","l.1"="v"} 2
        # EOF
        """;

    [Fact]
    public void Reads_a_text_exposition_whole() => Assert.Equal(
        [
            "help http_requests_total Requests by code,\nwith a \\ and a \"quote\".", "type http_requests_total counter",
            """{__name__="http_requests_total", code="200", method="get"} 1027 @1395066363000""",
            """{__name__="http_requests_total", code="400", method="post"} 3""",
            "comment # A comment", "comment #", "type temperature gauge",
            """{__name__="temperature", room="ki\\tchen \"a\""} -0.45""", """{__name__="temperature"} Infinity""", """{__name__="temperature"} -Infinity""",
            "type lat summary", """{__name__="lat", quantile="0.5"} 0.1""", """{__name__="lat", quantile="1.0"} NaN""",
            """{__name__="lat_sum"} 17560473""", """{__name__="lat_count"} 2693""",
            "type size histogram", """{__name__="size_bucket", le="100.0"} 5""", """{__name__="size_bucket", le="+Inf"} 6""",
            """{__name__="size_sum"} 600""", """{__name__="size_count"} 6""",
            "type up unknown", """{__name__="up"} 1""",
        ],
        Exposed.Read(Text));

    [Fact]
    public void Reads_an_openmetrics_exposition_whole() => Assert.Equal(
        [
            "type http_requests counter", "unit http_requests_seconds seconds", "help http_requests Requests.\nSecond \"line\" and \\.",
            """{__name__="http_requests_total", code="200"} 17 @1520879607789 # {span="1", trace="a b"} 0.67 @1520879606500""",
            """{__name__="http_requests_created", code="200"} 1520872607.123""",
            "type size histogram", """{__name__="size_bucket", le="1.0"} 0 # {} 1""", """{__name__="size_bucket", le="+Inf"} 2""",
            "type state stateset", """{__name__="state", state="on"} 1""", "type build info", """{__name__="build_info", version="1.0"} 1""",
            "type g gaugehistogram", """{__name__="g_bucket", le="1"} 3""", "type x unknown", """{__name__="x"} 1000000""",
            """{__name__="dotted.name", "l.1"="v"} 2""",
        ],
        Exposed.Read(OpenMetrics, ExpositionFormat.OpenMetrics));

    // A negative timestamp is no token of the text format, and is one of OpenMetrics.
    [Fact]
    public void Knows_negative_times_in_openmetrics_only()
    {
        Assert.Equal(
            "expected timestamp or new record, got \"-\" (\"INVALID\") while parsing: \"up 1 -\"",
            Assert.Throws<ExpositionException>(() => Exposed.Read("up 1 -1")).Message);
        Assert.Equal(["""{__name__="up"} 1 @-1000"""], Exposed.Read("up 1 -1\n# EOF", ExpositionFormat.OpenMetrics));
    }

    [Theory]
    [InlineData("a 1 9223372036854775807", "")]
    [InlineData("a 1 9223372036854775808", "strconv.ParseInt: parsing \"9223372036854775808\": value out of range while parsing: \"a 1 9223372036854775808\"")]
    [InlineData("a 1e309", "strconv.ParseFloat: parsing \"1e309\": value out of range while parsing: \"a 1e309\"")]
    [InlineData("a 1e-400", "")]
    [InlineData("a 0x1", "strconv.ParseFloat: parsing \"0x1\": invalid syntax while parsing: \"a 0x1\"")]
    [InlineData("a infinity", "")]
    [InlineData("a +nan", "strconv.ParseFloat: parsing \"+nan\": invalid syntax while parsing: \"a +nan\"")]
    [InlineData("a .", "strconv.ParseFloat: parsing \".\": invalid syntax while parsing: \"a .\"")]
    [InlineData("a 1.e1", "")]
    public void Takes_the_numbers_that_go_takes(string line, string error)
    {
        if (error.Length == 0)
            Assert.Single(Exposed.Read(line));
        else
            Assert.Equal(error, Assert.Throws<ExpositionException>(() => Exposed.Read(line)).Message);
    }

    [Theory]
    [InlineData(ExpositionFormat.Text)]
    [InlineData(ExpositionFormat.OpenMetrics)]
    public void Reads_with_known_series_what_it_reads_without(ExpositionFormat format)
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(format == ExpositionFormat.Text ? Text : OpenMetrics);
        byte[][] known = KnownSeries(Exposed.Body(whole, format), format);
        Assert.True(known.Length > 6);
        Assert.Equal(Plain(Exposed.Body(whole, format), format), WithKnown(Exposed.Body(whole, format), format, known));
        byte[] spice = "\0\n\t {}\",=#\\x0e+1"u8.ToArray();
        var random = Fuzz.Random(20261121);
        for (int round = 0; round < Fuzz.Rounds(10_000); round++)
        {
            byte[] mutated = (byte[])whole.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
                mutated[random.Next(mutated.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : spice[random.Next(spice.Length)];
            byte[] body = Exposed.Body(mutated.AsSpan(0, random.Next(2) == 0 ? mutated.Length : random.Next(mutated.Length)), format);
            Assert.Equal(Plain(body, format), WithKnown(body, format, known));
        }
    }

    private static byte[][] KnownSeries(byte[] body, ExpositionFormat format)
    {
        var known = new List<byte[]>();
        var reader = new ExpositionReader(body, format);
        while (reader.Read() is var entry && entry != ExpositionEntry.End)
        {
            if (entry == ExpositionEntry.Series)
                known.Add(reader.SeriesText.ToArray());
        }

        return [.. known.OrderByDescending(static series => series.Length)];
    }

    private static List<string> Plain(byte[] body, ExpositionFormat format) => WithKnown(body, format, []);

    // As a scrape reads: what is known is compared first, all else is read. The error, if any, is the last line.
    private static List<string> WithKnown(byte[] body, ExpositionFormat format, byte[][] known)
    {
        var lines = new List<string>();
        var reader = new ExpositionReader(body, format);
        try
        {
            while (true)
            {
                ExpositionEntry entry = ExpositionEntry.Series;
                if (!TryKnown(ref reader, known))
                    entry = reader.Read();
                if (entry == ExpositionEntry.End)
                    return lines;
                lines.Add(Exposed.Describe(ref reader, entry));
            }
        }
        catch (ExpositionException e)
        {
            lines.Add(e.Message);
            return lines;
        }
    }

    private static bool TryKnown(ref ExpositionReader reader, byte[][] known)
    {
        reader.SkipBlankLines();
        foreach (byte[] series in known)
        {
            if (reader.Rest.StartsWith(series) && reader.TryReadKnownSeries(series.Length))
                return true;
        }

        return false;
    }
}
