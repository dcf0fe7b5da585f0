using Forethought.Model;

namespace Forethought.Web.Tests.Api;

public sealed class TargetsApiTests
{
    private static readonly TargetsView View = new(
        [
            Target("app", "http://localhost:9100/metrics?p=1", "http://x"),
            Target("self", "https://127.0.0.1:9090/metrics", ""),
            Target("self", "http://[::1]/metrics", ""),
            Target("self", "http://other:1/metrics", ""),
        ],
        [("dropped", Labels.FromStrings("__address__", "a:1"))],
        [("app", 0), ("dropped", 2), ("self", 0)]);

    // The members and their order are those of Prometheus; its documentation tells what global URLs are.
    [Fact]
    public async Task Shows_active_targets_with_the_url_that_others_reach_them_under()
    {
        await using ApiServer server = await StartAsync();
        string body = await server.GetAsync("/api/v1/targets?state=active&scrapePool=app");
        Assert.Equal(
            """{"status":"success","data":{"activeTargets":[{"discoveredLabels":{"__address__":"a:1"},"labels":{"job":"app"},"scrapePool":"app","scrapeUrl":"http://localhost:9100/metrics?p=1","globalUrl":"http://ext.example:9100/metrics?p=1","lastError":"http://x","lastScrape":"2026-01-02T03:04:05.6Z","lastScrapeDuration":0.25,"health":"up","scrapeInterval":"15s","scrapeTimeout":"10s"}],"droppedTargets":[],"droppedTargetCounts":null}}""",
            body);
        string all = await server.GetAsync("/api/v1/targets");
        Assert.Contains("\"globalUrl\":\"http://ext.example:9090/metrics\"", all, StringComparison.Ordinal);
        Assert.Contains("\"globalUrl\":\"http://ext.example/metrics\"", all, StringComparison.Ordinal);
        Assert.Contains("\"globalUrl\":\"http://other:1/metrics\"", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?state=dropped", 0, 1, 3)]
    [InlineData("?state=ANY", 4, 1, 3)]
    [InlineData("", 4, 1, 3)]
    [InlineData("?scrapePool=self", 3, 0, 3)]
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
            """{"status":"success","data":{"scrapePools":["app","dropped","self"]}}""", await server.GetAsync("/api/v1/scrape_pools"));
    }

    private static Task<ApiServer> StartAsync() => ApiServer.StartAsync(routes => routes with
    {
        Targets = new TargetsApi(() => View, new Uri("http://ext.example:9090/"), 9090),
    });

    private static ActiveTargetView Target(string pool, string url, string error) => new()
    {
        DiscoveredLabels = Labels.FromStrings("__address__", "a:1"),
        Labels = Labels.FromStrings("job", pool),
        ScrapePool = pool,
        ScrapeUrl = url,
        LastError = error,
        LastScrape = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 600, TimeSpan.Zero),
        LastScrapeDuration = TimeSpan.FromMilliseconds(250),
        Health = "up",
        ScrapeInterval = "15s",
        ScrapeTimeout = "10s",
    };
}
