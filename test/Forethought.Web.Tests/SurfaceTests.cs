using Forethought.Testing;

namespace Forethought.Web.Tests;

/// <summary>Asks for every route of the reference's surface and tells which are not there.</summary>
public sealed class SurfaceTests
{
    // Routes whose feature is not part of this version. A route that comes leaves this list.
    private static readonly HashSet<string> Missing =
    [
        "/", "/agent", "/api/v1/features", "/api/v1/metadata", "/api/v1/notifications", "/api/v1/notifications/live", "/api/v1/openapi.yaml",
        "/api/v1/otlp/v1/metrics", "/api/v1/read", "/api/v1/search/label_names", "/api/v1/search/label_values",
        "/api/v1/search/metric_names", "/api/v1/status/self_metrics",
        "/api/v1/targets/metadata", "/api/v1/targets/relabel_steps", "/federate",
    ];

    [Fact]
    public async Task Every_route_answers_or_is_listed_as_missing()
    {
        await using ApiServer server = await ApiServer.StartAsync(routes => routes with
        {
            Runtime = new RuntimeApi(() => "", Process, TimeProvider.System),
        });
        List<string> claimed = [], missing = [];
        foreach (string[] row in Surface.Rows("http.tsv"))
        {
            if (!row[1].StartsWith('/') || row[1].AsSpan().ContainsAny(" ,{(*"))
                continue;
            string method = row[0].Split(',')[0];
            using HttpResponseMessage response = await server.SendAsync(method, row[1].Replace(":name", "a", StringComparison.Ordinal));
            bool isThere = await response.Content.ReadAsStringAsync() != "404 page not found\n";
            (isThere ? claimed : missing).Add(row[1]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{claimed.Count} routes answer, {missing.Count} are missing: {string.Join(' ', missing)}");
        Assert.True(claimed.Count > 25, $"only {claimed.Count} routes answer");
        Assert.Empty(missing.Except(Missing));
    }

    private static ProcessInformation Process() => new()
    {
        StartTime = DateTimeOffset.UnixEpoch,
        ReloadSucceeded = true,
        LastConfiguration = DateTimeOffset.UnixEpoch,
        Corruptions = 0,
        Retention = "15d",
    };
}
