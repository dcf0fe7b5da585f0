using Xunit;

namespace Forethought.Exposition.Tests;

public sealed class OpenMetricsReaderTests
{
    // Inputs and expectations of upstream's TestOpenMetricsParse (model/textparse/openmetricsparse_test.go).
    [Theory]
    [InlineData("# HELP nohelp1 ", "help nohelp1 ")]
    [InlineData("# HELP help2 escape \\ \\n \\\\ \\\" \\x chars", "help help2 escape \\ \n \\ \" \\x chars")]
    [InlineData("# UNIT go_gc_duration_seconds seconds", "unit go_gc_duration_seconds seconds")]
    [InlineData("# TYPE ii info", "type ii info")]
    [InlineData("# TYPE ss stateset", "type ss stateset")]
    [InlineData("# TYPE gh gaugehistogram", "type gh gaugehistogram")]
    [InlineData("hh_bucket{le=\"+Inf\"} 1", """{__name__="hh_bucket", le="+Inf"} 1""")]
    [InlineData("foo_total 17.0 1520879607.789 # {id=\"counter-test\"} 5", """{__name__="foo_total"} 17 @1520879607789 # {id="counter-test"} 5""")]
    [InlineData("foo_total 17.0 1520879607.789 # {id=\"counter-test\"} 5 1520879608.25",
        """{__name__="foo_total"} 17 @1520879607789 # {id="counter-test"} 5 @1520879608250""")]
    [InlineData("foo_total{a=\"b\"} 17 # {} 5", """{__name__="foo_total", a="b"} 17 # {} 5""")]
    [InlineData("foo_total 1 # {\"k.1\"=\"v\",b=\"c\",} 2", """{__name__="foo_total"} 1 # {b="c", "k.1"="v"} 2""")]
    [InlineData("metric -1 -1.5", """{__name__="metric"} -1 @-1500""")]
    [InlineData("metric 1 1e300", """{__name__="metric"} 1 @-9223372036854775808""")]
    [InlineData("{\"http.status\",\"q.l\"=\"x\"} 5", """{__name__="http.status", "q.l"="x"} 5""")]
    public void Reads_a_line_as_Prometheus_does(string line, string expected) =>
        Assert.Equal([expected], Exposed.Read(line + "\n# EOF\n", ExpositionFormat.OpenMetrics));

    [Fact]
    public void Undoes_no_escapes_in_exemplars() => Assert.Equal(
        ["""{__name__="a_total"} 1 # {b="x\\n"} 1"""], Exposed.Read("a_total 1 # {b=\"x\\n\"} 1\n# EOF", ExpositionFormat.OpenMetrics));

    [Fact]
    public void Exemplar_does_not_stick_to_the_next_sample() => Assert.Equal(
        ["""{__name__="a_total"} 1 # {b="c"} 1 @2000""", """{__name__="b_total"} 2"""],
        Exposed.Read("a_total 1 # {b=\"c\"} 1 2\nb_total 2\n# EOF", ExpositionFormat.OpenMetrics));

    [Theory]
    [InlineData("# TYPE a gaugehistogramm\n# EOF\n", "invalid metric type \"gaugehistogramm\"")]
    [InlineData("# UNIT a_seconds second\n# EOF\n", "unit \"second\" not a suffix of metric \"a_seconds\"")]
    [InlineData("a_total 1 # {a} 1\n# EOF\n", "expected equal, got \"} \" (\"BCLOSE\") while parsing: \"a_total 1 # {a} \"")]
    public void Refuses_with_the_words_of_Prometheus(string body, string error) =>
        Assert.Equal(error, Assert.Throws<ExpositionException>(() => Exposed.Read(body, ExpositionFormat.OpenMetrics)).Message);
}
