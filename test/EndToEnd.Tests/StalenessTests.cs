using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>Series end when their source is gone, not when the server is.</summary>
public sealed class StalenessTests
{
    private const string NoTarget = "global: {scrape_interval: 1s}\n";

    [Theory]
    [InlineData("scrape_configs:\n- job_name: only\n")]
    [InlineData("")]
    public async Task A_removed_target_takes_its_series_with_it(string jobs)
    {
        if (jobs.Length == 0)
            ServerBinary.SkipOnTheReference("it writes no stale markers when the whole job goes");
        await using var target = new TargetServer(_ => new TargetAnswer("exposed 1\n"));
        using var home = new ServerHome(OneTarget(target));
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed")));

        home.Configure(NoTarget + jobs);
        await server.Signal("HUP");
        await Eventually.Passes(async () => Assert.Empty(await server.Api.Query("{__name__=~'exposed|up'}")));
        Assert.NotEmpty(await server.Api.Query("exposed[1m]"));
    }

    [Fact]
    public async Task A_series_that_is_no_longer_exposed_ends_with_the_next_scrape()
    {
        bool all = true;
        await using var target = new TargetServer(_ => new TargetAnswer(Volatile.Read(ref all) ? "kept 1\ngone 1\n" : "kept 1\n"));
        using var home = new ServerHome(OneTarget(target));
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("gone")));

        Volatile.Write(ref all, false);
        await Eventually.Passes(async () => Assert.Empty(await server.Api.Query("gone")));
        Assert.Equal(1, await server.Api.Value("kept"));
    }

    [Fact]
    public async Task A_target_that_fails_ends_its_series_and_keeps_up()
    {
        bool works = true;
        await using var target = new TargetServer(_ =>
            new TargetAnswer("exposed 1\n") { Status = Volatile.Read(ref works) ? "200 OK" : "503 Service Unavailable" });
        using var home = new ServerHome(OneTarget(target));
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed")));

        Volatile.Write(ref works, false);
        await Eventually.Passes(async () => Assert.Empty(await server.Api.Query("exposed")));
        Assert.Equal(0, await server.Api.Value("up"));
    }

    [Fact]
    public async Task The_end_of_the_server_ends_no_series()
    {
        await using var target = new TargetServer(_ => new TargetAnswer("exposed 1\n"));
        using var home = new ServerHome(OneTarget(target));
        await using (ServerProcess server = await home.Start())
        {
            await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed")));
            Assert.Equal(0, await server.Terminate());
        }

        home.Configure(NoTarget);
        await using ServerProcess again = await home.Start();
        Assert.Equal(1, await again.Api.Value("exposed"));
        Assert.Equal(1, await again.Api.Value("up"));
    }

    private static string OneTarget(TargetServer target) =>
        NoTarget + $"scrape_configs:\n- job_name: only\n  static_configs: [{{targets: [\"{target.Endpoint}\"]}}]\n";
}
