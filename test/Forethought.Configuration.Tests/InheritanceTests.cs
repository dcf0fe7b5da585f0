using Forethought.Model;

namespace Forethought.Configuration.Tests;

/// <summary>What scrape configurations take from <c>global</c> (upstream's <c>ScrapeConfig.Validate</c>).</summary>
public sealed class InheritanceTests
{
    private const string Global = """
        global:
          scrape_interval: 30s
          scrape_timeout: 20s
          scrape_protocols: [PrometheusText0.0.4]
          body_size_limit: 1KB
          sample_limit: 2
          target_limit: 3
          label_limit: 4
          label_name_length_limit: 5
          label_value_length_limit: 6
          keep_dropped_targets: 7
          metric_name_validation_scheme: legacy
          metric_name_escaping_scheme: dots
          scrape_native_histograms: true
          convert_classic_histograms_to_nhcb: true
          always_scrape_classic_histograms: true
          extra_scrape_metrics: true
          scrape_failure_log_file: f.log

        """;

    [Fact]
    public void What_a_job_leaves_open_is_taken_from_global()
    {
        ScrapeConfiguration job = Job("");
        Assert.Equal((30, 20), (job.ScrapeInterval.TotalSeconds, job.ScrapeTimeout.TotalSeconds));
        Assert.Equal(["PrometheusText0.0.4"], job.Protocols);
        Assert.Equal(
            (1024L, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL),
            (job.BodySizeLimit, job.SampleLimit, job.TargetLimit, job.LabelLimit, job.LabelNameLengthLimit, job.LabelValueLengthLimit, job.KeepDroppedTargets));
        Assert.Equal((NameValidation.Legacy, "dots"), (job.MetricNameValidation, job.MetricNameEscaping));
        Assert.Equal(
            (true, true, true, true),
            (job.ScrapeNativeHistograms, job.ConvertClassicHistogramsToNhcb, job.AlwaysScrapeClassicHistograms, job.ExtraScrapeMetrics));
        Assert.Equal("f.log", job.ScrapeFailureLogFile);
    }

    [Fact]
    public void What_a_job_says_itself_holds()
    {
        ScrapeConfiguration job = Job("""
              scrape_interval: 40s
              scrape_timeout: 1s
              scrape_protocols: [OpenMetricsText1.0.0]
              body_size_limit: 2KB
              sample_limit: 12
              target_limit: 13
              label_limit: 14
              label_name_length_limit: 15
              label_value_length_limit: 16
              keep_dropped_targets: 17
              metric_name_validation_scheme: utf8
              metric_name_escaping_scheme: underscores
              scrape_native_histograms: false
              convert_classic_histograms_to_nhcb: false
              always_scrape_classic_histograms: false
              extra_scrape_metrics: false
              scrape_failure_log_file: g.log
            """);
        Assert.Equal((40, 1), (job.ScrapeInterval.TotalSeconds, job.ScrapeTimeout.TotalSeconds));
        Assert.Equal(["OpenMetricsText1.0.0"], job.Protocols);
        Assert.Equal(
            (2048L, 12UL, 13UL, 14UL, 15UL, 16UL, 17UL),
            (job.BodySizeLimit, job.SampleLimit, job.TargetLimit, job.LabelLimit, job.LabelNameLengthLimit, job.LabelValueLengthLimit, job.KeepDroppedTargets));
        Assert.Equal((NameValidation.Utf8, "underscores"), (job.MetricNameValidation, job.MetricNameEscaping));
        Assert.Equal(
            (false, false, false, false),
            (job.ScrapeNativeHistograms, job.ConvertClassicHistogramsToNhcb, job.AlwaysScrapeClassicHistograms, job.ExtraScrapeMetrics));
        Assert.Equal("g.log", job.ScrapeFailureLogFile);
    }

    // A zero is not a limit of its own but an unset one.
    [Theory]
    [InlineData("sample_limit: 0")]
    [InlineData("sample_limit:")]
    public void Zero_is_as_good_as_nothing(string setting) => Assert.Equal(2UL, Job("  " + setting).SampleLimit);

    [Theory]
    [InlineData("scrape_interval: 10s", 10)]
    [InlineData("scrape_interval: 25s", 20)]
    public void The_timeout_is_never_longer_than_the_interval(string setting, double seconds) =>
        Assert.Equal(seconds, Job("  " + setting).ScrapeTimeout.TotalSeconds);

    [Theory]
    [InlineData("metric_name_validation_scheme: legacy", "underscores")]
    [InlineData("metric_name_validation_scheme: utf8", "allow-utf-8")]
    public void A_scheme_of_validation_brings_its_escaping(string setting, string escaping)
    {
        ScrapeConfiguration job = LoaderTests.Load($"scrape_configs:\n- job_name: a\n  {setting}\n").ScrapeConfigurations[0];
        Assert.Equal(escaping, job.MetricNameEscaping);
    }

    private static ScrapeConfiguration Job(string settings) =>
        LoaderTests.Load($"{Global}scrape_configs:\n- job_name: a\n{settings}\n").ScrapeConfigurations[0];
}
