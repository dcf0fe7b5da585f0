using System.Globalization;
using Forethought.Testing;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class ScrapeMetricsTests
{
    [Fact]
    public async Task Every_metric_of_scraping_has_the_name_type_and_labels_of_the_reference()
    {
        await using HostileServer server = await HostileServer.StartAsync();
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), server.Address);
        await scraping.NextAsync();
        await scraping.ApplyAsync(Scraping.Job() with { HonorLabels = true });
        await scraping.NextAsync();
        await scraping.NextAsync();
        string text = scraping.Registry.ToText();
        foreach (string[] row in Surface.Rows("metrics.tsv").Where(row => row[0].StartsWith("prometheus_target_", StringComparison.Ordinal)))
        {
            (string name, string type, string label) = (row[0], row[1], row[2]);
            Assert.Contains($"# TYPE {name} {type}\n", text, StringComparison.Ordinal);
            string series = text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal) && !line.StartsWith('#'));
            Assert.True(label.Length == 0 || series.Contains(label + "=\"", StringComparison.Ordinal), $"{series} lacks {label}");
            if (type == "summary")
            {
                IEnumerable<string> quantiles = text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal))
                    .Select(line => line.Split("quantile=\"")[1].Split('"')[0]);
                Assert.Equal(row[6].Split(' '), quantiles);
            }
        }
    }

    // What a pool is asked for when it can be: once each.
    [Theory]
    [InlineData("prometheus_target_scrape_pools_total", 1)]
    [InlineData("prometheus_target_scrape_pools_failed_total", 0)]
    [InlineData("prometheus_target_scrape_pool_reloads_total", 1)]
    [InlineData("prometheus_target_scrape_pool_target_limit{scrape_job=\"job\"}", 7)]
    [InlineData("prometheus_target_scrape_pool_targets{scrape_job=\"job\"}", 2)]
    [InlineData("prometheus_target_scrape_pool_sync_total{scrape_job=\"job\"}", 2)]
    [InlineData("prometheus_target_sync_length_seconds_count{scrape_job=\"job\"}", 2)]
    [InlineData("prometheus_target_sync_failed_total{scrape_job=\"job\"}", 3)]
    [InlineData("prometheus_target_scrape_pool_exceeded_target_limit_total", 0)]
    [InlineData("prometheus_target_scrape_pool_symboltable_items{scrape_job=\"job\"}", 0)]
    public async Task Pools_count_what_happens_to_them(string series, double expected)
    {
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job(), "a:1", "b:1", "c/d", "e/f");
        await scraping.ApplyAsync(Scraping.Job() with { TargetLimit = 7 });
        await scraping.SyncAsync("job", "a:1", "b:1", "g/h");
        Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), scraping.Metric(series).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Too_many_targets_are_counted_at_each_sync_and_reload()
    {
        await using var scraping = new Scraping();
        await scraping.StartAsync(Scraping.Job() with { TargetLimit = 1 }, "a:1", "b:1");
        Assert.Equal(1, scraping.Metric("prometheus_target_scrape_pool_exceeded_target_limit_total"));
        await scraping.ApplyAsync(Scraping.Job() with { TargetLimit = 1, HonorLabels = true });
        Assert.Equal(2, scraping.Metric("prometheus_target_scrape_pool_exceeded_target_limit_total"));
        await scraping.ApplyAsync(Scraping.Job() with { TargetLimit = 2 });
        await scraping.SyncAsync("job", "a:1");
        Assert.Equal(2, scraping.Metric("prometheus_target_scrape_pool_exceeded_target_limit_total"));
    }
}
