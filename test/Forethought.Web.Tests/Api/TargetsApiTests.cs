using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Model;

namespace Forethought.Web.Tests.Api;

public sealed class TargetsApiTests
{
    private static readonly byte[] Configuration = """
        scrape_configs:
        - job_name: app
          params: {p: ["1"]}
        - job_name: self
          scheme: https
        - job_name: gone
          relabel_configs: [{action: drop}]
        """u8.ToArray();

    // Members, their order and the form of targets before their first scrape are those of Prometheus 3.5.3; 3.14 adds three discovered labels.
    [Fact]
    public async Task Shows_active_targets_with_the_url_that_others_reach_them_under()
    {
        await using ApiServer server = await StartAsync();
        Assert.Equal(
            """{"status":"success","data":{"activeTargets":[{"discoveredLabels":{"__address__":"localhost:9100","__always_scrape_classic_histograms__":"false","__convert_classic_histograms_to_nhcb__":"false","__metrics_path__":"/metrics","__param_p":"1","__scheme__":"http","__scrape_interval__":"1m","__scrape_native_histograms__":"false","__scrape_timeout__":"10s","job":"app"},"labels":{"instance":"localhost:9100","job":"app"},"scrapePool":"app","scrapeUrl":"http://localhost:9100/metrics?p=1","globalUrl":"http://ext.example:9100/metrics?p=1","lastError":"","lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0,"health":"unknown","scrapeInterval":"1m","scrapeTimeout":"10s"}],"droppedTargets":[],"droppedTargetCounts":null}}""",
            await server.GetAsync("/api/v1/targets?state=active&scrapePool=app"));
        string all = await server.GetAsync("/api/v1/targets");
        Assert.Contains("\"scrapeUrl\":\"https://127.0.0.1:9090/metrics\",\"globalUrl\":\"http://ext.example:9090/metrics\"", all, StringComparison.Ordinal);
        Assert.Contains("\"globalUrl\":\"https://other:1/metrics\"", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?state=dropped", 0, 1, 3)]
    [InlineData("?state=ANY", 3, 1, 3)]
    [InlineData("", 3, 1, 3)]
    [InlineData("?scrapePool=self", 2, 0, 3)]
    [InlineData("?state=nonsense", 0, 0, null)]
    public async Task Filters_by_state_and_pool(string query, int active, int dropped, int? counts)
    {
        await using ApiServer server = await StartAsync();
        using var document = System.Text.Json.JsonDocument.Parse(await server.GetAsync("/api/v1/targets" + query));
        System.Text.Json.JsonElement data = document.RootElement.GetProperty("data");
        Assert.Equal(active, data.GetProperty("activeTargets").GetArrayLength());
        Assert.Equal(dropped, data.GetProperty("droppedTargets").GetArrayLength());
        System.Text.Json.JsonElement told = data.GetProperty("droppedTargetCounts");
        Assert.Equal(counts, told.ValueKind == System.Text.Json.JsonValueKind.Null ? null : told.EnumerateObject().Count());
    }

    [Fact]
    public async Task Lists_pools_in_order()
    {
        await using ApiServer server = await StartAsync();
        Assert.Equal(
            """{"status":"success","data":{"scrapePools":["app","gone","self"]}}""", await server.GetAsync("/api/v1/scrape_pools"));
    }

    // The error texts are those of upstream's scrapePoolConfig and of its scrape manager.
    [Theory]
    [InlineData("", "no scrapePool parameter provided")]
    [InlineData("?scrapePool=none", "error retrieving scrape config: scrape pool \\\"none\\\" not found")]
    public async Task Knows_pools_by_name(string query, string error)
    {
        await using ApiServer server = await StartAsync();
        Assert.Equal(
            $"{{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"{error}\"}}",
            await server.GetAsync("/api/v1/scrape_pools/config" + query));
    }

    [Fact]
    public async Task Shows_a_pools_configuration()
    {
        await using ApiServer server = await StartAsync();
        string body = await server.GetAsync("/api/v1/scrape_pools/config?scrapePool=app");
        Assert.StartsWith("{\"status\":\"success\",\"data\":{\"yaml\":\"job_name: app\\n", body, StringComparison.Ordinal);
        Assert.Contains("\\nparams:\\n  p:\\n  - \\\"1\\\"\\n", body, StringComparison.Ordinal);
    }

    private static async Task<ApiServer> StartAsync()
    {
        ApiServer server = await ApiServer.StartAsync();
        PrometheusConfiguration configuration = ConfigurationLoader.LoadText(Configuration);
        await server.Scraping.SwitchAsync(server.Scraping.Prepare([.. configuration.ScrapeConfigurations], Labels.Empty));
        await server.Scraping.SyncAsync(new Dictionary<string, IReadOnlyList<TargetGroup>>
        {
            ["app"] = [Group("localhost:9100")],
            ["self"] = [Group("127.0.0.1:9090", "other:1")],
            ["gone"] = [Group("a:1")],
        });
        return server;
    }

    private static TargetGroup Group(params string[] addresses) =>
        new("test", Labels.Empty, [.. addresses.Select(address => Labels.FromStrings("__address__", address))]);
}
