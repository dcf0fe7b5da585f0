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

    // Blocks of eight seconds are written within the test.
    [Theory]
    [InlineData("2h", false)]
    [InlineData("8s", true)]
    public async Task Arrive_and_are_handed_back_bucket_by_bucket(string blocks, bool compacts)
    {
        string prometheus = Reference.Prometheus;
        string[] flags = [Feature, "--storage.tsdb.min-block-duration=" + blocks, "--storage.tsdb.max-block-duration=" + blocks];
        using var receiver = new ServerHome();
        await using ServerProcess server = await receiver.Start(flags);
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
        await Eventually.Passes(async () =>
        {
            Assert.True(await server.Api.Value($"count_over_time({Name}[1m])") > 20);
            Assert.Equal(compacts, BlockFiles(receiver).Any());
        });

        // Just now, or a second after the end of a block, so that ranges begin in it and end in the head.
        double seconds = compacts
            ? WrittenBlock.Read(BlockFiles(receiver).First()).MaxTime / 1000.0 + 1
            : await server.Api.Value($"timestamp({Name})") - 0.3;
        string time = seconds.ToString("F3", CultureInfo.InvariantCulture);
        string[] expected = await Answers(reference, time);
        Assert.Contains("\"buckets\"", expected[0], StringComparison.Ordinal);
        Agree(expected, await Answers(server, time));

        Assert.Equal(0, await server.Terminate());
        using var reader = new ServerHome(binary: prometheus) { DataDirectory = receiver.DataDirectory };
        await using ServerProcess other = await reader.Start(flags);
        Agree(expected, await Answers(other, time));
        Assert.Equal(0, await other.Terminate());

        await using ServerProcess again = await receiver.Start(flags);
        Agree(expected, await Answers(again, time));
    }

    private static IEnumerable<string> BlockFiles(ServerHome home) =>
        Directory.EnumerateDirectories(home.DataDirectory).Where(block => Path.GetFileName(block).Length == 26).Select(block => Path.Combine(block, "meta.json"));

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
