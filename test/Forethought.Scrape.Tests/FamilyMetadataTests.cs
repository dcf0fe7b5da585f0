using Forethought.Exposition;
using Forethought.Scrape.Samples;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>Which metadata is handed to the storage, and when (upstream's appendMetadataToWAL and isSeriesPartOfFamily).</summary>
public sealed class FamilyMetadataTests
{
    private const string Families =
        "# HELP a_total All.\n# TYPE a_total counter\na_total{x=\"1\"} 1\na_total{x=\"2\"} 2\n# HELP b Now.\n# TYPE b gauge\nb 1\n";

    [Fact]
    public void Of_each_series_once_when_it_is_new()
    {
        var target = new Ingested(passesMetadata: true);
        target.Scrape(Families);
        Assert.Equal(["a_total 1  All.", "a_total 1  All.", "b 2  Now."], target.Storage.Metadata);
        target.Scrape(Families);
        Assert.Equal(3, target.Storage.Metadata.Count);
        target.Scrape(Families.Replace("b 1", "b{y=\"1\"} 1", StringComparison.Ordinal));
        Assert.Equal("b 2  Now.", Assert.Single(target.Storage.Metadata.Skip(3)));
    }

    [Fact]
    public void Of_known_series_too_when_it_has_changed()
    {
        var target = new Ingested(passesMetadata: true);
        target.Scrape(Families);
        string changed = Families.Replace("All.", "Every one.", StringComparison.Ordinal);
        target.Scrape(changed);
        Assert.Equal(["a_total 1  Every one.", "a_total 1  Every one."], target.Storage.Metadata.Skip(3));
        target.Scrape(changed);
        Assert.Equal(5, target.Storage.Metadata.Count);
        target.Scrape(changed.Replace("TYPE b gauge", "TYPE b counter", StringComparison.Ordinal));
        Assert.Equal(["b 1  Now."], target.Storage.Metadata.Skip(5));
    }

    [Fact]
    public void None_unless_it_is_wanted()
    {
        var target = new Ingested();
        target.Scrape(Families);
        Assert.Empty(target.Storage.Metadata);
    }

    [Fact]
    public void None_of_series_that_do_not_belong_to_the_family_nor_of_those_after_them()
    {
        var target = new Ingested(passesMetadata: true);
        target.Scrape("# TYPE a counter\na 1\nother 1\na_total 1\n# TYPE c gauge\nc_x 1\n");
        Assert.Equal(["a 1  "], target.Storage.Metadata);
    }

    [Fact]
    public void Again_after_the_storage_has_collected_the_series()
    {
        var target = new Ingested(passesMetadata: true);
        target.Scrape("# TYPE a counter\na 1\n");
        target.Storage.Collect();
        target.Scrape("# TYPE a counter\na 1\n");
        Assert.Equal(["a 1  ", "a 1  "], target.Storage.Metadata);
    }

    [Theory]
    [InlineData("a", "a", MetricType.Unknown, true)]
    [InlineData("ab", "a", MetricType.Unknown, false)]
    [InlineData("a_total", "a", MetricType.Counter, true)]
    [InlineData("a_total", "a_total", MetricType.Counter, true)]
    [InlineData("a_total", "a", MetricType.Gauge, false)]
    [InlineData("a_bucket", "a", MetricType.Histogram, true)]
    [InlineData("a_sum", "a", MetricType.Histogram, true)]
    [InlineData("a_count", "a", MetricType.Histogram, true)]
    [InlineData("a_gcount", "a", MetricType.Histogram, false)]
    [InlineData("a_gsum", "a", MetricType.GaugeHistogram, true)]
    [InlineData("a_gcount", "a", MetricType.GaugeHistogram, true)]
    [InlineData("a_bucket", "a", MetricType.GaugeHistogram, true)]
    [InlineData("a_sum", "a", MetricType.Summary, true)]
    [InlineData("a_bucket", "a", MetricType.Summary, false)]
    [InlineData("a_info", "a", MetricType.Info, true)]
    [InlineData("b", "a", MetricType.Counter, false)]
    public void Series_belong_to_a_family_by_their_suffix(string series, string family, MetricType type, bool belongs) =>
        Assert.Equal(
            belongs,
            FamilyMetadata.IsPartOf(System.Text.Encoding.ASCII.GetBytes(series), System.Text.Encoding.ASCII.GetBytes(family), type));
}
