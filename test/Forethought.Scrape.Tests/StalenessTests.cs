using Forethought.Configuration;
using Forethought.Model;
using Xunit;

namespace Forethought.Scrape.Tests;

public sealed class StalenessTests
{
    [Fact]
    public void A_series_that_vanishes_is_marked_stale_once_at_the_time_of_the_scrape()
    {
        var target = new Ingested();
        target.Scrape("a 1\nb 1\nc 1\n");
        target.Scrape("a 2\nc 2\n");
        target.Scrape("a 3\nc 3\n");
        Assert.Equal("1@1001000 stale@1002000", Of(target, "b"));
        Assert.Equal("1@1001000 2@1002000 3@1003000", Of(target, "c"));
    }

    [Fact]
    public void A_series_that_comes_back_is_counted_as_added_again()
    {
        var target = new Ingested();
        target.Scrape("a 1\nb 1\n");
        Assert.Equal(2, target.Counts.SeriesAdded);
        target.Scrape("a 2\n");
        target.Scrape("b 3\na 3\n");
        Assert.Equal(1, target.Counts.SeriesAdded);
        Assert.Equal("1@1001000 stale@1002000 3@1003000", Of(target, "b"));
    }

    [Fact]
    public void A_failed_scrape_makes_everything_stale_and_the_cache_survives_it()
    {
        var target = new Ingested();
        target.Scrape("a 1\nb 1\n");
        target.Scrape("");
        target.Scrape("");
        target.Scrape("a 4\nb 4\n");
        Assert.Equal("1@1001000 stale@1002000 4@1004000", Of(target, "a"));
        Assert.Equal(0, target.Counts.SeriesAdded);
    }

    // Upstream tracks what it has read up to the error, although it rolls it back (scrape/scrape.go, append and updateStaleMarkers).
    [Fact]
    public void A_scrape_that_breaks_off_marks_only_what_comes_after_the_break()
    {
        var target = new Ingested();
        target.Scrape("a 1\nb 1\n");
        Assert.NotNull(target.Scrape("a 2\n!\n"));
        Assert.Equal("1@1001000", Of(target, "a"));
        Assert.Equal("1@1001000 stale@1002000", Of(target, "b"));
        target.Scrape("");
        Assert.Equal("1@1001000 stale@1003000", Of(target, "a"));
    }

    [Fact]
    public void The_same_series_in_other_words_is_not_stale()
    {
        var target = new Ingested();
        target.Scrape("a{x=\"1\",y=\"2\"} 1\n");
        target.Scrape("a{y=\"2\",x=\"1\"} 2\n");
        Assert.Equal("1@1001000 2@1002000", Of(target, "a"));
        Assert.Equal(1, target.Storage.Created);
    }

    [Fact]
    public void Series_with_explicit_timestamps_are_not_tracked_unless_wanted()
    {
        var untracked = new Ingested();
        untracked.Scrape("a 1 5000\n");
        untracked.Scrape("b 1\n");
        Assert.Equal("1@5000", Of(untracked, "a"));
        var tracked = new Ingested(new ScrapeConfiguration { TrackTimestampsStaleness = true });
        tracked.Scrape("a 1 5000\n");
        tracked.Scrape("b 1\n");
        Assert.Equal("1@5000 stale@1002000", Of(tracked, "a"));
    }

    [Fact]
    public void A_series_whose_first_sample_is_refused_gets_no_marker()
    {
        var target = new Ingested();
        target.Storage.MinTimeMs = 2_000_000;
        target.Scrape("a 1\n");
        target.Storage.MinTimeMs = 0;
        target.Scrape("b 1\n");
        Assert.Equal(["{__name__=\"b\"} 1@1002000"], target.Storage.Lines());
    }

    [Fact]
    public void Series_that_the_storage_has_collected_are_made_again()
    {
        var target = new Ingested();
        target.Scrape("a 1\nb 1\n");
        target.Storage.Collect();
        Assert.Null(target.Scrape("a 2\nb 2\n"));
        Assert.Equal(["{__name__=\"a\"} 2@1002000", "{__name__=\"b\"} 2@1002000"], target.Storage.Lines());
        target.Scrape("b 3\n");
        Assert.Equal("2@1002000 stale@1003000", Of(target, "a"));
    }

    [Fact]
    public void References_too_large_for_an_entry_are_stored_every_time_all_the_same()
    {
        var target = new Ingested(storage: new MemoryStorage { FirstReference = 1UL << 42 });
        target.Scrape("a 1\n");
        target.Scrape("a 2\n");
        Assert.Equal("1@1001000 2@1002000", Of(target, "a"));
    }

    [Fact]
    public void Failing_scrapes_that_grow_the_cache_flush_it()
    {
        var target = new Ingested();
        for (int round = 0; round < 5; round++)
        {
            string lines = string.Concat(Enumerable.Range(0, 400).Select(i => $"m{round}_{i} 1\n"));
            Assert.NotNull(target.Scrape(lines + "!"));
        }

        Assert.Equal(1, target.Metrics.CacheFlushesForced.Value);
        Assert.True(target.Context.Cache.Count <= 1000);
    }

    private static string Of(Ingested target, string name) => string.Join(' ', target.Storage.Samples(name).Select(
        sample => StaleMarker.IsStale(sample.Value) ? $"stale@{sample.TimeMs}" : $"{sample.Value}@{sample.TimeMs}"));
}
