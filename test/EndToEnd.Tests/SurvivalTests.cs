using System.Collections.Concurrent;
using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>The whole way as a user goes it: the published binary scrapes, answers, is killed and has kept everything.</summary>
public sealed class SurvivalTests(PublishedBinary published) : IClassFixture<PublishedBinary>
{
    private const string Scraped = """{__name__=~"up|node_cpu_seconds_total|node_load1|prometheus_http_requests_total"}""";

    private readonly ConcurrentBag<double> _acknowledged = [];
    private readonly HashSet<QueriedSample> _seen = [];

    [Fact]
    public async Task A_killed_server_comes_back_with_all_it_had_answered_or_acknowledged()
    {
        await using var node = new NodeTarget();
        using var home = new ServerHome(binary: published.Path);
        home.Configure($$"""
            global: {scrape_interval: 1s}
            scrape_configs:
            - job_name: forethought
              static_configs: [{targets: ["{{home.Endpoint}}"]}]
            - job_name: node
              static_configs: [{targets: ["{{node.Endpoint}}"]}]
            """);
        await using (ServerProcess server = await home.Start())
        {
            Task writing = WriteUntilKilled(home.Address);
            await AnswersUsualQueries(server.Api);
            await Look(server.Api, rounds: 20);
            await server.Kill();
            await writing;
        }

        await using (ServerProcess again = await home.Start())
        {
            Assert.Subset((await again.Api.Query(Scraped + "[5m]")).ToHashSet(), _seen);
            HashSet<double> written = [.. (await again.Api.Query("survival_written[5m]")).Select(sample => sample.Value)];
            Assert.True(_acknowledged.Count > 10, $"only {_acknowledged.Count} writes were acknowledged");
            Assert.Empty(_acknowledged.Except(written));
            await Eventually.Passes(async () => Assert.Equal(2, await again.Api.Value("sum(up)")));
        }
    }

    private static async Task AnswersUsualQueries(PrometheusApi api)
    {
        await Eventually.Passes(async () => Assert.Equal([1, 1], (await api.Query("up")).Select(sample => sample.Value)));
        await Eventually.Passes(async () =>
        {
            IReadOnlyList<QueriedSample> rates = await api.Query("rate(node_cpu_seconds_total[1m])");
            Assert.NotEmpty(rates);
            Assert.All(rates, rate => Assert.InRange(rate.Value, 0, 100));
            Assert.Contains(rates, rate => rate.Value > 0);
        });
        await Eventually.Passes(async () => Assert.InRange(
            await api.Value("histogram_quantile(0.9, sum by (le) (rate(prometheus_http_request_duration_seconds_bucket[1m])))"), 1e-9, 100));
    }

    private async Task Look(PrometheusApi api, int rounds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (int i = 0; i < rounds; i++)
        {
            _seen.UnionWith(await api.Query(Scraped + "[10s]"));
            await timer.WaitForNextTickAsync();
        }

        Assert.True(_seen.Count > 20, $"only {_seen.Count} samples were answered");
    }

    private async Task WriteUntilKilled(Uri server)
    {
        using var writer = new RemoteWriter(server);
        // Never twice in a millisecond: a second value for the same time would be refused.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        try
        {
            for (int i = 1; await timer.WaitForNextTickAsync(); i++)
            {
                long timestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                (string, string) name = ("__name__", "survival_written");
                WrittenSample[] batch = [.. Enumerable.Range(0, 20).Select(k => new WrittenSample(timestampMs, i, name, ("k", $"{k}")))];
                if (await writer.Write(batch) == HttpStatusCode.NoContent)
                    _acknowledged.Add(i);
            }
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }
}
