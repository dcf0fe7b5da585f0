using System.Diagnostics;

namespace Forethought.Client.Tests;

/// <summary>Lets the reference's own linter read what is written; needs its binaries, whose directory PEERS_BIN names.</summary>
public sealed class PromtoolTests
{
    [Fact]
    public async Task Finds_nothing_wrong_with_an_exposition()
    {
        var registry = new MetricRegistry();
        registry.Register(new ProcessCollector());
        registry.CreateCounterFamily("requests_total", "Requests \\ by \"code\"\nand path.", ["code", "path"]).WithLabels("200", "/a\\b\"c\nd é").Add(1e21);
        registry.CreateGauge("temperature_celsius", "Temperature.").Set(double.NaN);
        registry.CreateHistogram("latency_seconds", "Latency.").Observe(0.3);
        registry.CreateSummary("wait_seconds", "Waiting.", new SummaryOptions { Objectives = [new(0.5, 0.05), new(0.99, 0.001)] }).Observe(1.5);

        (int exitCode, string output) = await Check(registry.ToText());
        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Reads_every_line_of_the_standard_collectors()
    {
        var registry = new MetricRegistry();
        registry.Register(new RuntimeCollector());
        registry.Register(new ProcessCollector());
        using MetricsAnswer answer = new MetricsHandler(registry).Answer(null, null);

        (int exitCode, string output) = await Check(System.Text.Encoding.UTF8.GetString(answer.Body.Span));
        // The linter's taste differs from the reference's names in the same places when it reads the reference's page; an exposition
        // that cannot be parsed ends with 1 and an error instead.
        Assert.DoesNotContain("error while linting", output, StringComparison.Ordinal);
        Assert.Contains(exitCode, (int[])[0, 3]);
    }

    private static async Task<(int ExitCode, string Output)> Check(string exposition)
    {
        string? directory = Environment.GetEnvironmentVariable("PEERS_BIN");
        if (string.IsNullOrEmpty(directory))
            Assert.Skip("no promtool: PEERS_BIN is not set");
        using Process promtool = Process.Start(new ProcessStartInfo(Path.Combine(directory!, "promtool"), ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(exposition);
        promtool.StandardInput.Close();
        string output = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, output);
    }
}
