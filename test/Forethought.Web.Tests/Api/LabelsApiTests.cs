using Forethought.Model;

namespace Forethought.Web.Tests.Api;

/// <summary>Limits and merging of label queries (upstream's web/api/v1/api.go, tsdb/head_read.go and tsdb/index/postings.go).</summary>
public sealed class LabelsApiTests
{
    private const string Truncated = ",\"warnings\":[\"results truncated due to limit\"]";

    // The head has values in the order of their appearance: the limit takes one more than asked for from there, and then they are sorted.
    [Theory]
    [InlineData("label/v/values", "\"a\",\"b\",\"c\"", "")]
    [InlineData("label/v/values?limit=1", "\"b\"", Truncated)]
    [InlineData("label/v/values?limit=2", "\"a\",\"b\"", Truncated)]
    [InlineData("label/v/values?limit=3", "\"a\",\"b\",\"c\"", "")]
    [InlineData("label/v/values?limit=0", "\"a\",\"b\",\"c\"", "")]
    [InlineData("label/v/values?limit=99999999999", "\"a\",\"b\",\"c\"", "")]
    [InlineData("label/v/values?match[]=m&match[]=n", "\"a\",\"b\",\"c\"", "")]
    [InlineData("label/v/values?match[]={v=~\"a|b\"}&limit=2", "\"a\",\"b\"", "")]
    [InlineData("label/none/values", "", "")]
    [InlineData("labels?limit=1", "\"__name__\"", Truncated)]
    [InlineData("labels?limit=2", "\"__name__\",\"v\"", Truncated)]
    [InlineData("labels?limit=3", "\"__name__\",\"v\",\"w\"", "")]
    [InlineData("labels?match[]=m", "\"__name__\",\"v\"", "")]
    [InlineData("labels?match[]=m&match[]=n", "\"__name__\",\"v\",\"w\"", "")]
    [InlineData("labels?start=100000&end=200000", "", "")]
    public async Task Lists_are_limited_before_they_are_sorted(string path, string list, string warnings)
    {
        await using ApiServer server = await StartAsync();
        Assert.Equal($"{{\"status\":\"success\",\"data\":[{list}]{warnings}}}", await server.GetAsync("/api/v1/" + path));
    }

    [Fact]
    public async Task Parameters_may_come_as_a_form()
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage labels = await server.SendAsync("POST", "/api/v1/labels", "match[]=n&limit=5");
        Assert.Equal("""{"status":"success","data":["__name__","v","w"]}""", await labels.Content.ReadAsStringAsync());
        using HttpResponseMessage series = await server.SendAsync("POST", "/api/v1/series?match[]=n", "match[]=m{v=\"b\"}");
        Assert.Equal(
            """{"status":"success","data":[{"__name__":"m","v":"b"},{"__name__":"n","v":"a","w":"x"}]}""",
            await series.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("match[]=m&match[]={v=\"b\"}", 2)]
    [InlineData("match[]=m&match[]=m", 2)]
    [InlineData("match[]=none&match[]=n", 1)]
    [InlineData("match[]=none", 0)]
    public async Task Series_that_several_selectors_find_are_listed_once(string query, int count)
    {
        await using ApiServer server = await StartAsync();
        using var document = System.Text.Json.JsonDocument.Parse(await server.GetAsync("/api/v1/series?" + query));
        Assert.Equal(count, document.RootElement.GetProperty("data").GetArrayLength());
    }

    private static async Task<ApiServer> StartAsync()
    {
        ApiServer server = await ApiServer.StartAsync();
        await server.AppendAsync(Labels.FromStrings("__name__", "m", "v", "b"), 1);
        await server.AppendAsync(Labels.FromStrings("__name__", "m", "v", "c"), 1);
        await server.AppendAsync(Labels.FromStrings("__name__", "n", "v", "a", "w", "x"), 1);
        return server;
    }
}
