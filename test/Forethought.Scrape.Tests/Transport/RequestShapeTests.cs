using Forethought.Configuration;
using Forethought.Http;
using Forethought.Scrape.Transport;
using Xunit;

namespace Forethought.Scrape.Tests;

// Upstream's acceptHeader and acceptEncodingHeader (scrape/scrape.go): weights fall from 0.6 in the order of scrape_protocols.
public sealed class RequestShapeTests
{
    [Theory]
    [InlineData("PrometheusText0.0.4", "text/plain;version=0.0.4;q=0.6,*/*;q=0.5")]
    [InlineData("PrometheusText1.0.0,PrometheusText0.0.4",
        "text/plain;version=1.0.0;escaping=underscores;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4")]
    [InlineData("OpenMetricsText0.0.1,OpenMetricsText1.0.0",
        "application/openmetrics-text;version=0.0.1;q=0.6,application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,*/*;q=0.4")]
    [InlineData("PrometheusProto,OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1;q=0.6,*/*;q=0.5")]
    public void Accepts_what_is_configured_and_can_be_read(string protocols, string accept)
    {
        var job = new ScrapeConfiguration { Protocols = [.. protocols.Split(',')], MetricNameEscaping = "underscores" };
        Assert.Equal(accept, new RequestShape(job).Accept);
    }

    [Theory]
    [InlineData(true, "gzip")]
    [InlineData(false, "identity")]
    public void Asks_for_compression_as_configured(bool enabled, string encoding) =>
        Assert.Equal(encoding, new RequestShape(new ScrapeConfiguration { EnableCompression = enabled }).AcceptEncoding);

    [Theory]
    [InlineData(0, BodyBuffer.MaxBytes)]
    [InlineData(1, 1)]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData(1L << 40, BodyBuffer.MaxBytes)]
    public void No_body_is_larger_than_a_gibibyte(long configured, int limit) =>
        Assert.Equal(limit, new RequestShape(new ScrapeConfiguration { BodySizeLimit = configured }).BodySizeLimit);

    // Upstream's readResponse: n >= limit fails, in uncompressed bytes.
    [Theory]
    [InlineData("/sized", 99, true)]
    [InlineData("/sized", 100, false)]
    [InlineData("/sized", 101, false)]
    [InlineData("/sizedgzip", 99, true)]
    [InlineData("/sizedgzip", 100, false)]
    [InlineData("/sizedgzip", 5000, false)]
    public async Task A_body_must_stay_below_the_limit(string path, int bytes, bool isUp)
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        ScrapeConfiguration job = Scraping.Job(path: path) with
        {
            BodySizeLimit = 100,
            ExtraScrapeMetrics = true,
            Parameters = new ValueMap<ValueList<string>>([new("n", [bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)])]),
        };
        await scraping.StartAsync(job, server.Address);
        await scraping.NextAsync();
        Assert.Equal(isUp ? "" : "body size limit exceeded", Assert.Single(scraping.Manager.ActiveTargets).LastError);
        Assert.Equal((isUp ? 1.0 : 0, isUp ? bytes : -1), (scraping.Storage.Last("up"), scraping.Storage.Last("scrape_body_size_bytes")));
        Assert.Equal(isUp ? 0 : 1, scraping.Metric("prometheus_target_scrapes_exceeded_body_size_limit_total"));
    }
}
