using System.Text.Json;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>Each server scrapes the other's own metrics in every text format.</summary>
public sealed class ScrapeTests
{
    [Theory]
    [InlineData("OpenMetricsText1.0.0")]
    [InlineData("OpenMetricsText0.0.1")]
    [InlineData("PrometheusText1.0.0")]
    [InlineData("PrometheusText0.0.4")]
    public async Task Each_server_scrapes_the_other(string protocol)
    {
        string prometheus = Reference.Prometheus;
        using var reference = new ServerHome(binary: prometheus);
        using var forethought = new ServerHome();
        reference.Configure(Scraping(forethought, protocol));
        forethought.Configure(Scraping(reference, protocol));
        await using ServerProcess theirs = await reference.Start();
        await using ServerProcess ours = await forethought.Start();
        await SeesTheOther(theirs);
        await SeesTheOther(ours);
    }

    private static async Task SeesTheOther(ServerProcess server)
    {
        await Eventually.Passes(async () => Assert.True(await server.Api.Value("sum_over_time(up[1m])") >= 2));
        JsonElement target = (await server.Api.Targets())["other"];
        Assert.Equal("", target.GetProperty("lastError").GetString());
        // Everything that was read was stored: what the scrape counted is what a query finds.
        await Eventually.Passes(async () => Assert.Equal(
            await server.Api.Value("scrape_samples_scraped"), await server.Api.Value("count({job='other',__name__!~'up|scrape_.*'})")));
        Assert.True(await server.Api.Value("scrape_samples_scraped") > 50);
        Assert.Equal(1, await server.Api.Value("count(prometheus_build_info)"));
        Assert.NotEmpty(await server.Api.Query("prometheus_http_request_duration_seconds_bucket{le='+Inf'}"));
    }

    private static string Scraping(ServerHome other, string protocol) => $$"""
        global: {scrape_interval: 1s}
        scrape_configs:
        - job_name: other
          scrape_protocols: [{{protocol}}]
          static_configs: [{targets: ["{{other.Endpoint}}"]}]
        """;
}
