using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of scrape configurations.</summary>
internal static class ScrapeSection
{
    internal static readonly YamlStruct<ScrapeConfiguration> Scrape = DiscoverySections.AddTo(
        new YamlStruct<ScrapeConfiguration>("config.ScrapeConfig", null!, static _ => new ScrapeConfiguration(), Checked)
        .Field("job_name", YamlTypes.Text, scrape => scrape.JobName, (scrape, value) => scrape with { JobName = value }, keepZero: true)
        .Field("honor_labels", YamlTypes.Boolean, scrape => scrape.HonorLabels, (scrape, value) => scrape with { HonorLabels = value })
        .Field(
            "honor_timestamps",
            YamlTypes.Boolean,
            scrape => scrape.HonorTimestamps,
            (scrape, value) => scrape with { HonorTimestamps = value },
            keepZero: true)
        .Field(
            "track_timestamps_staleness",
            YamlTypes.Boolean,
            scrape => scrape.TrackTimestampsStaleness,
            (scrape, value) => scrape with { TrackTimestampsStaleness = value },
            keepZero: true)
        .Field(
            "params",
            new YamlMap<ValueList<string>>(YamlTypes.Texts, "url.Values"),
            scrape => scrape.Parameters,
            (scrape, value) => scrape with { Parameters = value })
        .Field(
            "scrape_interval",
            YamlTypes.Duration,
            scrape => scrape.ScrapeInterval,
            (scrape, value) => scrape with { ScrapeInterval = value })
        .Field(
            "scrape_timeout",
            YamlTypes.Duration,
            scrape => scrape.ScrapeTimeout,
            (scrape, value) => scrape with { ScrapeTimeout = value })
        .Field(
            "scrape_protocols",
            GlobalSection.Protocols,
            scrape => scrape.Protocols,
            (scrape, value) => scrape with { Protocols = value })
        .Field(
            "fallback_scrape_protocol",
            new YamlText("config.ScrapeProtocol"),
            scrape => scrape.FallbackProtocol,
            (scrape, value) => scrape with { FallbackProtocol = value })
        .Field(
            "scrape_native_histograms",
            YamlTypes.OptionalBoolean,
            scrape => scrape.ScrapeNativeHistograms,
            (scrape, value) => scrape with { ScrapeNativeHistograms = value })
        .Field(
            "always_scrape_classic_histograms",
            YamlTypes.OptionalBoolean,
            scrape => scrape.AlwaysScrapeClassicHistograms,
            (scrape, value) => scrape with { AlwaysScrapeClassicHistograms = value })
        .Field(
            "convert_classic_histograms_to_nhcb",
            YamlTypes.OptionalBoolean,
            scrape => scrape.ConvertClassicHistogramsToNhcb,
            (scrape, value) => scrape with { ConvertClassicHistogramsToNhcb = value })
        .Field(
            "scrape_failure_log_file",
            YamlTypes.Text,
            scrape => scrape.ScrapeFailureLogFile,
            (scrape, value) => scrape with { ScrapeFailureLogFile = value })
        .Field("metrics_path", YamlTypes.Text, scrape => scrape.MetricsPath, (scrape, value) => scrape with { MetricsPath = value })
        .Field("scheme", YamlTypes.Text, scrape => scrape.Scheme, (scrape, value) => scrape with { Scheme = value })
        .Field(
            "enable_compression",
            YamlTypes.Boolean,
            scrape => scrape.EnableCompression,
            (scrape, value) => scrape with { EnableCompression = value },
            keepZero: true)
        .Field(
            "body_size_limit",
            GlobalSection.Bytes,
            scrape => scrape.BodySizeLimit,
            (scrape, value) => scrape with { BodySizeLimit = value })
        .Field("sample_limit", YamlTypes.UInt, scrape => scrape.SampleLimit, (scrape, value) => scrape with { SampleLimit = value })
        .Field("target_limit", YamlTypes.UInt, scrape => scrape.TargetLimit, (scrape, value) => scrape with { TargetLimit = value })
        .Field("label_limit", YamlTypes.UInt, scrape => scrape.LabelLimit, (scrape, value) => scrape with { LabelLimit = value })
        .Field(
            "label_name_length_limit",
            YamlTypes.UInt,
            scrape => scrape.LabelNameLengthLimit,
            (scrape, value) => scrape with { LabelNameLengthLimit = value })
        .Field(
            "label_value_length_limit",
            YamlTypes.UInt,
            scrape => scrape.LabelValueLengthLimit,
            (scrape, value) => scrape with { LabelValueLengthLimit = value })
        .Field(
            "native_histogram_bucket_limit",
            YamlTypes.UInt,
            scrape => scrape.NativeHistogramBucketLimit,
            (scrape, value) => scrape with { NativeHistogramBucketLimit = value })
        .Field(
            "native_histogram_min_bucket_factor",
            YamlTypes.Float,
            scrape => scrape.NativeHistogramMinBucketFactor,
            (scrape, value) => scrape with { NativeHistogramMinBucketFactor = value })
        .Field(
            "keep_dropped_targets",
            YamlTypes.UInt,
            scrape => scrape.KeepDroppedTargets,
            (scrape, value) => scrape with { KeepDroppedTargets = value })
        .Field(
            "metric_name_validation_scheme",
            GlobalSection.NameValidation,
            scrape => scrape.MetricNameValidation,
            (scrape, value) => scrape with { MetricNameValidation = value })
        .Field(
            "metric_name_escaping_scheme",
            YamlTypes.Text,
            scrape => scrape.MetricNameEscaping,
            (scrape, value) => scrape with { MetricNameEscaping = value })
        .Field(
            "extra_scrape_metrics",
            YamlTypes.OptionalBoolean,
            scrape => scrape.ExtraScrapeMetrics,
            (scrape, value) => scrape with { ExtraScrapeMetrics = value })
        .Inline(HttpSections.Client, scrape => scrape.Http, (scrape, value) => scrape with { Http = value })
        .Field(
            "relabel_configs",
            RelabelSection.Rules,
            scrape => scrape.RelabelRules,
            (scrape, value) => scrape with { RelabelRules = value })
        .Field(
            "metric_relabel_configs",
            RelabelSection.Rules,
            scrape => scrape.MetricRelabelRules,
            (scrape, value) => scrape with { MetricRelabelRules = value }),
        scrape => scrape.Discovery,
        (scrape, value) => scrape with { Discovery = value });

    /// <summary>The list; null items are <see langword="null"/> until they are refused.</summary>
    internal static readonly YamlList<ScrapeConfiguration> Scrapes = new(Scrape, "[]*config.ScrapeConfig");

    /// <summary>A file named by <c>scrape_config_files</c>.</summary>
    internal static readonly YamlStruct<ValueList<ScrapeConfiguration>> File =
        new YamlStruct<ValueList<ScrapeConfiguration>>("config.ScrapeConfigs", [])
        .Field("scrape_configs", Scrapes, static scrapes => scrapes, static (_, value) => value);

    private static ScrapeConfiguration Checked(ScrapeConfiguration scrape)
    {
        scrape = scrape with { Discovery = DiscoverySections.Ordered(scrape.Discovery) };
        if (scrape.JobName.Length == 0)
        {
            throw new ConfigurationException("job_name is empty");
        }

        scrape = scrape with { Http = scrape.Http.Validated() };
        if (scrape.RelabelRules.Count == 0)
        {
            DiscoverySections.CheckStaticTargets(scrape.Discovery);
        }

        RelabelSection.CheckNulls(scrape.RelabelRules, "empty or null target relabeling rule in scrape config");
        RelabelSection.CheckNulls(scrape.MetricRelabelRules, "empty or null metric relabeling rule in scrape config");
        return scrape;
    }
}
