using Forethought.Testing;

namespace Interop.Tests;

/// <summary>The real Prometheus sends what it scrapes to the server.</summary>
public sealed class RemoteWriteTests
{
    [Fact]
    public async Task What_the_reference_scrapes_and_sends_is_stored_sample_by_sample()
    {
        string prometheus = Reference.Prometheus;
        int scrapes = 0;
        await using var target = new TargetServer(_ =>
            new TargetAnswer($"# TYPE exposed counter\nexposed{{a=\"é\"}} {Interlocked.Increment(ref scrapes)}\n" + (scrapes < 5 ? "ends 1\n" : "")));
        using var receiver = new ServerHome();
        await using ServerProcess server = await receiver.Start();
        using var sender = new ServerHome(
            $$"""
            global: {scrape_interval: 300ms, scrape_timeout: 300ms, external_labels: {cluster: c} }
            remote_write: 
            - url: "{{receiver.Address}}api/v1/write"
              queue_config: {batch_send_deadline: 200ms}
            scrape_configs:
            - job_name: exposed
              static_configs: [{targets: ["{{target.Endpoint}}"]}]
            """,
            prometheus);
        await using ServerProcess reference = await sender.Start();

        await Eventually.Passes(async () => Assert.True(await server.Api.Value("max_over_time(exposed[1m])") > 12));
        Assert.Empty(await server.Api.Query("ends"));
        IEnumerable<(long, string)> received = await Samples(server, "exposed{cluster='c',a='é',job='exposed'}[1m]");
        HashSet<(long, string)> sent = [.. await Samples(reference, "exposed[1m]")];
        Assert.Subset(sent, received.ToHashSet());
        Assert.Equal(0, await reference.Api.Value("sum(prometheus_remote_storage_samples_failed_total) or vector(0)"));
        Assert.Equal(0, await reference.Terminate());
    }

    private static async Task<IEnumerable<(long, string)>> Samples(ServerProcess server, string query) =>
        (await server.Api.Query(query)).Select(sample => (sample.TimestampMs, sample.Text));
}
