using Forethought.Configuration;
using Forethought.Model;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>The series that report on scrapes (upstream's scrape/scrape.go: report, and what it is given in scrapeAndReport).</summary>
public sealed class ReportTests
{
    private static readonly string[] Basic =
        ["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added"];
    private static readonly string[] Extra = ["scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes"];

    // Counts are those up to the break; a body that could be read counts although it was not understood; -1 stands for one too large.
    [Theory]
    [InlineData("/good", 1, 2, 2, 2, 40)]
    [InlineData("/gzip", 1, 2, 2, 2, 40)]
    [InlineData("/empty", 1, 0, 0, 0, 0)]
    [InlineData("/duplicates", 1, 2, 2, 1, 14)]
    [InlineData("/500", 0, 0, 0, 0, 0)]
    [InlineData("/gzipcut", 0, 0, 0, 0, 0)]
    [InlineData("/html", 0, 0, 0, 0, 40)]
    [InlineData("/untyped", 0, 0, 0, 0, 40)]
    [InlineData("/invalid", 0, 1, 1, 1, 16)]
    [InlineData("/endless", 0, 0, 0, 0, -1)]
    [InlineData("/bomb", 0, 0, 0, 0, -1)]
    public async Task Every_scrape_is_reported_on(string path, int up, int scraped, int kept, int added, int bytes)
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: path) with { ExtraScrapeMetrics = true, BodySizeLimit = 1 << 20 }, server.Address);
        await scraping.NextAsync();
        Assert.Equal(
            [up, scraped, kept, added, bytes],
            ((string[])["up", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added", "scrape_body_size_bytes"])
                .Select(scraping.Storage.Last));
        Assert.Equal((10.0, 0.0), (scraping.Storage.Last("scrape_timeout_seconds"), scraping.Storage.Last("scrape_sample_limit")));
    }

    [Fact]
    public async Task Reports_escape_relabelling_and_limits()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        ScrapeConfiguration job = Scraping.Job() with
        {
            SampleLimit = 1,
            LabelLimit = 1,
            MetricRelabelRules = [new RelabelRule { SourceLabels = ["__name__"], Pattern = "up|scrape_.*|other", Action = RelabelAction.Drop }],
        };
        await scraping.StartAsync(job, server.Address);
        await scraping.NextAsync();
        Assert.Equal(Basic.Order(StringComparer.Ordinal), Names(scraping));
        Assert.Equal($"label_limit exceeded (metric: good, number of labels: 3, limit: 1)", Assert.Single(scraping.Manager.ActiveTargets).LastError);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Extra_series_are_there_only_when_asked_for(bool withExtras)
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/empty") with { ExtraScrapeMetrics = withExtras }, server.Address);
        await scraping.NextAsync();
        string[] expected = withExtras ? [.. Basic, .. Extra] : Basic;
        Assert.Equal(expected.Order(StringComparer.Ordinal), Names(scraping));
    }

    [Fact]
    public async Task A_sample_limit_that_is_hit_reports_everything_that_was_exposed()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job() with { SampleLimit = 1, ExtraScrapeMetrics = true }, server.Address);
        await scraping.NextAsync();
        Assert.Equal((0.0, 2.0, 2.0, 1.0), (
            scraping.Storage.Last("up"), scraping.Storage.Last("scrape_samples_scraped"),
            scraping.Storage.Last("scrape_samples_post_metric_relabeling"), scraping.Storage.Last("scrape_series_added")));
        Assert.Equal((1.0, 40.0), (scraping.Storage.Last("scrape_sample_limit"), scraping.Storage.Last("scrape_body_size_bytes")));
        Assert.Empty(scraping.Storage.Lines());
        Assert.Equal("sample limit exceeded", Assert.Single(scraping.Manager.ActiveTargets).LastError);
    }

    [Fact]
    public async Task A_target_that_fails_has_no_samples_but_reports_and_stale_markers()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/changing"), server.Address);
        await scraping.NextAsync();
        server.Exposition = "good 2\n!\n";
        await scraping.NextAsync();
        await scraping.NextAsync();
        server.Exposition = "good 3\n";
        await scraping.NextAsync();
        Assert.Equal([1.0, 0, 0, 1], scraping.Storage.Samples("up").Select(sample => sample.Value));
        // "good" is read before the break each time, so it keeps its place; "other" does not.
        Assert.Equal([1.0, 3], scraping.Storage.Samples("good").Select(sample => sample.Value));
        Assert.Equal([false, true], scraping.Storage.Samples("other").Select(sample => StaleMarker.IsStale(sample.Value)));
        Assert.Equal(scraping.Storage.Samples("up")[1].TimeMs, scraping.Storage.Samples("other")[1].TimeMs);
    }

    [Fact]
    public async Task Reports_carry_the_target_s_labels_only()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/empty"), $"__address__={server.Address},__secret__=x,zone=a,__meta_y=z");
        await scraping.NextAsync();
        Assert.Equal(
            Basic.Order(StringComparer.Ordinal).Select(name => $"{{__name__=\"{name}\", instance=\"{server.Address}\", job=\"job\", zone=\"a\"}}"),
            scraping.Storage.Lines(withReports: true).Select(line => line[..(line.IndexOf('}', StringComparison.Ordinal) + 1)]));
    }

    private static IEnumerable<string> Names(Scraping scraping) => scraping.Storage.Lines(withReports: true)
        .Select(line => line.Split('"')[1]).Distinct().Order(StringComparer.Ordinal);
}
