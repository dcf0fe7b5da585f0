using System.Text.Json;
using Forethought.Configuration;
using Forethought.Model;
using Forethought.Testing;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary><c>scrape_failure_log_file</c>: upstream's JSON logger with <c>job_name</c> and <c>target</c>.</summary>
public sealed class FailureLogTests
{
    [Fact]
    public async Task Requests_that_fail_are_noted_and_others_are_not()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "failures.log");
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.ApplyAsync(
            Scraping.Job("good") with { ScrapeFailureLogFile = path },
            Scraping.Job("bad", "/500") with { ScrapeFailureLogFile = path },
            // An exposition that cannot be read came all the same.
            Scraping.Job("odd", "/invalid") with { ScrapeFailureLogFile = path },
            Scraping.Job("silent", "/500"));
        foreach (string job in (string[])["good", "bad", "odd", "silent"])
            await scraping.SyncAsync(job, server.Address);
        await scraping.NextAsync(4);
        Assert.Equal([$"bad http://{server.Address}/500 server returned HTTP status 500 Internal Server Error"], Read(path));
        await scraping.NextAsync(4);
        Assert.Equal(2, Read(path).Count);
    }

    [Fact]
    public async Task Every_line_is_an_object_with_upstream_s_keys()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "failures.log");
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job() with { ScrapeFailureLogFile = path }, "127.0.0.1:1");
        await scraping.NextAsync();
        Assert.Equal(
            "{\"time\":\"2026-01-01T00:00:10.000Z\",\"level\":\"ERROR\","
            + "\"msg\":\"Get \\\"http://127.0.0.1:1/good\\\": dial tcp 127.0.0.1:1: connect: connection refused\","
            + "\"job_name\":\"job\",\"target\":\"http://127.0.0.1:1/good\"}\n",
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reload_opens_the_file_again_so_that_it_may_be_renamed()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "failures.log"), renamed = path + ".1";
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        ScrapeConfiguration job = Scraping.Job(path: "/500") with { ScrapeFailureLogFile = path };
        await scraping.StartAsync(job, server.Address);
        await scraping.NextAsync();
        File.Move(path, renamed);
        await scraping.NextAsync();
        Assert.Equal(2, Read(renamed).Count);
        await scraping.ApplyAsync(job);
        await scraping.NextAsync();
        Assert.Equal((2, 1), (Read(renamed).Count, Read(path).Count));
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_makes_the_configuration_unusable()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "missing", "failures.log");
        await using var scraping = new Scraping();
        ScrapeConfigurationException error = Assert.Throws<ScrapeConfigurationException>(
            () => scraping.Manager.Prepare([Scraping.Job() with { ScrapeFailureLogFile = path }], Labels.Empty));
        Assert.Equal($"can't create json log file: open {path}: no such file or directory", error.Message);
        error = Assert.Throws<ScrapeConfigurationException>(
            () => scraping.Manager.Prepare([Scraping.Job() with { ScrapeFailureLogFile = directory.Path }], Labels.Empty));
        Assert.Equal($"can't create json log file: open {directory.Path}: is a directory", error.Message);
    }

    private static List<string> Read(string path) =>
    [
        .. File.ReadLines(path).Select(line =>
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            return string.Join(' ', ((string[])["job_name", "target", "msg"]).Select(key => entry.RootElement.GetProperty(key).GetString()));
        }),
    ];
}
