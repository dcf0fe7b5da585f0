using System.Net;
using EndToEnd.Tests;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>The real Prometheus and Forethought with the same samples, scraped from one target and written remotely.</summary>
public sealed class TwinServers : IAsyncLifetime
{
    private static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    private readonly List<IDisposable> _homes = [];

    internal LogicalClock Clock { get; } = new();

    /// <summary>The real one; null when it is not installed, and then nothing was started.</summary>
    public ServerProcess? Reference { get; private set; }

    public ServerProcess? Forethought { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Peers.Find("prometheus") is not { } prometheus)
            return;
        await using var target = new PagedTarget(new ExposedData(Clock), "/reference", "/forethought");
        Reference = await Start(prometheus, target, "/reference");
        Forethought = await Start(ServerBinary.UnderTest, target, "/forethought");
        await Eventually.Passes(
            () =>
            {
                Assert.True(target.IsDone, "the servers have not scraped all pages");
                return Task.CompletedTask;
            },
            TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (Reference is not null)
            await Reference.DisposeAsync();
        if (Forethought is not null)
            await Forethought.DisposeAsync();
        foreach (IDisposable home in _homes)
            home.Dispose();
    }

    private async Task<ServerProcess> Start(string binary, PagedTarget target, string path)
    {
        var home = new ServerHome(
            $"""
            global: {"{scrape_interval: 150ms, scrape_timeout: 150ms, evaluation_interval: 1m}"}
            scrape_configs:
            - job_name: paged
              metrics_path: {path}
              static_configs: [{"{"}targets: ["{target.Endpoint}"]{"}"}]
            """,
            binary);
        _homes.Add(home);
        ServerProcess server = await home.Start();
        using var writer = new RemoteWriter(home.Address);
        Assert.Equal(HttpStatusCode.NoContent, await writer.Write(Vanishing()));
        return server;
    }

    // Series that end with a stale marker and come back, which no exposition can say with times of its own.
    private IEnumerable<WrittenSample> Vanishing() =>
        from n in Enumerable.Range(1, 3)
        from tick in Enumerable.Range(0, LogicalClock.Ticks)
        let phase = tick % (20 * n)
        where phase <= 10
        select new WrittenSample(Clock.Ms(tick), phase == 10 ? Stale : tick * n, ("__name__", "vanishing"), ("n", $"{n}"));
}
