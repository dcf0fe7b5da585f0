namespace Forethought.Client.Tests;

/// <summary>
/// Expected values: what Prometheus 3.5.3 answers on <c>/metrics</c> (text only), and the tables of the reference's negotiation
/// tests (OpenMetrics offered; the escaping there defaults to <c>values</c>, here to <c>underscores</c>).
/// </summary>
public sealed class ExpositionNegotiationTests
{
    private const string ServersAccept =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    [Theory]
    [InlineData(null, "underscores")]
    [InlineData("", "underscores")]
    [InlineData("*/*", "underscores")]
    [InlineData(ServersAccept, "allow-utf-8")]
    [InlineData("application/openmetrics-text", "underscores")]
    [InlineData("application/openmetrics-text;version=2.0.0", "underscores")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8", "allow-utf-8")]
    [InlineData("text/html", "underscores")]
    [InlineData("text/plain;escaping=values", "values")]
    [InlineData("text/plain;escaping=nonsense", "underscores")]
    [InlineData("text/plain;version=0.0.4; escaping=values;", "values")]
    [InlineData("text/plain; escaping=dots", "dots")]
    [InlineData("text/*", "underscores")]
    [InlineData("application/*", "underscores")]
    public void Answers_in_text_where_nothing_else_is_offered(string? accept, string escaping) =>
        Assert.Equal(
            $"text/plain; version=0.0.4; charset=utf-8; escaping={escaping}",
            ExpositionNegotiation.Negotiate(accept).ContentType);

    [Theory]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=0.0.1; escaping=values", "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=values")]
    [InlineData("application/openmetrics-text;version=1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=2.0.0", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=1.0.0; escaping=values;", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=values")]
    [InlineData("application/openmetrics-text;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("text/plain;version=0.0.4; escaping=allow-utf-8", "text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8")]
    [InlineData(ServersAccept, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8")]
    [InlineData("*/*", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("application/unknown", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    public void Answers_in_OpenMetrics_on_request_where_offered(string accept, string contentType) =>
        Assert.Equal(contentType, ExpositionNegotiation.Negotiate(accept, offerOpenMetrics: true).ContentType);

    [Theory]
    [InlineData("text/plain;q=0.5, application/openmetrics-text;version=1.0.0;q=0.8", ExpositionKind.OpenMetrics)]
    [InlineData("text/plain;q=0.9, application/openmetrics-text;version=1.0.0;q=0.8", ExpositionKind.Text)]
    [InlineData("*/*, text/plain", ExpositionKind.Text)]
    [InlineData("*, text/*;version=0.0.4", ExpositionKind.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=nonsense, text/plain;q=0.1", ExpositionKind.Text)]
    [InlineData("text/plain , application/openmetrics-text ; version = 1.0.0", ExpositionKind.Text)]
    public void Prefers_higher_quality_then_the_more_specific_then_the_first(string accept, ExpositionKind kind) =>
        Assert.Equal(kind, ExpositionNegotiation.Negotiate(accept, offerOpenMetrics: true).Kind);

    [Theory]
    [InlineData(",,;;=/,/;q")]
    [InlineData("/")]
    [InlineData("a/b/c;version=1.0.0, text")]
    [InlineData("text/plain;version;q;=;escaping=")]
    public void Falls_back_to_text_for_headers_that_make_no_sense(string accept) =>
        Assert.Equal(
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
            ExpositionNegotiation.Negotiate(accept, offerOpenMetrics: true).ContentType);

    // The first five: what Prometheus 3.5.3 does; the others: the table of the reference's test for content encodings.
    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("zstd", false)]
    [InlineData("identity;q=0", false)]
    [InlineData("br, gzip;q=0.5, *;q=0.1", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*;q=0", false)]
    [InlineData("*", false)]
    [InlineData("gzip;q=1.0, identity; q=0.5, *;q=0", true)]
    [InlineData("identity, gzip", false)]
    [InlineData("gzip;q=0.5, *;q=0.8", false)]
    [InlineData("gzip, deflate, br", true)]
    public void Compresses_where_gzip_is_preferred(string? acceptEncoding, bool gzip) =>
        Assert.Equal(gzip, AcceptEncoding.PrefersGzip(acceptEncoding));
}
