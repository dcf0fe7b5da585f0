using System.Net;
using System.Text.Json.Nodes;
using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Web.Tests.Api;

public sealed class StorageStatusApiTests
{
    // Members and their order as Go encodes upstream's TSDBStatus; bytes are those of name, value and a length byte of each.
    [Fact]
    public async Task Shows_the_head_and_where_its_series_come_from()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.AppendAsync(Labels.FromStrings("__name__", "a", "l", "<x>"), 1, 2);
        await server.AppendAsync(Labels.FromStrings("__name__", "a", "l", "y"), 1);
        await server.AppendAsync(Labels.FromStrings("__name__", "bb", "l", "y"), null, null, 1);
        Assert.Equal(
            """{"status":"success","data":{"headStats":{"numSeries":3,"numLabelPairs":4,"chunkCount":3,"minTime":60000,"maxTime":180000},"seriesCountByMetricName":[{"name":"a","value":2},{"name":"bb","value":1}],"labelValueCountByLabelName":[{"name":"__name__","value":2},{"name":"l","value":2}],"memoryInBytesByLabelName":[{"name":"__name__","value":34},{"name":"l","value":14}],"seriesCountByLabelValuePair":[{"name":"__name__=a","value":2},{"name":"l=y","value":2},{"name":"__name__=bb","value":1},{"name":"l=\u003cx\u003e","value":1}]}}""",
            await server.GetAsync("/api/v1/status/tsdb"));
        Assert.Contains(
            """[{"name":"__name__=a","value":2},{"name":"l=y","value":2}]}}""", await server.GetAsync("/api/v1/status/tsdb?limit=2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_head_has_the_times_of_upstream_and_empty_lists()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Assert.Equal(
            """{"status":"success","data":{"headStats":{"numSeries":0,"numLabelPairs":0,"chunkCount":0,"minTime":9223372036854775807,"maxTime":-9223372036854775808},"seriesCountByMetricName":[],"labelValueCountByLabelName":[],"memoryInBytesByLabelName":[],"seriesCountByLabelValuePair":[]}}""",
            await server.GetAsync("/api/v1/status/tsdb"));
        Assert.Equal("""{"status":"success","data":{"blocks":[]}}""", await server.GetAsync("/api/v1/status/tsdb/blocks"));
    }

    [Fact]
    public async Task Lists_ten_entries_unless_told_otherwise()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        for (int i = 0; i < 15; i++)
            await server.AppendAsync(Labels.FromStrings("__name__", $"m{i}"), 1);
        Assert.Equal(10, await CountOfNames(server, ""));
        Assert.Equal(10, await CountOfNames(server, "?limit="));
        Assert.Equal(12, await CountOfNames(server, "?limit=%2B12"));
        Assert.Equal(15, await CountOfNames(server, "?limit=10000"));
    }

    [Theory]
    [InlineData("0", "limit must be a positive number")]
    [InlineData("-1", "limit must be a positive number")]
    [InlineData("x", "limit must be a positive number")]
    [InlineData("1.5", "limit must be a positive number")]
    [InlineData("99999999999999999999", "limit must be a positive number")]
    [InlineData("10001", "limit must not exceed 10000")]
    [InlineData("9223372036854775807", "limit must not exceed 10000")]
    public async Task Refuses_limits_as_upstream(string limit, string error)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage response = await server.SendAsync("GET", "/api/v1/status/tsdb?limit=" + limit);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            $$"""{"status":"error","errorType":"bad_data","error":"{{error}}"}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // Upstream encodes the same structure into meta.json as into the answer, there with indentation.
    [Fact]
    public async Task Shows_the_descriptions_of_all_blocks_by_time()
    {
        using var directory = new TemporaryDirectory();
        var expected = new List<JsonNode>();
        foreach (string golden in (string[])["xor/01M7WFPX44NQG5SY67SS3R2PA8", "xor2_st/01M7WFPX61A9Z3NSK58D9EXN8J"])
        {
            string block = directory.File(Path.GetFileName(golden));
            CopyBlock(Conformance.Path("golden/index/" + golden), block);
            expected.Add(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(block, "meta.json"), TestContext.Current.CancellationToken))!);
        }

        await using ApiServer server = await ApiServer.StartAsync(path: directory.Path);
        string blocks = string.Join(',', expected.OrderBy(meta => (long)meta["minTime"]!).Select(meta => meta.ToJsonString()));
        Assert.Equal("{\"status\":\"success\",\"data\":{\"blocks\":[" + blocks + "]}}", await server.GetAsync("/api/v1/status/tsdb/blocks"));
    }

    [Theory]
    [InlineData("/api/v1/status/tsdb")]
    [InlineData("/api/v1/status/tsdb/blocks")]
    public async Task An_agent_has_no_store(string route)
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with { IsAgent = true });
        using HttpResponseMessage response = await server.SendAsync("GET", route);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("unavailable with Prometheus Agent", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static void CopyBlock(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }
    }

    private static async Task<int> CountOfNames(ApiServer server, string query)
    {
        using var document = System.Text.Json.JsonDocument.Parse(await server.GetAsync("/api/v1/status/tsdb" + query));
        return document.RootElement.GetProperty("data").GetProperty("seriesCountByMetricName").GetArrayLength();
    }
}
