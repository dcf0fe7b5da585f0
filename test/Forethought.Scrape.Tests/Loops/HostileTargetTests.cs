using Forethought.Configuration;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class HostileTargetTests
{
    // The errors are upstream's, those of Go's HTTP client and of its gzip reader among them.
    [Theory]
    [InlineData("/500", "server returned HTTP status 500 Internal Server Error")]
    [InlineData("/missing", "server returned HTTP status 404 Not Found")]
    [InlineData("/html", "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target")]
    [InlineData("/untyped", "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target")]
    [InlineData("/invalid", "expected label value, got \"\\\"b\\n\" (\"INVALID\") while parsing: \"half{a=\\\"b\\n\"")]
    [InlineData("/utf8", "invalid UTF-8 label value: \"\\\"\\xff\\xbf\\\"\"")]
    [InlineData("/cut", "unexpected EOF")]
    [InlineData("/gzipcut", "unexpected EOF")]
    [InlineData("/gzipheader", "unexpected EOF")]
    [InlineData("/gzipdamaged", "flate: corrupt input")]
    [InlineData("/gzipchecksum", "gzip: invalid checksum")]
    [InlineData("/notgzip", "gzip: invalid header")]
    [InlineData("/endless", "body size limit exceeded")]
    [InlineData("/bomb", "body size limit exceeded")]
    [InlineData("/longline", "body size limit exceeded")]
    [InlineData("/circle", "Get \"http://{0}/circle\": stopped after 10 redirects")]
    public async Task A_bad_target_is_down_and_the_others_go_on(string path, string error)
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        ScrapeConfiguration job = Scraping.Job() with { BodySizeLimit = 1 << 20 };
        await scraping.StartAsync(job, $"__address__={server.Address},__metrics_path__={path},t=bad", $"__address__={server.Address},t=good");
        await scraping.NextAsync(2);
        await scraping.NextAsync(2);
        TargetState bad = scraping.Manager.ActiveTargets.Single(target => target.Labels["t"] == "bad");
        Assert.Equal(("down", error.Replace("{0}", server.Address, StringComparison.Ordinal)), (bad.Health, bad.LastError));
        Assert.Equal(["up", "down"], scraping.Manager.ActiveTargets.OrderByDescending(target => target.Labels["t"]).Select(target => target.Health));
        Assert.Equal([0.0, 0, 1, 1], scraping.Storage.Samples("up").Select(sample => sample.Value).Order());
        Assert.Equal(2, scraping.Storage.Samples("good").Count);
    }

    [Theory]
    [InlineData("/good")]
    [InlineData("/gzip")]
    [InlineData("/redirect")]
    public async Task A_good_target_is_up(string path)
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: path), server.Address);
        await scraping.NextAsync();
        Assert.Equal((1.0, 1.0, 2.0), (scraping.Storage.Last("up"), scraping.Storage.Last("good"), scraping.Storage.Last("other")));
    }

    [Fact]
    public async Task An_empty_body_is_a_scrape_without_samples()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/empty"), server.Address);
        await scraping.NextAsync();
        Assert.Equal((1.0, 0.0), (scraping.Storage.Last("up"), scraping.Storage.Last("scrape_samples_scraped")));
    }

    [Fact]
    public async Task A_line_of_100_MB_fails_its_scrape_only()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/longline"), server.Address);
        await scraping.NextAsync();
        TargetState target = Assert.Single(scraping.Manager.ActiveTargets);
        // The line is well-formed, but 16 MiB is the most that the encoding of labels can carry.
        Assert.Equal("label name or value too long (length: 104857600, limit: 16777215)", target.LastError);
    }

    [Fact]
    public async Task A_hanging_target_times_out()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/hang") with { ScrapeTimeout = TimeSpan.FromSeconds(5) }, server.Address);
        scraping.Clock.Advance(TimeSpan.FromSeconds(10));
        await server.Hung.Task.WaitAsync(TimeSpan.FromSeconds(20));
        scraping.Clock.Advance(TimeSpan.FromSeconds(5));
        await scraping.Storage.WaitForCommits(1);
        TargetState target = Assert.Single(scraping.Manager.ActiveTargets);
        Assert.Equal($"Get \"http://{server.Address}/hang\": context deadline exceeded", target.LastError);
        Assert.Equal((0.0, 5.0), (scraping.Storage.Last("up"), scraping.Storage.Last("scrape_duration_seconds")));
    }

    [Fact]
    public async Task A_closed_port_is_reported_as_Go_does()
    {
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), "127.0.0.1:1");
        await scraping.NextAsync();
        Assert.Equal("Get \"http://127.0.0.1:1/good\": dial tcp 127.0.0.1:1: connect: connection refused", Assert.Single(scraping.Manager.ActiveTargets).LastError);
    }

    [Fact]
    public async Task Requests_say_what_can_be_read_and_how_long_they_wait()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job() with { ScrapeTimeout = TimeSpan.FromMilliseconds(1500) }, server.Address);
        await scraping.NextAsync();
        var headers = server.Requests["/good"];
        // Upstream's TestTargetScraperScrapeOK.
        Assert.Equal(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            headers["Accept"]);
        Assert.Equal(("gzip", "1.5", "Prometheus/3.14.0"),
            (headers["Accept-Encoding"], headers["X-Prometheus-Scrape-Timeout-Seconds"], headers["User-Agent"]));
    }

    [Fact]
    public async Task A_fallback_protocol_reads_what_has_no_content_type()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/untyped") with { FallbackProtocol = "PrometheusText0.0.4" }, server.Address);
        await scraping.NextAsync();
        Assert.Equal(1, scraping.Storage.Last("up"));
    }

    [Fact]
    public async Task Duplicates_are_counted_and_warned_of_once_a_scrape()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/duplicates"), server.Address);
        await scraping.NextAsync();
        Assert.Equal(1, scraping.Storage.Last("up"));
        ScrapeNotice warning = Assert.Single(scraping.Notices, notice => notice.Level == ScrapeNoticeLevel.Warning);
        Assert.Equal(("Error on ingesting samples with different value but same timestamp", 1), (warning.Message, warning.DroppedSamples));
        Assert.Equal(1, scraping.Metric("prometheus_target_scrapes_sample_duplicate_timestamp_total"));
    }
}
