using Forethought.Testing;

namespace Interop.Tests;

/// <summary>The reference's command-line tool works against the server.</summary>
public sealed class PromtoolTests
{
    [Fact]
    public async Task Finds_no_fault_in_the_metrics_that_it_does_not_find_in_the_reference()
    {
        (string theirs, _) = await CheckMetrics(Reference.Prometheus);
        (string ours, int exitCode) = await CheckMetrics(ServerBinary.UnderTest);
        Assert.DoesNotContain("error while linting", ours, StringComparison.Ordinal);
        Assert.Contains(exitCode, (int[])[0, 3]);
        // The one name that newer releases have and the linter dislikes.
        Assert.DoesNotContain(
            ours.Split('\n').Except(theirs.Split('\n')),
            line => !line.StartsWith("prometheus_engine_query_duration_histogram_seconds ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queries_the_server()
    {
        _ = Reference.Promtool;
        await using var target = new TargetServer(_ => new TargetAnswer("exposed{a=\"b\"} 1.5\n"));
        using var home = new ServerHome($"global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: j\n  static_configs: [{{targets: [\"{target.Endpoint}\"]}}]\n");
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1.5, await server.Api.Value("exposed")));
        string url = home.Address.ToString();
        string series = $"{{a=\"b\", instance=\"{target.Endpoint}\", job=\"j\"}}";

        string instant = await Promtool.Succeed("query", "instant", url, "exposed * 2");
        Assert.StartsWith(series + " => 3 @[", instant, StringComparison.Ordinal);
        string range = await Promtool.Succeed("query", "range", "--step=1s", url, "exposed");
        Assert.StartsWith("exposed" + series + " =>\n1.5 @[", range, StringComparison.Ordinal);
        Assert.Equal($"{{__name__=\"exposed\", a=\"b\", instance=\"{target.Endpoint}\", job=\"j\"}}\n", await Promtool.Succeed("query", "series", "--match=exposed", url));
        Assert.Contains("exposed\n", await Promtool.Succeed("query", "labels", url, "__name__"), StringComparison.Ordinal);
    }

    private static async Task<(string Output, int ExitCode)> CheckMetrics(string binary)
    {
        using var home = new ServerHome(binary: binary);
        await using ServerProcess server = await home.Start();
        await server.Api.Query("vector(1)");
        return await Promtool.Run(["check", "metrics"], (await server.Api.Get("metrics")).Body);
    }
}
