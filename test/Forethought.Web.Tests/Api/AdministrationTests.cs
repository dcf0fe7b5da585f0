using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Web.Tests.Api;

/// <summary>Statuses and texts are those of upstream's <c>web/api/v1/api.go</c>.</summary>
public sealed class AdministrationTests
{
    private static readonly Labels Up = Labels.FromStrings("__name__", "up");
    private static readonly Labels Down = Labels.FromStrings("__name__", "down");

    [Theory]
    [InlineData("delete_series?match[]=up")]
    [InlineData("clean_tombstones")]
    [InlineData("snapshot")]
    public async Task Is_refused_unless_it_is_enabled(string action)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.AppendAsync(Up, 1, 2, 3);
        foreach (string method in (string[])["POST", "PUT"])
        {
            using HttpResponseMessage response = await server.SendAsync(method, "/api/v1/admin/tsdb/" + action);
            Assert.Equal(500, (int)response.StatusCode);
            Assert.Equal(
                "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"admin APIs disabled\"}", await response.Content.ReadAsStringAsync());
        }

        Assert.Contains("\"3\"", await server.GetAsync("/api/v1/query?query=up&time=180"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "?match[]=up&match[]=nothing", null)]
    [InlineData("PUT", "", "match[]=up&end=1e9")]
    [InlineData("POST", "?start=60", "match[]={__name__=~'u.'}")]
    public async Task Deletes_series(string method, string query, string? form)
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage response = await server.SendAsync(method, "/api/v1/admin/tsdb/delete_series" + query, form);
        Assert.Equal((204, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Contains("\"result\":[]", await server.GetAsync("/api/v1/query?query=up[1h]&time=180"), StringComparison.Ordinal);
        Assert.Contains("[180,\"6\"]", await server.GetAsync("/api/v1/query?query=down[1h]&time=180"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletes_between_two_times_both_inclusive()
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage response = await server.SendAsync(
            "POST", "/api/v1/admin/tsdb/delete_series?match[]=up&start=1970-01-01T00:02:00Z&end=120.9");
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Contains("\"values\":[[60,\"1\"],[180,\"3\"]]", await server.GetAsync("/api/v1/query?query=up[1h]&time=180"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no match[] parameter provided")]
    [InlineData("?match[]=up&start=x", "invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp")]
    [InlineData("?match[]=up&end=x", "invalid parameter \"end\": invalid time value for 'end': cannot parse \"x\" to a valid timestamp")]
    [InlineData("?match[]=up&match[]={", "invalid parameter \"match[]\": 1:2: parse error: unexpected end of input inside braces")]
    [InlineData("?match[]=up&x=%zz", "error parsing form values: invalid URL escape \"%zz\"")]
    public async Task Deletes_nothing_if_a_parameter_is_wrong(string query, string error)
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage response = await server.SendAsync("POST", "/api/v1/admin/tsdb/delete_series" + query);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            $"{{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"{error.Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}",
            await response.Content.ReadAsStringAsync());
        Assert.Contains("[60,\"1\"]", await server.GetAsync("/api/v1/query?query=up[1h]&time=180"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleans_and_makes_snapshots_that_have_the_samples()
    {
        using var directory = new TemporaryDirectory();
        await using ApiServer server = await StartAsync(directory.Path);
        using HttpResponseMessage cleaned = await server.SendAsync("PUT", "/api/v1/admin/tsdb/clean_tombstones");
        Assert.Equal((204, ""), ((int)cleaned.StatusCode, await cleaned.Content.ReadAsStringAsync()));
        foreach (string query in (string[])["", "?skip_head=", "?skip_head=T"])
        {
            using HttpResponseMessage made = await server.SendAsync("POST", "/api/v1/admin/tsdb/snapshot" + query);
            string answer = await made.Content.ReadAsStringAsync();
            Assert.Equal((200, "application/json"), ((int)made.StatusCode, made.Content.Headers.ContentType?.ToString()));
            Assert.Matches("^{\"status\":\"success\",\"data\":{\"name\":\"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}\"}}$", answer);
            Assert.True(Directory.Exists(Path.Combine(directory.Path, "snapshots", answer[36..69])));
        }
    }

    [Fact]
    public async Task Says_which_truth_value_is_none()
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage response = await server.SendAsync("POST", "/api/v1/admin/tsdb/snapshot?skip_head=yes");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"skip_head\\\": unable to parse boolean: "
            + "strconv.ParseBool: parsing \\\"yes\\\": invalid syntax\"}",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answers_with_what_the_store_cannot_do()
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage response = await server.SendAsync("POST", "/api/v1/admin/tsdb/snapshot");
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Contains("\"errorType\":\"internal\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<ApiServer> StartAsync(string? path = null)
    {
        ApiServer server = await ApiServer.StartAsync(path: path, enablesAdministration: true);
        await server.AppendAsync(Up, 1, 2, 3);
        await server.AppendAsync(Down, 4, 5, 6);
        return server;
    }
}
