using System.Globalization;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>Native histograms that the real Prometheus measures itself, sent, stored, queried and handed back.</summary>
public sealed class NativeHistogramTests
{
    private const string Name = "prometheus_http_request_duration_seconds{handler='/metrics'}";

    // Older releases of the reference need it; in newer ones it changes nothing.
    private const string Feature = "--enable-feature=native-histograms";

    private static readonly string[] Queries =
    [
        Name, $"histogram_count({Name})", $"histogram_sum({Name})", $"histogram_quantile(0.9, {Name})", $"histogram_fraction(0, 0.01, {Name})",
        $"rate({Name}[2s])", $"increase({Name}[3s])", $"sum({Name})", $"{Name} + {Name}", $"{Name} * 2", $"avg_over_time({Name}[2s])",
        $"histogram_stddev({Name})", $"resets({Name}[3s])", $"count_over_time({Name}[3s])", $"sum by (job) (rate({Name}[3s]))", $"{Name}[2s]",
    ];

    [Fact]
    public async Task Arrive_and_are_handed_back_bucket_by_bucket()
    {
        string prometheus = Reference.Prometheus;
        using var receiver = new ServerHome();
        await using ServerProcess server = await receiver.Start(Feature);
        using var sender = new ServerHome(binary: prometheus);
        sender.Configure($$"""
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            remote_write:
            - url: "{{receiver.Address}}api/v1/write"
              send_native_histograms: true
              queue_config: {batch_send_deadline: 100ms}
            scrape_configs:
            - job_name: self
              static_configs: [{targets: ["{{sender.Endpoint}}"]}]
            """);
        await using ServerProcess reference = await sender.Start(Feature);
        await Eventually.Passes(async () => Assert.True(await server.Api.Value($"count_over_time({Name}[1m])") > 20));

        double last = await server.Api.Value($"timestamp({Name})");
        string time = (last - 0.3).ToString("F3", CultureInfo.InvariantCulture);
        string[] expected = await Answers(reference, time);
        Assert.Contains("\"buckets\"", expected[0], StringComparison.Ordinal);
        Agree(expected, await Answers(server, time));

        Assert.Equal(0, await server.Terminate());
        using var reader = new ServerHome(binary: prometheus) { DataDirectory = receiver.DataDirectory };
        await using ServerProcess other = await reader.Start(Feature);
        Agree(expected, await Answers(other, time));
        Assert.Equal(0, await other.Terminate());

        await using ServerProcess again = await receiver.Start(Feature);
        Agree(expected, await Answers(again, time));
    }

    private static void Agree(string[] expected, string[] actual)
    {
        for (int i = 0; i < Queries.Length; i++)
        {
            Assert.Contains("\"success\"", expected[i], StringComparison.Ordinal);
            string? difference = Answer.Difference(expected[i], actual[i], ordered: false);
            Assert.True(difference is null, $"{Queries[i]}\n{difference}");
        }
    }

    private static async Task<string[]> Answers(ServerProcess server, string time)
    {
        var answers = new List<string>();
        foreach (string query in Queries)
            answers.Add((await server.Api.Post("api/v1/query", ("query", query), ("time", time))).Body);
        return [.. answers];
    }
}
