using Forethought.Model;
using Xunit;

namespace Forethought.Exposition.Tests;

public sealed class TextReaderTests
{
    // Inputs and expectations of upstream's TestPromParse and TestUTF8PromParse (model/textparse/promparse_test.go).
    [Theory]
    [InlineData("a{quantile=\"0.25\",} 7.424100000000001e-05", """{__name__="a", quantile="0.25"} 7.424100000000001E-05""")]
    [InlineData("a { quantile = \"2.0\" a = \"b\" } 8.3835e-05", """{__name__="a", a="b", quantile="2.0"} 8.3835E-05""")]
    [InlineData("some:aggregate:rate5m{a_b=\"c\"}\t1", """{__name__="some:aggregate:rate5m", a_b="c"} 1""")]
    [InlineData("go_goroutines 33  \t123123", """{__name__="go_goroutines"} 33 @123123""")]
    [InlineData("""testmetric{label="\"bar\""} 1""", """{__name__="testmetric", label="\"bar\""} 1""")]
    [InlineData("null_byte_metric{a=\"abc\0\"} 1", "{__name__=\"null_byte_metric\", a=\"abc\\x00\"} 1")]
    [InlineData("""{"go.gc_duration_seconds",quantile="0.9", a="b"} 1""", """{__name__="go.gc_duration_seconds", a="b", quantile="0.9"} 1""")]
    [InlineData("""{ "go.x", q = "1.0", a = "b" } 1""", """{__name__="go.x", a="b", q="1.0"} 1""")]
    [InlineData(
        """{"Heiz \"interesting\" {character\nchoices}","strange\n'quoted' \"name\""="6"} 10.0""",
        """{__name__="Heiz \"interesting\" {character\nchoices}", "strange\n'quoted' \"name\""="6"} 10""")]
    [InlineData("# HELP metric foo\0bar", "help metric foo\0bar")]
    [InlineData("# \tTYPE \"go.gc\" summary", "type go.gc summary")]
    [InlineData("# HELP nohelp2 ", "help nohelp2 ")]
    [InlineData("# HELP a x\\ny\\\\z\\\"", "help a x\ny\\z\\\"")]
    [InlineData("# Hrandom comment", "comment # Hrandom comment")]
    [InlineData("#", "comment #")]
    [InlineData("# TYPE a untyped", "type a unknown")]
    public void Reads_a_line_as_Prometheus_does(string line, string expected) => Assert.Equal([expected], Exposed.Read(line));

    [Fact]
    public void Normalises_bounds_and_quantiles_of_the_type_at_hand_only()
    {
        string[] expected =
        [
            "type h histogram", """{__name__="h_bucket", le="1.0"} 1""", """{__name__="h_bucket", le="1e+06"} 2""",
            """{__name__="h_bucket", le="+Inf"} 3""", """{__name__="h_bucket", le="x", quantile="1"} 4""",
            "type s summary", """{__name__="s", le="1", quantile="0.5"} 5""",
        ];
        Assert.Equal(expected, Exposed.Read(
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1000000\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_bucket{le=\"x\",quantile=\"1\"} 4\n"
            + "# TYPE s summary\ns{quantile=\"0.50\",le=\"1\"} 5\n"));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("nan")]
    public void Gives_every_NaN_the_ordinary_bits(string text)
    {
        var reader = new ExpositionReader(System.Text.Encoding.UTF8.GetBytes($"a {text}\nb {text} 5\n"), ExpositionFormat.Text);
        reader.Read();
        Assert.Equal(StaleMarker.NormalNaNBits, BitConverter.DoubleToUInt64Bits(reader.Value));
        reader.Read();
        Assert.Equal(StaleMarker.NormalNaNBits, BitConverter.DoubleToUInt64Bits(reader.Value));
        Assert.Equal(5, reader.TimestampMs);
    }

    [Fact]
    public void Takes_white_space_before_a_name_for_part_of_it_as_Prometheus_does() =>
        Assert.Equal(["""{__name__="  a"} 1"""], Exposed.Read("  a 1"));

    [Fact]
    public void Keeps_newlines_in_label_values() =>
        Assert.Equal(["""{__name__="a", b="x\ny"} 1""", """{__name__="c"} 2"""], Exposed.Read("a{b=\"x\ny\"} 1\nc 2"));

    [Fact]
    public void Ends_at_a_NUL_at_the_start_of_a_line() => Assert.Equal(["""{__name__="a"} 1"""], Exposed.Read("a 1\n\0b 2"));

    [Fact]
    public void Refuses_a_body_without_the_added_newline() =>
        Assert.Throws<ArgumentException>(() => new ExpositionReader("a 1"u8, ExpositionFormat.Text).Rest.Length);
}
