using System.Diagnostics;
using Forethought.Testing;

namespace Interop.Tests;

/// <summary>The reference's command-line tool works against the server.</summary>
public sealed class PromtoolTests
{
    [Fact]
    public async Task Finds_no_fault_in_the_metrics_that_it_does_not_find_in_the_reference()
    {
        string promtool = Reference.Promtool;
        (string ours, int exitCode) = await CheckMetrics(promtool, ServerBinary.UnderTest);
        (string theirs, _) = await CheckMetrics(promtool, Reference.Prometheus);
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
        string promtool = Reference.Promtool;
        await using var target = new TargetServer(_ => new TargetAnswer("exposed{a=\"b\"} 1.5\n"));
        using var home = new ServerHome($"global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: j\n  static_configs: [{{targets: [\"{target.Endpoint}\"]}}]\n");
        await using ServerProcess server = await home.Start();
        await Eventually.Passes(async () => Assert.Equal(1.5, await server.Api.Value("exposed")));
        string url = home.Address.ToString();
        string series = $"{{a=\"b\", instance=\"{target.Endpoint}\", job=\"j\"}}";

        string instant = await Query(promtool, "instant", url, "exposed * 2");
        Assert.StartsWith(series + " => 3 @[", instant, StringComparison.Ordinal);
        string range = await Query(promtool, "range", "--step=1s", url, "exposed");
        Assert.StartsWith("exposed" + series + " =>\n1.5 @[", range, StringComparison.Ordinal);
        Assert.Equal($"{{__name__=\"exposed\", a=\"b\", instance=\"{target.Endpoint}\", job=\"j\"}}\n", await Query(promtool, "series", "--match=exposed", url));
        Assert.Contains("exposed\n", await Query(promtool, "labels", url, "__name__"), StringComparison.Ordinal);
    }

    private static async Task<string> Query(string promtool, params string[] arguments)
    {
        (string output, int exitCode) = await Run(promtool, ["query", .. arguments], input: "");
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static async Task<(string Output, int ExitCode)> CheckMetrics(string promtool, string binary)
    {
        using var home = new ServerHome(binary: binary);
        await using ServerProcess server = await home.Start();
        await server.Api.Query("vector(1)");
        return await Run(promtool, ["check", "metrics"], (await server.Api.Get("metrics")).Body);
    }

    private static async Task<(string Output, int ExitCode)> Run(string promtool, string[] arguments, string input)
    {
        using Process process = Process.Start(new ProcessStartInfo(promtool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (output, process.ExitCode);
    }
}
