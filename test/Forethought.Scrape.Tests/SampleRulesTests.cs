using Forethought.Configuration;
using Forethought.Model;
using Forethought.Scrape.Samples;
using Forethought.Storage;
using Xunit;
using ExpositionFormat = Forethought.Exposition.ExpositionFormat;

namespace Forethought.Scrape.Tests;

public sealed class SampleRulesTests
{
    private static readonly Labels Target = Labels.FromStrings("job", "tj", "instance", "ti", "zone", "t");

    private const string Conflicts =
        "a{job=\"j\",instance=\"i\",env=\"e\"} 1\nb{exported_job=\"ej\",job=\"j\"} 2\nc{exported_exported_job=\"x\",exported_job=\"y\",job=\"z\"} 3\nd{job=\"\"} 4\n";

    // The names follow upstream's TestScrapeLoopAppend and resolveConflictingExposedLabels (scrape/scrape.go).
    [Fact]
    public void Exposed_labels_that_clash_are_renamed()
    {
        var target = new Ingested(target: Target);
        Assert.Null(target.Scrape(Conflicts));
        Assert.Equal(
            [
                """{__name__="a", env="e", exported_instance="i", exported_job="j", instance="ti", job="tj", zone="t"} 1@1001000""",
                """{__name__="b", exported_exported_job="j", exported_job="ej", instance="ti", job="tj", zone="t"} 2@1001000""",
                """{__name__="c", exported_exported_exported_job="z", exported_exported_job="x", exported_job="y", instance="ti", job="tj", zone="t"} 3@1001000""",
                """{__name__="d", instance="ti", job="tj", zone="t"} 4@1001000""",
            ],
            target.Storage.Lines());
    }

    [Fact]
    public void Honoured_labels_win_even_when_they_are_empty()
    {
        var target = new Ingested(new ScrapeConfiguration { HonorLabels = true }, target: Target);
        Assert.Null(target.Scrape(Conflicts));
        Assert.Equal(
            [
                """{__name__="a", env="e", instance="i", job="j", zone="t"} 1@1001000""",
                """{__name__="b", exported_job="ej", instance="ti", job="j", zone="t"} 2@1001000""",
                """{__name__="c", exported_exported_job="x", exported_job="y", instance="ti", job="z", zone="t"} 3@1001000""",
                """{__name__="d", instance="ti", zone="t"} 4@1001000""",
            ],
            target.Storage.Lines());
    }

    [Fact]
    public void Metric_relabelling_drops_renames_and_counts()
    {
        var job = new ScrapeConfiguration
        {
            MetricRelabelRules =
            [
                new RelabelRule { SourceLabels = ["__name__"], Pattern = "drop.*", Action = RelabelAction.Drop },
                new RelabelRule { SourceLabels = ["__name__"], Pattern = "old", TargetLabel = "__name__", Replacement = "new" },
            ],
        };
        var target = new Ingested(job);
        for (int i = 0; i < 2; i++)
        {
            Assert.Null(target.Scrape("drop_me 1\nold 2\nkeep 3\n"));
            Assert.Equal((3, 2, i == 0 ? 2 : 0), (target.Counts.Scraped, target.Counts.Kept, target.Counts.SeriesAdded));
        }

        Assert.Equal(["{__name__=\"keep\"} 3@1001000", "{__name__=\"keep\"} 3@1002000", "{__name__=\"new\"} 2@1001000", "{__name__=\"new\"} 2@1002000"],
            target.Storage.Lines());
    }

    [Theory]
    [InlineData("a{b=\"1\",b=\"2\"} 1", "label name \"b\" is not unique: invalid sample")]
    [InlineData("a{__name__=\"x\"} 1", "label name \"__name__\" is not unique: invalid sample")]
    [InlineData("ok 1\nnot ok", "strconv.ParseFloat: parsing \"ok\": invalid syntax while parsing: \"not ok\"")]
    public void A_bad_line_fails_the_whole_scrape(string text, string error)
    {
        var target = new Ingested();
        Assert.Equal(error, target.Scrape(text));
        Assert.Empty(target.Storage.Lines());
    }

    [Fact]
    public void Relabelling_that_takes_the_name_away_fails_the_scrape()
    {
        var job = new ScrapeConfiguration { MetricRelabelRules = [new RelabelRule { Pattern = "__name__", Action = RelabelAction.LabelDrop }] };
        Assert.Equal("missing metric name (__name__ label)", new Ingested(job, target: Target).Scrape("a 1"));
    }

    [Fact]
    public void Legacy_validation_refuses_names_of_utf8()
    {
        var job = new ScrapeConfiguration { MetricNameValidation = NameValidation.Legacy };
        Assert.Equal("invalid metric name or label names: {__name__=\"a.b\"}", new Ingested(job).Scrape("{\"a.b\"} 1"));
    }

    // Texts of upstream's verifyLabelLimits.
    [Theory]
    [InlineData(2, 0, 0, "label_limit exceeded (metric: m, number of labels: 3, limit: 2)")]
    [InlineData(0, 8, 0, "label_name_length_limit exceeded (metric: m, label name: long_name, length: 9, limit: 8)")]
    [InlineData(0, 0, 2, "label_value_length_limit exceeded (metric: m, label name: long_name, value: \"v\\\"w\", length: 3, limit: 2)")]
    public void Label_limits_fail_the_scrape(int labels, int name, int value, string error)
    {
        var job = new ScrapeConfiguration { LabelLimit = (ulong)labels, LabelNameLengthLimit = (ulong)name, LabelValueLengthLimit = (ulong)value };
        var target = new Ingested(job, target: Labels.FromStrings("t", "1"));
        Assert.Equal(error, target.Scrape("m{long_name=\"v\\\"w\"} 1"));
        Assert.Equal(1, target.Metrics.ExceededLabelLimits.Value);
    }

    [Fact]
    public void Sample_limit_counts_what_relabelling_leaves_and_fails_the_scrape()
    {
        var job = new ScrapeConfiguration
        {
            SampleLimit = 2,
            MetricRelabelRules = [new RelabelRule { SourceLabels = ["__name__"], Pattern = "drop.*", Action = RelabelAction.Drop }],
        };
        var target = new Ingested(job);
        Assert.Null(target.Scrape("a 1\ndrop1 2\ndrop2 3\nb 4\n"));
        Assert.Equal("sample limit exceeded", target.Scrape("a 1\ndrop1 2\nb 4\nc 5\nd 6\n"));
        Assert.Equal((5, 4, 0), (target.Counts.Scraped, target.Counts.Kept, target.Counts.SeriesAdded));
        Assert.Equal(1, target.Metrics.ExceededSampleLimit.Value);
        Assert.DoesNotContain(target.Storage.Lines(), line => line.Contains("\"c\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Duplicates_without_timestamps_are_dropped_and_still_counted()
    {
        var target = new Ingested();
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(target.Scrape("a 1\nb 1\na 2\n"));
            Assert.Equal((3, 3, 1), (target.Counts.Scraped, target.Counts.Kept, target.Counts.Duplicates));
        }

        Assert.Equal([1.0, 1, 1], target.Storage.Samples("a").Select(sample => sample.Value));
        Assert.Equal(3, target.Metrics.SamplesDuplicate.Value);
    }

    [Fact]
    public void Timestamps_are_kept_or_ignored_as_configured()
    {
        var honoured = new Ingested();
        honoured.Scrape("a 1 5000\na 2 6000\n");
        Assert.Equal([(5000L, 1.0), (6000L, 2.0)], honoured.Storage.Samples("a"));
        var ignored = new Ingested(new ScrapeConfiguration { HonorTimestamps = false });
        ignored.Scrape("a 1 5000\na 2 6000\n");
        Assert.Equal([(1_001_000L, 1.0)], ignored.Storage.Samples("a"));
        Assert.Equal(1, ignored.Counts.Duplicates);
    }

    [Fact]
    public void Samples_far_ahead_or_behind_are_dropped_and_the_scrape_succeeds()
    {
        var target = new Ingested();
        Assert.Null(target.Scrape($"near 1 {1_001_000 + 600_000}\nfar 1 {1_001_000 + 600_001}\nback 1 900\n"));
        Assert.Null(target.Scrape("back 2 800\n"));
        target.Storage.MinTimeMs = 1000;
        Assert.Null(target.Scrape("old 2 999\n"));
        Assert.Equal((3, 2, 1), (target.Storage.Lines().Count + 1, target.Metrics.SamplesOutOfBounds.Value, target.Metrics.SamplesOutOfOrder.Value));
        Assert.Equal((1, 1, 0), (target.Counts.OutOfBounds, target.Counts.Kept, target.Counts.SeriesAdded));
    }

    [Fact]
    public void Exemplars_go_along_with_their_time_or_the_sample_s()
    {
        var target = new Ingested();
        Assert.Null(target.Scrape("a_total 1 # {t=\"1\"} 0.5\nb_total 1 2.5 # {t=\"2\"} 1.5 3.25\n# EOF\n", ExpositionFormat.OpenMetrics));
        Assert.Equal(
            [new Exemplar(Labels.FromStrings("t", "1"), 0.5, 1_001_000, false), new Exemplar(Labels.FromStrings("t", "2"), 1.5, 3250, true)],
            target.Storage.Exemplars);
    }

    [Fact]
    public void Exemplars_of_series_too_long_for_the_cache_go_along_too()
    {
        var target = new Ingested();
        string label = new('x', 100_000);
        target.Scrape($"# TYPE a counter\na_total{{l=\"{label}\"}} 1 # {{t=\"1\"}} 0.5\n# EOF\n", ExpositionFormat.OpenMetrics);
        Assert.Equal([new Exemplar(Labels.FromStrings("t", "1"), 0.5, 1_001_000, false)], target.Storage.Exemplars);
    }

    [Fact]
    public void Late_exemplars_are_counted_and_harm_no_sample()
    {
        var target = new Ingested(storage: new MemoryStorage { ExemplarOutcome = ExemplarOutcome.OutOfOrder });
        string? error = target.Scrape(
            "# TYPE a counter\na_total{n=\"1\"} 1 # {t=\"1\"} 0.5\na_total{n=\"2\"} 1 # {t=\"2\"} 0.5\n# EOF\n", ExpositionFormat.OpenMetrics);
        Assert.Null(error);
        Assert.Equal((2, 2), (target.Counts.ExemplarsOutOfOrder, target.Storage.Lines().Count));
        Assert.Equal(2, target.Metrics.ExemplarsOutOfOrder.Value);
    }

    [Fact]
    public void Exemplars_that_no_storage_takes_are_left_out()
    {
        var target = new Ingested();
        string endless = new('x', 20 << 20);
        Assert.Null(target.Scrape($"a_total 1 # {{t=\"{endless}\"}} 0.5\nb_total 1 # {{t=\"1\",t=\"2\"}} 1\n# EOF\n", ExpositionFormat.OpenMetrics));
        Assert.Equal((2, 0), (target.Storage.Lines().Count, target.Storage.Exemplars.Count));
    }

    [Fact]
    public void Metadata_is_noted_and_forgotten_ten_scrapes_after_it_was_seen()
    {
        var target = new Ingested();
        target.Scrape("# HELP a x\\ny\n# TYPE a counter\na 1\n# TYPE b gauge\n");
        Assert.Equal(
            [new MetricMetadata("a", Exposition.MetricType.Counter, "x\ny", ""), new MetricMetadata("b", Exposition.MetricType.Gauge, "", "")],
            target.Context.Cache.Metadata.List());
        for (int i = 0; i < 11; i++)
        {
            Assert.Equal(2, target.Context.Cache.Metadata.Count);
            target.Scrape("# HELP a x\\ny\n# TYPE a counter\na 1\n");
        }

        Assert.Equal(["a"], target.Context.Cache.Metadata.List().Select(metadata => metadata.MetricFamily));
    }

    // Upstream's ScrapeProtocol.HeaderMediaType: the media type without its parameters.
    [Theory]
    [InlineData("", "")]
    [InlineData("PrometheusText0.0.4", "text/plain")]
    [InlineData("PrometheusText1.0.0", "text/plain")]
    [InlineData("OpenMetricsText0.0.1", "application/openmetrics-text")]
    [InlineData("OpenMetricsText1.0.0", "application/openmetrics-text")]
    public void A_fallback_protocol_stands_for_its_media_type(string protocol, string mediaType) =>
        Assert.Equal(mediaType, new SampleRules(new ScrapeConfiguration { FallbackProtocol = protocol }).FallbackMediaType);

    [Theory]
    [InlineData(0UL, int.MaxValue)]
    [InlineData(1UL, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(ulong.MaxValue, int.MaxValue)]
    public void A_limit_of_zero_or_beyond_counting_is_none(ulong configured, int limit)
    {
        var rules = new SampleRules(new ScrapeConfiguration
        {
            SampleLimit = configured,
            LabelLimit = configured,
            LabelNameLengthLimit = configured,
            LabelValueLengthLimit = configured,
        });
        Assert.Equal([limit, limit, limit, limit], (int[])[rules.SampleLimit, rules.LabelLimit, rules.NameLengthLimit, rules.ValueLengthLimit]);
        Assert.Equal(limit != int.MaxValue, rules.LimitsLabels);
    }
}
