using Forethought.Configuration;
using Forethought.Model;
using Xunit;

namespace Forethought.Scrape.Tests;

/// <summary>
/// Upstream's verifyLabelLimits: applied to what is stored, after relabelling, to series that are not in the cache; lengths are bytes.
/// </summary>
public sealed class LabelLimitTests
{
    private static readonly Labels Target = Labels.FromStrings("instance", "i", "job", "j");

    [Theory]
    [InlineData(3, "m 1", true)]
    [InlineData(2, "m 1", false)]
    [InlineData(4, "m{a=\"1\"} 1", true)]
    [InlineData(3, "m{a=\"1\"} 1", false)]
    [InlineData(3, "m{a=\"\"} 1", true)]
    public void The_name_and_the_target_s_labels_count_and_empty_ones_do_not(int limit, string line, bool isTaken)
    {
        var target = new Ingested(new ScrapeConfiguration { LabelLimit = (ulong)limit }, target: Target);
        Assert.Equal(isTaken, target.Scrape(line + "\n") is null);
        Assert.Equal(isTaken ? 0 : 1, target.Metrics.ExceededLabelLimits.Value);
    }

    [Theory]
    [InlineData("m 1\n", 8, null)]
    [InlineData("m 1\n", 7, "label_name_length_limit exceeded (metric: m, label name: __name__, length: 8, limit: 7)")]
    [InlineData("m{\"größer_ß\"=\"1\"} 1\n", 11, null)]
    [InlineData("m{\"größer_ß\"=\"1\"} 1\n", 10, "label_name_length_limit exceeded (metric: m, label name: größer_ß, length: 11, limit: 10)")]
    public void Names_are_measured_in_bytes(string line, int limit, string? error) =>
        Assert.Equal(error, new Ingested(new ScrapeConfiguration { LabelNameLengthLimit = (ulong)limit }).Scrape(line));

    [Theory]
    [InlineData("four", 4, null)]
    [InlineData("four", 3, "label_value_length_limit exceeded (metric: m, label name: a, value: \"four\", length: 4, limit: 3)")]
    [InlineData("zürich", 6, "label_value_length_limit exceeded (metric: m, label name: a, value: \"zürich\", length: 7, limit: 6)")]
    public void Values_are_measured_in_bytes(string value, int limit, string? error) => Assert.Equal(
        error, new Ingested(new ScrapeConfiguration { LabelValueLengthLimit = (ulong)limit }).Scrape($"m{{a=\"{value}\"}} 1\n"));

    [Fact]
    public void The_metric_s_name_is_a_value_too() => Assert.Equal(
        "label_value_length_limit exceeded (metric: metric, label name: __name__, value: \"metric\", length: 6, limit: 5)",
        new Ingested(new ScrapeConfiguration { LabelValueLengthLimit = 5 }).Scrape("metric 1\n"));

    // Go's %.50s and %.50q: fifty characters, not bytes.
    [Fact]
    public void Errors_quote_fifty_characters_at_most()
    {
        string value = new('ü', 60), shortened = new('ü', 50);
        Assert.Equal(
            $"label_value_length_limit exceeded (metric: {shortened}, label name: __name__, value: \"{shortened}\", length: 120, limit: 119)",
            new Ingested(new ScrapeConfiguration { LabelValueLengthLimit = 119 }).Scrape($"{{\"{value}\"}} 1\n"));
    }

    [Fact]
    public void Relabelling_comes_first()
    {
        var job = new ScrapeConfiguration
        {
            LabelLimit = 2,
            MetricRelabelRules =
            [
                new RelabelRule { Pattern = "long_.*", Action = RelabelAction.LabelDrop },
                new RelabelRule { SourceLabels = ["__name__"], Pattern = "dropped", Action = RelabelAction.Drop },
            ],
        };
        var target = new Ingested(job);
        Assert.Null(target.Scrape("m{long_a=\"1\",long_b=\"2\",c=\"3\"} 1\ndropped{a=\"1\",b=\"2\",c=\"3\"} 1\n"));
        Assert.Equal(["{__name__=\"m\", c=\"3\"} 1@1001000"], target.Storage.Lines());
    }

    [Fact]
    public void A_series_that_breaks_a_limit_fails_every_scrape_and_the_others_stay_fresh()
    {
        var target = new Ingested(new ScrapeConfiguration { LabelLimit = 1 });
        Assert.Null(target.Scrape("a 1\nz 1\n"));
        for (int scrape = 1; scrape <= 3; scrape++)
        {
            Assert.NotNull(target.Scrape("a 1\nb{x=\"1\"} 1\nz 1\n"));
            Assert.Equal(scrape, target.Metrics.ExceededLabelLimits.Value);
        }

        // What was read before the break keeps its place, what comes after it is stale.
        Assert.Equal(["{__name__=\"a\"} 1@1001000", "{__name__=\"z\"} 1@1001000", "{__name__=\"z\"} stale@1002000"], target.Storage.Lines());
        Assert.Null(target.Scrape("a 5\nz 5\n"));
        Assert.Equal((0, 2), (target.Counts.SeriesAdded, target.Counts.Kept));
    }

    [Fact]
    public void Limits_of_zero_are_none()
    {
        string labels = string.Join(',', Enumerable.Range(0, 200).Select(i => $"{new string('n', 100)}{i}=\"{new string('v', 5000)}\""));
        Assert.Null(new Ingested(new ScrapeConfiguration()).Scrape($"m{{{labels}}} 1\n"));
    }
}
