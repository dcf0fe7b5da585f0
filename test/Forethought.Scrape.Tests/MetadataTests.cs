using System.Collections.Concurrent;
using Forethought.Exposition;
using Forethought.Scrape.Cache;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>What is remembered of HELP, TYPE and UNIT lines (upstream's scrapeCache.setType, setHelp, setUnit and iterDone).</summary>
public sealed class MetadataTests
{
    private readonly ConcurrentDictionary<MetricMetadata, MetricMetadata> _shared = [];

    [Fact]
    public void Lines_of_one_family_add_up_and_later_ones_win()
    {
        var cache = new MetadataCache(_shared);
        cache.SetType("a"u8, MetricType.Counter);
        Assert.Equal([new MetricMetadata("a", MetricType.Counter, "", "")], cache.List());
        cache.SetHelp("a"u8, "First."u8);
        cache.SetUnit("a"u8, "seconds"u8);
        Assert.Equal([new MetricMetadata("a", MetricType.Counter, "First.", "seconds")], cache.List());
        cache.SetHelp("a"u8, "Second."u8);
        cache.SetType("a"u8, MetricType.Gauge);
        Assert.Equal([new MetricMetadata("a", MetricType.Gauge, "Second.", "seconds")], cache.List());
        Assert.Equal((1, "Second.".Length + "seconds".Length + "gauge".Length), (cache.Count, cache.Size));
    }

    [Fact]
    public void A_family_known_by_its_help_alone_is_of_unknown_type()
    {
        var cache = new MetadataCache(_shared);
        cache.SetHelp("a"u8, "Über."u8);
        MetricMetadata metadata = Assert.Single(cache.List());
        Assert.Equal((MetricType.Unknown, "Über."), (metadata.Type, metadata.Help));
        // Bytes, not characters.
        Assert.Equal(6 + "unknown".Length, cache.Size);
    }

    [Fact]
    public void A_family_is_forgotten_at_the_eleventh_good_scrape_without_it()
    {
        var cache = new MetadataCache(_shared);
        cache.SetType("a"u8, MetricType.Counter);
        cache.EndScrape(flush: true);
        for (int scrape = 1; scrape <= 10; scrape++)
        {
            cache.EndScrape(flush: true);
            Assert.Equal(1, cache.Count);
        }

        cache.EndScrape(flush: true);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Failed_scrapes_make_a_family_older_but_forget_nothing()
    {
        var cache = new MetadataCache(_shared);
        cache.SetType("a"u8, MetricType.Counter);
        for (int scrape = 0; scrape < 50; scrape++)
            cache.EndScrape(flush: false);
        Assert.Equal(1, cache.Count);
        cache.EndScrape(flush: true);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_line_seen_again_keeps_its_family()
    {
        var cache = new MetadataCache(_shared);
        int kept = cache.SetType("kept"u8, MetricType.Counter);
        cache.SetType("lost"u8, MetricType.Counter);
        for (int scrape = 0; scrape < 30; scrape++)
        {
            cache.Touch(kept);
            cache.EndScrape(flush: true);
        }

        Assert.Equal(["kept"], cache.List().Select(metadata => metadata.MetricFamily));
        // A comment has no family.
        cache.Touch(-1);
    }

    [Fact]
    public void The_number_of_a_forgotten_family_is_given_to_another()
    {
        var cache = new MetadataCache(_shared);
        int first = cache.SetType("first"u8, MetricType.Counter);
        for (int scrape = 0; scrape < 12; scrape++)
            cache.EndScrape(flush: true);
        int second = cache.SetHelp("second"u8, "Second."u8);
        Assert.Equal((first, 1), (second, cache.Count));
        Assert.Equal([new MetricMetadata("second", MetricType.Unknown, "Second.", "")], cache.List());
    }

    [Fact]
    public void Equal_metadata_of_several_targets_is_kept_once()
    {
        MetricMetadata[] listed = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            var cache = new MetadataCache(_shared);
            cache.SetType("a"u8, MetricType.Counter);
            cache.SetHelp("a"u8, "Help."u8);
            return Assert.Single(cache.List());
        })];
        Assert.All(listed, metadata => Assert.Same(listed[0], metadata));
    }

    [Fact]
    public void Help_that_changes_with_every_scrape_does_not_fill_what_is_shared()
    {
        var cache = new MetadataCache(_shared);
        for (int scrape = 0; scrape < 60_000; scrape++)
            cache.SetHelp("a"u8, System.Text.Encoding.ASCII.GetBytes($"Now {scrape}."));
        Assert.InRange(_shared.Count, 1, 50_001);
        Assert.Equal("Now 59999.", Assert.Single(cache.List()).Help);
    }

    [Fact]
    public void Metadata_outlives_a_change_of_order_and_of_type()
    {
        var target = new Ingested();
        target.Scrape("# HELP a A.\n# TYPE a counter\na 1\n# HELP b B.\n# TYPE b gauge\nb 1\n");
        target.Scrape("# TYPE b gauge\n# HELP b B.\nb 1\n# TYPE a gauge\n# HELP a New.\na 1\n");
        Assert.Equal(
            [new MetricMetadata("a", MetricType.Gauge, "New.", ""), new MetricMetadata("b", MetricType.Gauge, "B.", "")],
            target.Context.Cache.Metadata.List().OrderBy(metadata => metadata.MetricFamily, StringComparer.Ordinal));
    }

    [Fact]
    public void Units_come_from_OpenMetrics()
    {
        var target = new Ingested();
        Assert.Null(target.Scrape(
            "# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds Say \\\"a\\\"\\nand b.\na_seconds_total 1\n# EOF\n", ExpositionFormat.OpenMetrics));
        Assert.Equal(
            [new MetricMetadata("a_seconds", MetricType.Counter, "Say \"a\"\nand b.", "seconds")], target.Context.Cache.Metadata.List());
    }
}
