using Xunit;

namespace Forethought.Exposition.Tests;

public sealed class FormatChoiceTests
{
    [Theory]
    [InlineData("text/plain", ExpositionFormat.Text)]
    [InlineData("TEXT/PLAIN; version=0.0.4", ExpositionFormat.Text)]
    [InlineData("text/plain; version=9; charset=\"x;y\"", ExpositionFormat.Text)]
    [InlineData("text/plain;", ExpositionFormat.Text)]
    [InlineData("text/plain; a=\"b\\\"c\"; a=\"b\\\"c\" ; ", ExpositionFormat.Text)]
    [InlineData("text/plain ; version = 0.0.4", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", ExpositionFormat.OpenMetrics)]
    public void Takes_the_media_type_whatever_its_parameters(string contentType, ExpositionFormat format) =>
        Assert.Equal(new FormatChoice(format, null), FormatChoice.FromContentType(contentType, ""));

    // Texts of upstream's extractMediaType (model/textparse/interface.go) and Go's mime package.
    [Theory]
    [InlineData("", "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target")]
    [InlineData("text/html", "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target")]
    [InlineData("garbage;;;", "cannot parse Content-Type \"garbage;;;\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    [InlineData("text/plain, text/html",
        "cannot parse Content-Type \"text/plain, text/html\" and no fallback_scrape_protocol for target\nmime: unexpected content after media subtype")]
    [InlineData(";", "cannot parse Content-Type \";\" and no fallback_scrape_protocol for target\nmime: no media type")]
    [InlineData("text plain", "cannot parse Content-Type \"text plain\" and no fallback_scrape_protocol for target\nmime: expected slash after first token")]
    [InlineData("text/", "cannot parse Content-Type \"text/\" and no fallback_scrape_protocol for target\nmime: expected token after slash")]
    [InlineData("text/plain;a=1;a=2", "cannot parse Content-Type \"text/plain;a=1;a=2\" and no fallback_scrape_protocol for target\nmime: duplicate parameter name")]
    [InlineData("text/plain;a=\"x\ny\"", "cannot parse Content-Type \"text/plain;a=\\\"x\\ny\\\"\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    [InlineData("text/plain;a=\"x\" b=1", "cannot parse Content-Type \"text/plain;a=\\\"x\\\" b=1\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    [InlineData("text/plain;=x", "cannot parse Content-Type \"text/plain;=x\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    [InlineData("text/plain;a=", "cannot parse Content-Type \"text/plain;a=\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    [InlineData("text/plain;a=\"x", "cannot parse Content-Type \"text/plain;a=\\\"x\" and no fallback_scrape_protocol for target\nmime: invalid media parameter")]
    public void Fails_without_a_fallback(string contentType, string error) =>
        Assert.Equal(new FormatChoice(null, error), FormatChoice.FromContentType(contentType, ""));

    [Fact]
    public void Takes_protobuf_for_no_other_format() => Assert.Null(
        FormatChoice.FromContentType("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily", "text/plain").Format);

    [Theory]
    [InlineData("", "non-compliant scrape target sending blank Content-Type, using fallback_scrape_protocol \"text/plain\"")]
    [InlineData("a/b", "received unsupported Content-Type \"a/b\", using fallback_scrape_protocol \"text/plain\"")]
    [InlineData("a", "received unsupported Content-Type \"a\", using fallback_scrape_protocol \"text/plain\"")]
    [InlineData("a b", "could not parse received Content-Type \"a b\", using fallback_scrape_protocol \"text/plain\"\nmime: expected slash after first token")]
    public void Warns_when_it_uses_the_fallback(string contentType, string warning) =>
        Assert.Equal(new FormatChoice(ExpositionFormat.Text, warning), FormatChoice.FromContentType(contentType, "text/plain"));
}
