using Forethought.Configuration;
using Forethought.Http;
using Forethought.Testing;

namespace Forethought.Discovery.Tests;

public sealed class DiscoveryManagerTests
{
    [Fact]
    public async Task Sends_the_groups_of_all_sets()
    {
        await using var harness = new ManagerHarness();
        var group = new StaticTargetGroup(["a:1", "b:2"], new ValueMap<string>([new("env", "prod")]));
        await harness.ApplyAsync(("one", [new StaticDiscoveryConfiguration([group])]), ("two", [ManagerHarness.Static("c:3")]));
        var update = await harness.UpdateWithAsync(static update => update.Values.All(static groups => groups.Count > 0));
        Assert.Equal(["one", "two"], update.Keys.Order());
        TargetGroup found = Assert.Single(update["one"]);
        Assert.Equal("0", found.Source);
        Assert.Equal(ManagerHarness.LabelsOf("env", "prod"), found.Labels);
        Assert.Equal(["a:1", "b:2"], ManagerHarness.Addresses(update["one"]));
    }

    [Fact]
    public async Task Shares_one_discoverer_among_sets_with_equal_sections()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "t.json");
        await File.WriteAllTextAsync(path, "[{\"targets\":[\"a:1\"]}]");
        await using var harness = new ManagerHarness();
        static FileDiscoveryConfiguration Section(string path) => new() { Files = [path], RefreshInterval = TimeSpan.FromMinutes(5) };
        await harness.ApplyAsync(("one", [Section(path)]), ("two", [Section(path)]));
        var update = await harness.UpdateWithAsync(static update => update.Values.All(static groups => groups.Count > 0));
        Assert.Same(update["one"][0], update["two"][0]);
    }

    [Fact]
    public async Task Keeps_what_an_unchanged_section_found_over_a_reload()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "t.json");
        await File.WriteAllTextAsync(path, "[{\"targets\":[\"a:1\"]}]");
        await using var harness = new ManagerHarness();
        DiscoveryConfiguration Section() => new FileDiscoveryConfiguration { Files = [path], RefreshInterval = TimeSpan.FromDays(10_000) };
        await harness.ApplyAsync(("job", [Section()]));
        var before = await harness.UpdateWithAsync(static update => update["job"].Count == 1);
        await harness.ApplyAsync(("job", [Section(), ManagerHarness.Static("b:2")]), ("other", [Section()]));
        var update = await harness.NextUpdateAsync();
        Assert.Contains(before["job"][0], update["job"]);
        Assert.Same(before["job"][0], Assert.Single(update["other"]));
    }

    [Fact]
    public async Task Drops_groups_of_removed_sections_and_sets()
    {
        await using var harness = new ManagerHarness();
        await harness.ApplyAsync(("job", [ManagerHarness.Static("a:1"), ManagerHarness.Static("b:2")]), ("gone", [ManagerHarness.Static("c:3")]));
        await harness.UpdateWithAsync(static update => update["job"].Count == 2);
        await harness.ApplyAsync(("job", [ManagerHarness.Static("b:2")]));
        var update = await harness.UpdateWithAsync(static update => !update.ContainsKey("gone"));
        Assert.Equal(["b:2"], ManagerHarness.Addresses(update["job"]));
        Assert.DoesNotContain("config=\"gone\"", harness.Registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_of_sets_without_sections()
    {
        await using var harness = new ManagerHarness();
        await harness.ApplyAsync(("empty", []));
        var update = await harness.NextUpdateAsync();
        Assert.Empty(update["empty"]);
    }

    [Fact]
    public async Task Counts_and_reports_sections_whose_discoverer_cannot_be_made()
    {
        await using var harness = new ManagerHarness();
        var broken = new HttpDiscoveryConfiguration { Url = "http://127.0.0.1:1", Http = HttpClientSettings.Default with { Tls = new TlsSettings { CaFile = "/nonexistent" } } };
        await harness.ApplyAsync(("job", [broken, ManagerHarness.Static("a:1")]));
        var update = await harness.UpdateWithAsync(static update => update["job"].Count == 1);
        Assert.Equal(["a:1"], ManagerHarness.Addresses(update["job"]));
        DiscoveryProblem problem = await harness.NextProblemAsync();
        Assert.Equal(("Cannot create service discovery", "http", "job"), (problem.Message, problem.Mechanism, problem.Set));
        Assert.Contains("prometheus_sd_failed_configs{name=\"scrape\"} 1\n", harness.Registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exposes_upstreams_metrics()
    {
        await using var harness = new ManagerHarness();
        await harness.ApplyAsync(("job", [ManagerHarness.Static("a:1", "b:1")]));
        await harness.UpdateWithAsync(static update => update["job"].Count == 1);
        string text = harness.Registry.ToText();
        Assert.Contains("prometheus_sd_discovered_targets{config=\"job\",name=\"scrape\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_sd_received_updates_total{name=\"scrape\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_sd_last_update_timestamp_seconds{config=\"job\",name=\"scrape\"} ", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE prometheus_sd_updates_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE prometheus_sd_updates_delayed_total counter\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delays_an_update_that_the_consumer_has_no_room_for()
    {
        await using var harness = new ManagerHarness();
        await harness.ApplyAsync(("job", [ManagerHarness.Static("a:1")]));
        while (harness.Registry.ToText().Contains("prometheus_sd_updates_delayed_total{name=\"scrape\"} 0\n", StringComparison.Ordinal))
        {
            // Nothing reads the updates: one waits, and the next change finds no room.
            await harness.ApplyAsync(("job", [ManagerHarness.Static("b:1")]));
            harness.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var last = await harness.UpdateWithAsync(static update => ManagerHarness.Addresses(update["job"]).Contains("b:1"));
        Assert.Equal(["b:1"], ManagerHarness.Addresses(last["job"]));
    }

    [Fact]
    public async Task Ends_the_updates_when_disposed()
    {
        var harness = new ManagerHarness();
        await harness.ApplyAsync(("job", [ManagerHarness.Static("a:1")]));
        await harness.DisposeAsync();
        await foreach (var _ in harness.Manager.Updates.ReadAllAsync())
        {
            // What was still under way may come.
        }

        Assert.True(harness.Manager.Updates.Completion.IsCompletedSuccessfully);
    }
}
