using System.Globalization;
using System.Net;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>The same samples and the same query give the same answer, text by text.</summary>
public sealed class QueryAgreementTests(TwinServers servers) : IClassFixture<TwinServers>
{
    public static TheoryData<string> Queries() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "queries.txt")).Where(line => line.Length > 0 && line[0] != '#')];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Agrees_with_the_reference(string query)
    {
        if (servers.Reference is null)
            Assert.Skip("no prometheus: neither in PEERS_BIN nor in /usr/bin");
        var differences = new List<string>();
        foreach (int tick in (int[])[37, 101, 199])
            await Compare(differences, "api/v1/query", ("query", query), ("time", Seconds(servers.Clock.At(tick))));
        // Newer releases warn of sorting over a range, older ones do not.
        if (!query.StartsWith("sort", StringComparison.Ordinal))
        {
            await Compare(differences, "api/v1/query_range", Range(query, servers.Clock.At(3), servers.Clock.At(187), "60"));
            // A step and a start that meet no sample.
            await Compare(differences, "api/v1/query_range", Range(query, servers.Clock.At(90).AddSeconds(-7.3), servers.Clock.At(110), "6.5"));
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    [Theory]
    [InlineData("labels")]
    [InlineData("labels?match[]=request_seconds_bucket")]
    [InlineData("label/node/values")]
    [InlineData("label/__name__/values?match[]={job=\"paged\"}")]
    [InlineData("label/le/values?match[]=request_seconds_bucket{handler=\"/\"}")]
    [InlineData("series?match[]=node_info&match[]=node_limit")]
    [InlineData("series?match[]={node=~\"al.*|beta\",code!=\"500\"}")]
    [InlineData("series")]
    [InlineData("series?match[]={}")]
    [InlineData("label/not-a-name/values")]
    [InlineData("query?query=sum(")]
    [InlineData("query?query=up&time=yesterday")]
    [InlineData("query_range?query=up&start=1&end=0&step=1")]
    [InlineData("query_range?query=up&start=0&end=100000&step=1")]
    [InlineData("query_range?query=up&start=0&end=1&step=0")]
    [InlineData("format_query?query=sum by(a)(rate(x[5m]))>1")]
    [InlineData("format_query?query=sum(")]
    [InlineData("rules")]
    [InlineData("alerts")]
    [InlineData("alertmanagers")]
    [InlineData("scrape_pools")]
    public async Task Agrees_on_other_routes(string path)
    {
        if (servers.Reference is null)
            Assert.Skip("no prometheus: neither in PEERS_BIN nor in /usr/bin");
        (HttpStatusCode status, string body) = await servers.Reference!.Api.Get("api/v1/" + path);
        Assert.Equal((status, body), await servers.Forethought!.Api.Get("api/v1/" + path));
    }

    private static string Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    private static (string, string)[] Range(string query, DateTimeOffset start, DateTimeOffset end, string step) =>
        [("query", query), ("start", Seconds(start)), ("end", Seconds(end)), ("step", step)];

    private async Task Compare(List<string> differences, string route, params (string Name, string Value)[] form)
    {
        (HttpStatusCode Status, string Body) expected = await servers.Reference!.Api.Post(route, form);
        (HttpStatusCode Status, string Body) actual = await servers.Forethought!.Api.Post(route, form);
        string query = form[0].Value;
        bool ordered = route.EndsWith("query_range", StringComparison.Ordinal) || query.StartsWith("sort", StringComparison.Ordinal);
        string? difference = expected.Status == actual.Status
            ? Answer.Difference(expected.Body, actual.Body, ordered)
            : $"{expected.Status} {expected.Body} against {actual.Status} {actual.Body}";
        if (difference is not null)
            differences.Add($"{route} {string.Join(' ', form.Skip(1).Select(field => $"{field.Name}={field.Value}"))}\n    {difference}");
    }
}
