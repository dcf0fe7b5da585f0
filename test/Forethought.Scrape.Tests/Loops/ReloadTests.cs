using Forethought.Configuration;
using Forethought.Model;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>What reloads and changes of targets do to the loops and to what they remember.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task New_relabelling_stores_under_new_labels_and_marks_the_old_series_stale()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        long first = scraping.Storage.Samples("up")[0].TimeMs;
        await scraping.ApplyAsync(Scraping.Job() with { MetricRelabelRules = [new RelabelRule { TargetLabel = "env", Replacement = "new" }] });
        await scraping.NextAsync();
        Assert.Equal(2, scraping.Storage.Last("scrape_series_added"));
        await scraping.UntilAsync(first + 21_000, commits: 2);
        foreach (string name in (string[])["good", "other"])
        {
            Assert.Equal(name == "good" ? "1@0 stale@10" : "2@0 stale@10", Of(scraping, name, "env=\"new\"", false, first));
            Assert.DoesNotContain("stale", Of(scraping, name, "env=\"new\"", true, first), StringComparison.Ordinal);
        }

        // The reports go on under the same labels: their markers come too late.
        Assert.DoesNotContain(scraping.Storage.Samples("up"), sample => StaleMarker.IsStale(sample.Value));
        Assert.Equal(3, scraping.Storage.Samples("up").Count);
    }

    // Upstream's zeroConfig: what alters no series leaves the cache alone.
    [Theory]
    [InlineData("timeout", true)]
    [InlineData("sample limit", true)]
    [InlineData("http", true)]
    [InlineData("label limit", false)]
    [InlineData("honor_labels", false)]
    [InlineData("honor_timestamps", false)]
    [InlineData("metric relabelling", false)]
    [InlineData("relabelling", false)]
    [InlineData("body size limit", false)]
    public async Task A_reload_drops_what_is_remembered_only_where_it_may_be_wrong(string change, bool keepsCache)
    {
        ScrapeConfiguration job = Scraping.Job();
        ScrapeConfiguration changed = change switch
        {
            "timeout" => job with { ScrapeTimeout = TimeSpan.FromSeconds(3) },
            "sample limit" => job with { SampleLimit = 1000 },
            "http" => job with { Http = job.Http with { FollowRedirects = false } },
            "label limit" => job with { LabelLimit = 60 },
            "honor_labels" => job with { HonorLabels = true },
            "honor_timestamps" => job with { HonorTimestamps = false },
            "metric relabelling" => job with { MetricRelabelRules = [new RelabelRule { SourceLabels = ["x"], Pattern = "y", Action = RelabelAction.Drop }] },
            "relabelling" => job with { RelabelRules = [new RelabelRule { SourceLabels = ["x"], Pattern = "y", Action = RelabelAction.Drop }] },
            _ => job with { BodySizeLimit = 100_000 },
        };
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(job, server.Address);
        await scraping.NextAsync();
        await scraping.ApplyAsync(changed);
        await scraping.NextAsync();
        Assert.Equal(keepsCache ? 0 : 2, scraping.Storage.Last("scrape_series_added"));
        Assert.Equal(1, scraping.Metric("prometheus_target_scrape_pool_reloads_total"));
        Assert.Equal(1, scraping.Metric("prometheus_target_reload_length_seconds_count{interval=\"10s\"}"));
    }

    [Fact]
    public async Task A_reload_restarts_the_jobs_that_changed_and_no_others()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.ApplyAsync(Scraping.Job("a"), Scraping.Job("b"));
        await scraping.SyncAsync("a", server.Address);
        await scraping.SyncAsync("b", server.Address);
        await scraping.NextAsync(2);
        await scraping.ApplyAsync(Scraping.Job("a"), Scraping.Job("b") with { HonorLabels = true });
        await scraping.NextAsync(2);
        string[] lines = [.. scraping.Storage.Lines(withReports: true).Where(line => line.Contains("\"scrape_series_added\"", StringComparison.Ordinal))];
        Assert.Equal(["2", "0", "2", "2"], lines.Select(line => line.Split("} ")[1].Split('@')[0]));
        Assert.Equal(1, scraping.Metric("prometheus_target_scrape_pool_reloads_total"));
        Assert.True(scraping.Manager.PoolConfiguration("b").HonorLabels);
        Assert.Equal(["a", "b"], scraping.Manager.ScrapePools);
    }

    [Fact]
    public async Task A_target_that_leaves_and_comes_back_goes_on_without_a_gap()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        long first = scraping.Storage.Samples("up")[0].TimeMs;
        await scraping.SyncAsync("job");
        Assert.Equal(0, scraping.Metric("prometheus_target_scrape_pool_targets{scrape_job=\"job\"}"));
        await scraping.SyncAsync("job", server.Address);
        await scraping.NextAsync();
        await scraping.UntilAsync(first + 21_000, commits: 2);
        foreach (string name in (string[])["good", "other", "up"])
            Assert.Equal([first, first + 10_000, first + 20_000], scraping.Storage.Samples(name).Select(sample => sample.TimeMs));
        Assert.DoesNotContain("stale", string.Join(' ', scraping.Storage.Lines(withReports: true)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_comes_back_with_less_has_the_rest_marked_stale()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(path: "/changing"), server.Address);
        await scraping.NextAsync();
        long first = scraping.Storage.Samples("up")[0].TimeMs;
        await scraping.SyncAsync("job");
        server.Exposition = "good 1\n";
        await scraping.SyncAsync("job", server.Address);
        await scraping.NextAsync();
        await scraping.UntilAsync(first + 21_000, commits: 2);
        Assert.Equal([first, first + 10_000], scraping.Storage.Samples("other").Select(sample => sample.TimeMs));
        Assert.True(StaleMarker.IsStale(scraping.Storage.Last("other")));
        Assert.Equal([1.0, 1, 1], scraping.Storage.Samples("good").Select(sample => sample.Value));
    }

    [Fact]
    public async Task A_target_whose_labels_change_leaves_all_its_series_stale()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), $"__address__={server.Address},zone=a");
        await scraping.NextAsync();
        long first = scraping.Storage.Samples("up")[0].TimeMs;
        await scraping.SyncAsync("job", $"__address__={server.Address},zone=b");
        await scraping.NextAsync();
        long under = scraping.Storage.Samples("up")[^1].TimeMs;
        // The markers, and before them the target's second scrape under its new labels if its place in the interval comes first.
        await scraping.UntilAsync(first + 21_000, commits: under + 10_000 <= first + 21_000 ? 2 : 1);
        foreach (string name in (string[])["good", "other", "up", "scrape_series_added"])
            Assert.EndsWith("stale@10", Of(scraping, name, "zone=\"a\"", true, first), StringComparison.Ordinal);
        Assert.DoesNotContain("stale", Of(scraping, "good", "zone=\"b\"", true, first), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_was_never_scraped_leaves_nothing()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.SyncAsync("job");
        scraping.Clock.Advance(TimeSpan.FromMinutes(2));
        await scraping.DisposeAsync();
        Assert.Empty(scraping.Storage.Lines(withReports: true));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_job_that_is_gone_leaves_its_series_stale_and_may_come_back()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        long first = scraping.Storage.Samples("up")[0].TimeMs;
        await scraping.ApplyAsync();
        await scraping.UntilAsync(first + 21_000, commits: 1);
        Assert.All((string[])["up", "good", "other"], name => Assert.True(StaleMarker.IsStale(scraping.Storage.Last(name)), name));
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        Assert.Equal((1.0, 2.0), (scraping.Storage.Last("up"), scraping.Storage.Last("scrape_series_added")));
        Assert.Equal(2, scraping.Metric("prometheus_target_scrape_pools_total"));
    }

    [Fact]
    public async Task Targets_of_an_unknown_job_are_reported_and_ignored()
    {
        await using var scraping = new Scraping();
        await scraping.ApplyAsync(Scraping.Job());
        await scraping.SyncAsync("other", "a:1");
        ScrapeNotice notice = Assert.Single(scraping.Notices);
        Assert.Equal(("error reloading target set", "invalid config id:other"), (notice.Message, notice.Error));
        Assert.Empty(scraping.Manager.ScrapePools);
    }

    [Fact]
    public async Task A_target_may_have_an_interval_of_its_own()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), $"__address__={server.Address},__scrape_interval__=20s,__scrape_timeout__=5s");
        for (int i = 0; i < 3; i++)
        {
            int before = scraping.Storage.Commits;
            scraping.Clock.Advance(TimeSpan.FromSeconds(20));
            await scraping.Storage.WaitForCommits(before + 1);
        }

        List<(long TimeMs, double Value)> up = scraping.Storage.Samples("up");
        Assert.Equal([20_000L, 20_000], up.Skip(1).Zip(up, (later, earlier) => later.TimeMs - earlier.TimeMs));
        Assert.Equal("5", server.Requests["/good"]["X-Prometheus-Scrape-Timeout-Seconds"]);
        Assert.Equal(("20s", "5s"), (Assert.Single(scraping.Manager.ActiveTargets).ScrapeInterval, scraping.Manager.ActiveTargets[0].ScrapeTimeout));
        Assert.Equal(2, scraping.Metric("prometheus_target_interval_length_seconds_count{interval=\"20s\"}"));
    }

    [Fact]
    public async Task External_labels_move_the_moment_of_scrapes()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        var moments = new HashSet<long>();
        foreach (string replica in (string[])["a", "b", "a"])
        {
            await using var scraping = new Scraping();
            await scraping.Manager.SwitchAsync(scraping.Manager.Prepare([Scraping.Job()], Labels.FromStrings("replica", replica)));
            await scraping.SyncAsync("job", server.Address);
            await scraping.NextAsync();
            moments.Add(scraping.Storage.Samples("up")[0].TimeMs % 10_000);
        }

        Assert.Equal(2, moments.Count);
    }

    // A series' samples as "value@seconds after the first".
    private static string Of(Scraping scraping, string name, string label, bool hasLabel, long firstMs) => string.Join(' ',
        scraping.Storage.Lines(withReports: true)
            .Where(line => line.Contains($"\"{name}\"", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal) == hasLabel)
            .Select(line => line.Split("} ")[1].Split('@'))
            .Select(sample => $"{sample[0]}@{(long.Parse(sample[1], System.Globalization.CultureInfo.InvariantCulture) - firstMs) / 1000}"));
}
