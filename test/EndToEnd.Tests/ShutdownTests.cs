using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>SIGTERM ends the server with 0 within seconds, whatever it does.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Ends_with_0_after_its_first_words()
    {
        using var home = new ServerHome();
        await using ServerProcess server = home.Launch();
        await Eventually.Passes(() =>
        {
            Assert.NotEmpty(server.Log);
            return Task.CompletedTask;
        });
        Assert.Equal(0, await server.Terminate());
    }

    [Fact]
    public async Task Ends_with_0_as_soon_as_it_answers()
    {
        using var home = new ServerHome();
        await using ServerProcess server = home.Launch();
        await Eventually.Passes(async () => Assert.True(await server.Api.Answers("-/healthy")));
        Assert.Equal(0, await server.Terminate());
    }

    [Fact]
    public async Task Ends_with_0_when_ready_and_starts_again()
    {
        using var home = new ServerHome();
        for (int i = 0; i < 2; i++)
        {
            await using ServerProcess server = await home.Start();
            Assert.Equal(0, await server.Terminate());
        }
    }

    [Fact]
    public async Task Ends_with_0_on_a_POST_to_quit()
    {
        using var home = new ServerHome();
        await using ServerProcess server = await home.Start();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await server.Api.Post("-/quit")).Status);
        Assert.Equal(0, await server.Exit());
    }

    [Fact]
    public async Task Waits_for_no_target_that_hangs()
    {
        int requests = 0;
        await using var target = new TargetServer(_ =>
        {
            Interlocked.Increment(ref requests);
            return new TargetAnswer("") { Hangs = true };
        });
        // Scrapes start spread over the interval: of 20 targets one is due within seconds.
        string targets = string.Join(", ", Enumerable.Range(0, 20).Select(i => $"{{targets: [\"{target.Endpoint}\"], labels: {{__param_n: \"{i}\"}}}}"));
        using var home = new ServerHome($"""
            global: {"{scrape_interval: 40s, scrape_timeout: 40s}"}
            scrape_configs:
            - job_name: hanging
              static_configs: [{targets}]
            """);
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(() =>
        {
            Assert.NotEqual(0, Volatile.Read(ref requests));
            return Task.CompletedTask;
        });
        Assert.Equal(0, await server.Terminate());
    }
}
