using System.Net;
using Forethought.Testing;

namespace EndToEnd.Tests;

/// <summary>A reload takes the whole new configuration or nothing of it.</summary>
public sealed class ReloadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Takes_a_new_configuration_on_SIGHUP_and_on_a_POST(bool signal)
    {
        await using var target = new TargetServer(_ => new TargetAnswer("exposed 1\n"));
        using var home = new ServerHome(Jobs(target, "first"));
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed{job='first'}")));

        home.Configure(Jobs(target, "first", "second"));
        if (signal)
            await server.Signal("HUP");
        else
            Assert.Equal((HttpStatusCode.OK, ""), await server.Api.Post("-/reload"));
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed{job='second'}")));
        Assert.Equal(1, await server.Api.OwnMetric("prometheus_config_last_reload_successful"));
    }

    [Theory]
    [InlineData("scrape_configs:\n- job_nam: x\n", "line 2: field job_nam not found in type config.ScrapeConfig")]
    [InlineData("]", "did not find expected node content")]
    public async Task Keeps_its_targets_when_the_file_is_bad(string bad, string error)
    {
        await using var target = new TargetServer(_ => new TargetAnswer("exposed 1\n"));
        using var home = new ServerHome(Jobs(target, "first"));
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed{job='first'}")));

        home.Configure(bad);
        (HttpStatusCode status, string body) = await server.Api.Post("-/reload");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.StartsWith($"failed to reload config: couldn't load configuration (--config.file=\"{home.ConfigurationFile}\"): ", body, StringComparison.Ordinal);
        Assert.Contains(error, body, StringComparison.Ordinal);
        Assert.Equal(0, await server.Api.OwnMetric("prometheus_config_last_reload_successful"));
        await GoesOn(server, "first");

        home.Configure(Jobs(target, "second"));
        Assert.Equal(HttpStatusCode.OK, (await server.Api.Post("-/reload")).Status);
        Assert.Equal(1, await server.Api.OwnMetric("prometheus_config_last_reload_successful"));
        await Eventually.Passes(async () => Assert.Equal(["second"], (await server.Api.Targets()).Keys));
    }

    [Fact]
    public async Task Takes_nothing_of_a_configuration_that_one_part_cannot_prepare()
    {
        ServerBinary.SkipOnTheReference("it applies the parts that it can");
        await using var target = new TargetServer(_ => new TargetAnswer("exposed 1\n"));
        using var home = new ServerHome(Jobs(target, "first"));
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1, await server.Api.Value("exposed{job='first'}")));

        home.Configure(Jobs(target, "second", "third") + "  scheme: https\n  tls_config: {ca_file: /missing/authority.pem}\n");
        (HttpStatusCode status, string body) = await server.Api.Post("-/reload");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Contains("/missing/authority.pem", body, StringComparison.Ordinal);
        Assert.Equal(0, await server.Api.OwnMetric("prometheus_config_last_reload_successful"));
        await GoesOn(server, "first");
        Assert.Equal(["first"], (await server.Api.Targets()).Keys);
    }

    [Fact]
    public async Task Is_forbidden_without_the_lifecycle_flag()
    {
        using var home = new ServerHome { EnablesLifecycle = false };
        await using ServerProcess server = await home.Start();
        (HttpStatusCode status, string body) = await server.Api.Post("-/reload");
        Assert.Equal((HttpStatusCode.Forbidden, "Lifecycle API is not enabled."), (status, body.TrimEnd()));
    }

    private static async Task GoesOn(ServerProcess server, string job)
    {
        double before = await server.Api.Value($"timestamp(up{{job='{job}'}})");
        await Eventually.Passes(async () => Assert.True(await server.Api.Value($"timestamp(up{{job='{job}'}})") > before));
    }

    private static string Jobs(TargetServer target, params string[] names) =>
        "global: {scrape_interval: 1s}\nscrape_configs:\n" + string.Concat(
            names.Select(name => $"- job_name: {name}\n  static_configs: [{{targets: [\"{target.Endpoint}\"]}}]\n"));
}
