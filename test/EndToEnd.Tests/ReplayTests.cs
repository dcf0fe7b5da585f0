using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>While the log is replayed the server answers for its health, and can be told to stop.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task Answers_health_and_metrics_before_it_is_ready_and_then_has_everything()
    {
        using var home = new ServerHome();
        await SlowReplay.Prepare(home);
        await using ServerProcess server = await Replaying(home);

        Assert.Equal(HttpStatusCode.OK, (await server.Api.Get("-/healthy")).Status);
        Assert.Equal(0, await server.Api.OwnMetric("prometheus_ready"));
        (HttpStatusCode status, string body) = await server.Api.Get("api/v1/query?query=up");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Service Unavailable"), (status, body.TrimEnd()));

        await server.WaitUntilReady();
        Assert.Equal(1, await server.Api.OwnMetric("prometheus_ready"));
        Assert.Equal(SlowReplay.Series, await server.Api.Value("count(last_over_time(replayed[5m]))"));
    }

    [Fact]
    public async Task Ends_with_0_on_SIGTERM_while_replaying_and_loses_nothing()
    {
        using var home = new ServerHome();
        await SlowReplay.Prepare(home);
        await using (ServerProcess server = await Replaying(home))
            Assert.Equal(0, await server.Terminate());

        await using ServerProcess again = await home.Start();
        Assert.Equal(SlowReplay.Series, await again.Api.Value("count(last_over_time(replayed[5m]))"));
    }

    private static async Task<ServerProcess> Replaying(ServerHome home)
    {
        ServerProcess server = home.Launch();
        await Eventually.Passes(async () =>
        {
            (HttpStatusCode status, string body) = await server.Api.Get("-/ready");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "Service Unavailable"), (status, body.TrimEnd()));
        });
        return server;
    }
}
