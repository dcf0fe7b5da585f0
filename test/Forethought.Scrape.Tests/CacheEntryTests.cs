using Forethought.Exposition;
using Forethought.Scrape.Cache;
using Forethought.Storage;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>What sixteen bytes hold at their bounds, and how the bits go from one scrape to the next.</summary>
public sealed class CacheEntryTests
{
    [Theory]
    [InlineData(0UL, 0, 1UL)]
    [InlineData(ulong.MaxValue, CacheEntry.MaxLength, CacheEntry.MaxReference)]
    [InlineData(0x8000_0000_0000_0001, 1, 1UL << 41)]
    public void A_series_keeps_its_hash_length_and_reference(ulong hash, int length, ulong reference)
    {
        CacheEntry entry = CacheEntry.ForSeries(hash, length, new SeriesRef(reference));
        entry.See();
        entry.Track();
        entry.EndScrape();
        entry.See();
        Assert.Equal((hash, length, reference, CacheEntryKind.Series), (entry.Hash, entry.Length, entry.Series.Value, entry.Kind));
    }

    [Theory]
    [InlineData(MetricType.Unknown, -1)]
    [InlineData(MetricType.Counter, 0)]
    [InlineData(MetricType.Histogram, 1_000_000)]
    public void A_line_keeps_its_type_and_family(MetricType type, int family)
    {
        CacheEntry entry = CacheEntry.ForLine(7, CacheEntry.MaxLength, type, family);
        entry.See();
        Assert.Equal((type, family, CacheEntryKind.Line, CacheEntry.MaxLength), (entry.Type, entry.Family, entry.Kind, entry.Length));
    }

    [Fact]
    public void Every_type_of_metric_fits() =>
        Assert.All(Enum.GetValues<MetricType>(), type => Assert.Equal(type, CacheEntry.ForLine(1, 1, type, 5).Type));

    [Fact]
    public void A_series_vanishes_in_the_scrape_after_the_last_that_had_it()
    {
        CacheEntry entry = CacheEntry.ForSeries(1, 1, new SeriesRef(1));
        entry.Track();
        Assert.False(entry.IsVanished);
        entry.EndScrape();
        Assert.True(entry.IsVanished);
        entry.EndScrape();
        Assert.False(entry.IsVanished);
    }

    [Fact]
    public void A_series_that_is_seen_but_not_tracked_vanishes_all_the_same()
    {
        CacheEntry entry = CacheEntry.ForSeries(1, 1, new SeriesRef(1));
        entry.Track();
        entry.EndScrape();
        entry.See();
        entry.Track();
        entry.Untrack();
        Assert.Equal((true, true), (entry.IsSeen, entry.IsVanished));
    }

    [Fact]
    public void What_was_taken_out_neither_vanishes_nor_is_tracked_again()
    {
        CacheEntry entry = CacheEntry.ForSeries(1, 1, new SeriesRef(1));
        entry.Track();
        entry.EndScrape();
        entry.Remove();
        entry.Track();
        Assert.Equal((CacheEntryKind.Removed, false, false), (entry.Kind, entry.IsVanished, entry.IsTracked));
        entry.EndScrape();
        Assert.False(entry.IsVanished);
    }

    [Fact]
    public void Reading_once_more_forgets_what_was_seen_and_keeps_what_was_there_before()
    {
        CacheEntry entry = CacheEntry.ForSeries(1, 1, new SeriesRef(1));
        entry.Track();
        entry.EndScrape();
        entry.See();
        entry.Track();
        entry.Unsee();
        Assert.Equal((false, false, true), (entry.IsSeen, entry.IsTracked, entry.IsVanished));
    }
}
