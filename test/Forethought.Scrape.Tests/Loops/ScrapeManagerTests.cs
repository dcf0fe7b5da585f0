using Forethought.Configuration;
using Forethought.Http;
using Forethought.Model;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class ScrapeManagerTests
{
    [Fact]
    public async Task Scrapes_keep_to_the_grid_and_report()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job() with { ExtraScrapeMetrics = true, SampleLimit = 50 }, server.Address);
        for (int i = 0; i < 4; i++)
            await scraping.NextAsync();
        List<(long TimeMs, double Value)> up = scraping.Storage.Samples("up");
        Assert.Equal([10_000L, 10_000, 10_000], up.Skip(1).Zip(up, (later, earlier) => later.TimeMs - earlier.TimeMs));
        Assert.Equal([2.0, 0, 0, 0], scraping.Storage.Samples("scrape_series_added").Select(sample => sample.Value));
        Assert.Equal((2.0, 2.0), (scraping.Storage.Last("scrape_samples_scraped"), scraping.Storage.Last("scrape_samples_post_metric_relabeling")));
        Assert.Equal((10.0, 50.0, 40.0),
            (scraping.Storage.Last("scrape_timeout_seconds"), scraping.Storage.Last("scrape_sample_limit"), scraping.Storage.Last("scrape_body_size_bytes")));
        Assert.Contains($"{{__name__=\"up\", instance=\"{server.Address}\", job=\"job\"}} 1@", string.Join('\n', scraping.Storage.Lines(withReports: true)), StringComparison.Ordinal);
        Assert.Equal(3, scraping.Metric("prometheus_target_interval_length_seconds_count{interval=\"10s\"}"));
        Assert.Equal(1, scraping.Metric("prometheus_target_metadata_cache_entries{scrape_job=\"job\"}"));
    }

    [Fact]
    public async Task A_vanished_target_is_marked_stale_after_two_intervals_and_a_tenth()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        long last = scraping.Storage.Samples("up")[^1].TimeMs;
        await scraping.SyncAsync("job");
        Assert.Empty(scraping.Manager.ActiveTargets);
        long now = scraping.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        scraping.Clock.Advance(TimeSpan.FromMilliseconds(last + 21_000 - now - 1));
        Assert.Equal(1, scraping.Storage.Commits);
        scraping.Clock.Advance(TimeSpan.FromMilliseconds(2));
        await scraping.Storage.WaitForCommits(2);
        foreach (string name in (string[])["up", "good", "scrape_duration_seconds"])
        {
            (long timeMs, double value) = scraping.Storage.Samples(name)[^1];
            Assert.True(StaleMarker.IsStale(value), name);
            Assert.Equal(last + 10_000, timeMs);
        }
    }

    [Fact]
    public async Task Stopping_writes_no_stale_markers_and_ends_hanging_scrapes()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address, $"__address__={server.Address},__metrics_path__=/hang");
        scraping.Clock.Advance(TimeSpan.FromSeconds(10));
        await scraping.Storage.WaitForCommits(1);
        await server.Hung.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await scraping.DisposeAsync();
        scraping.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, scraping.Storage.Commits);
        Assert.DoesNotContain(scraping.Storage.Samples("good"), sample => StaleMarker.IsStale(sample.Value));
    }

    [Fact]
    public async Task A_reload_that_leaves_samples_alone_keeps_the_cache()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        await scraping.ApplyAsync(Scraping.Job() with { SampleLimit = 100 });
        await scraping.NextAsync();
        Assert.Equal([2.0, 0], scraping.Storage.Samples("scrape_series_added").Select(sample => sample.Value));
        scraping.Clock.Advance(TimeSpan.FromSeconds(3));
        await scraping.ApplyAsync(Scraping.Job() with { HonorLabels = true });
        await scraping.NextAsync();
        Assert.Equal(2, scraping.Storage.Last("scrape_series_added"));
        Assert.Equal(2, scraping.Metric("prometheus_target_scrape_pool_reloads_total"));
    }

    [Fact]
    public async Task A_reload_without_changes_leaves_the_loops_alone()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        await scraping.ApplyAsync(Scraping.Job());
        await scraping.NextAsync();
        Assert.Equal(0, scraping.Metric("prometheus_target_scrape_pool_reloads_total"));
        Assert.Equal(1, scraping.Metric("prometheus_target_interval_length_seconds_count{interval=\"10s\"}"));
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_prepared_changes_nothing()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        ScrapeConfiguration bad = Scraping.Job("bad") with
        {
            Http = HttpClientSettings.Default with { Tls = TlsSettings.None with { CaFile = "/does/not/exist" } },
        };
        Assert.Throws<ScrapeConfigurationException>(() => scraping.Manager.Prepare([Scraping.Job() with { HonorLabels = true }, bad], Labels.Empty));
        await scraping.NextAsync();
        Assert.Equal((1.0, false), (scraping.Storage.Last("up"), scraping.Manager.PoolConfiguration("job").HonorLabels));
        Assert.Equal(1, scraping.Metric("prometheus_target_scrape_pool_reloads_failed_total"));
    }

    [Fact]
    public async Task A_job_that_is_gone_loses_its_targets_and_metrics()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.ApplyAsync(Scraping.Job("another"));
        Assert.Empty(scraping.Manager.ScrapePools);
        Assert.DoesNotContain("scrape_job=\"job\"", scraping.Registry.ToText(), StringComparison.Ordinal);
        Assert.Equal("scrape pool \"job\" not found", Assert.Throws<KeyNotFoundException>(() => scraping.Manager.PoolConfiguration("job")).Message);
    }

    [Fact]
    public async Task Too_many_targets_all_fail_without_a_request()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job() with { TargetLimit = 1 }, $"__address__={server.Address},x=1", $"__address__={server.Address},x=2");
        await scraping.NextAsync(2);
        Assert.All(scraping.Manager.ActiveTargets, target => Assert.Equal("target_limit exceeded (number of targets: 2, limit: 1)", target.LastError));
        Assert.Empty(server.Requests);
        await scraping.SyncAsync("job", $"__address__={server.Address},x=1");
        await scraping.NextAsync();
        Assert.Equal("up", Assert.Single(scraping.Manager.ActiveTargets).Health);
    }

    [Fact]
    public async Task Equal_targets_are_scraped_once_and_dropped_ones_are_counted()
    {
        await using var scraping = new Scraping();
        ScrapeConfiguration job = Scraping.Job() with
        {
            KeepDroppedTargets = 1,
            RelabelRules = [new RelabelRule { SourceLabels = ["drop"], Pattern = "yes", Action = RelabelAction.Drop }],
        };
        await scraping.StartAsync(job, "a:1", "__address__=a:1,__meta_x=y", "__address__=b:1,drop=yes", "__address__=c:1,drop=yes", "__address__=d/e");
        Assert.Single(scraping.Manager.ActiveTargets);
        Assert.Equal([("job", 2)], scraping.Manager.DroppedTargetCounts);
        DroppedTarget dropped = Assert.Single(scraping.Manager.DroppedTargets);
        Assert.Equal(("b:1", "10s"), (dropped.DiscoveredLabels["__address__"], dropped.DiscoveredLabels["__scrape_interval__"]));
        ScrapeNotice notice = Assert.Single(scraping.Notices);
        Assert.Equal("instance 4 in group test: \"d/e\" is not a valid hostname", notice.Error);
        Assert.Equal(1, scraping.Metric("prometheus_target_sync_failed_total{scrape_job=\"job\"}"));
    }

    [Fact]
    public async Task A_storage_that_fails_is_told_and_scraping_goes_on()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        scraping.Storage.CommitFailure = new IOException("no space left on device");
        await scraping.StartAsync(Scraping.Job(), server.Address);
        scraping.Clock.Advance(TimeSpan.FromSeconds(10));
        while (scraping.Notices.Count == 0)
            await Task.Yield();
        Assert.Equal(("Scrape commit failed", "no space left on device"), (scraping.Notices.First().Message, scraping.Notices.First().Error));
        scraping.Storage.CommitFailure = null;
        await scraping.NextAsync();
        Assert.Equal(1, scraping.Storage.Last("up"));
    }

    [Fact]
    public async Task Targets_keep_their_state_and_show_what_they_were_discovered_as()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), $"__address__={server.Address},__meta_version=1");
        await scraping.NextAsync();
        await scraping.SyncAsync("job", $"__address__={server.Address},__meta_version=2");
        TargetState target = Assert.Single(scraping.Manager.ActiveTargets);
        Assert.Equal(("up", "2", $"http://{server.Address}/good"), (target.Health, target.DiscoveredLabels["__meta_version"], target.ScrapeUrl));
        Assert.Equal(("10s", "10s", "job"), (target.ScrapeInterval, target.ScrapeTimeout, target.ScrapePool));
        Assert.Equal($"{{instance=\"{server.Address}\", job=\"job\"}}", target.Labels.ToString());
        Assert.Equal(["good"], target.Metadata.Select(metadata => metadata.MetricFamily));
    }

    [Fact]
    public async Task Targets_come_from_discovery_after_a_while_and_then_in_its_pace()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.ApplyAsync(Scraping.Job());
        var updates = System.Threading.Channels.Channel.CreateUnbounded<IReadOnlyDictionary<string, IReadOnlyList<Discovery.TargetGroup>>>();
        updates.Writer.TryWrite(Update(server.Address));
        scraping.Manager.Run(updates.Reader);
        while (updates.Reader.Count > 0)
            await Task.Yield();
        scraping.Clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(scraping.Manager.ScrapePools);
        scraping.Clock.Advance(TimeSpan.FromMilliseconds(1));
        while (scraping.Manager.ActiveTargets.Count != 1 || scraping.Clock.ArmedTimers < 2)
            await Task.Yield();
        updates.Writer.TryWrite(Update());
        updates.Writer.TryWrite(Update(server.Address, "b:1", "c:1"));
        while (updates.Reader.Count > 0)
            await Task.Yield();
        Assert.Single(scraping.Manager.ActiveTargets);
        scraping.Clock.Advance(TimeSpan.FromSeconds(5));
        while (scraping.Manager.ActiveTargets.Count != 3)
            await Task.Yield();
        Assert.Equal(2, scraping.Metric("prometheus_target_scrape_pool_sync_total{scrape_job=\"job\"}"));
    }

    private static Dictionary<string, IReadOnlyList<Discovery.TargetGroup>> Update(params string[] addresses) => new()
    {
        ["job"] = [new Discovery.TargetGroup("s", Labels.Empty, [.. addresses.Select(address => Labels.FromStrings("__address__", address))])],
    };
}
