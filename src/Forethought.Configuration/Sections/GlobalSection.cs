using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of <c>global</c> and <c>runtime</c>.</summary>
internal static class GlobalSection
{
    internal static readonly YamlParsed<NameValidation?> NameValidation = new("string", null, ParseNameValidation, FormatNameValidation);

    internal static readonly YamlOptional<ValueList<string>> Protocols =
        new(new YamlList<string>(new YamlText("config.ScrapeProtocol"), "[]config.ScrapeProtocol"));

    internal static readonly YamlParsed<long> Bytes = new("units.Base2Bytes", 0, ByteSize.Parse, ByteSize.Format);

    internal static readonly YamlStruct<RuntimeConfiguration> Runtime =
        new YamlStruct<RuntimeConfiguration>("config.RuntimeConfig", new RuntimeConfiguration(0))
        .Field("gogc", YamlTypes.Int, runtime => runtime.GoGc, (runtime, value) => runtime with { GoGc = value });

    internal static readonly YamlStruct<GlobalConfiguration> Global =
        new YamlStruct<GlobalConfiguration>("config.plain", GlobalConfiguration.Zero, static _ => GlobalConfiguration.Zero, Completed)
        .Field(
            "scrape_interval",
            YamlTypes.Duration,
            global => global.ScrapeInterval,
            (global, value) => global with { ScrapeInterval = value })
        .Field(
            "scrape_timeout",
            YamlTypes.Duration,
            global => global.ScrapeTimeout,
            (global, value) => global with { ScrapeTimeout = value })
        .Field("scrape_protocols", Protocols, global => global.ScrapeProtocols, (global, value) => global with { ScrapeProtocols = value })
        .Field(
            "evaluation_interval",
            YamlTypes.Duration,
            global => global.EvaluationInterval,
            (global, value) => global with { EvaluationInterval = value })
        .Field(
            "rule_query_offset",
            YamlTypes.Duration,
            global => global.RuleQueryOffset,
            (global, value) => global with { RuleQueryOffset = value })
        .Field("query_log_file", YamlTypes.Text, global => global.QueryLogFile, (global, value) => global with { QueryLogFile = value })
        .Field(
            "scrape_failure_log_file",
            YamlTypes.Text,
            global => global.ScrapeFailureLogFile,
            (global, value) => global with { ScrapeFailureLogFile = value })
        .Field(
            "external_labels",
            new YamlLabels(),
            global => global.ExternalLabels,
            (global, value) => global with { ExternalLabels = value })
        .Field("body_size_limit", Bytes, global => global.BodySizeLimit, (global, value) => global with { BodySizeLimit = value })
        .Field("sample_limit", YamlTypes.UInt, global => global.SampleLimit, (global, value) => global with { SampleLimit = value })
        .Field("target_limit", YamlTypes.UInt, global => global.TargetLimit, (global, value) => global with { TargetLimit = value })
        .Field("label_limit", YamlTypes.UInt, global => global.LabelLimit, (global, value) => global with { LabelLimit = value })
        .Field(
            "label_name_length_limit",
            YamlTypes.UInt,
            global => global.LabelNameLengthLimit,
            (global, value) => global with { LabelNameLengthLimit = value })
        .Field(
            "label_value_length_limit",
            YamlTypes.UInt,
            global => global.LabelValueLengthLimit,
            (global, value) => global with { LabelValueLengthLimit = value })
        .Field(
            "keep_dropped_targets",
            YamlTypes.UInt,
            global => global.KeepDroppedTargets,
            (global, value) => global with { KeepDroppedTargets = value })
        .Field(
            "metric_name_validation_scheme",
            NameValidation,
            global => global.MetricNameValidation,
            (global, value) => global with { MetricNameValidation = value })
        .Field(
            "metric_name_escaping_scheme",
            YamlTypes.Text,
            global => global.MetricNameEscaping,
            (global, value) => global with { MetricNameEscaping = value })
        .Field(
            "scrape_native_histograms",
            YamlTypes.OptionalBoolean,
            global => global.ScrapeNativeHistograms,
            (global, value) => global with { ScrapeNativeHistograms = value })
        .Field(
            "convert_classic_histograms_to_nhcb",
            YamlTypes.Boolean,
            global => global.ConvertClassicHistogramsToNhcb,
            (global, value) => global with { ConvertClassicHistogramsToNhcb = value })
        .Field(
            "always_scrape_classic_histograms",
            YamlTypes.Boolean,
            global => global.AlwaysScrapeClassicHistograms,
            (global, value) => global with { AlwaysScrapeClassicHistograms = value })
        .Field(
            "extra_scrape_metrics",
            YamlTypes.OptionalBoolean,
            global => global.ExtraScrapeMetrics,
            (global, value) => global with { ExtraScrapeMetrics = value });

    private static GlobalConfiguration Completed(GlobalConfiguration global)
    {
        NameValidation validation = global.MetricNameValidation ?? Model.NameValidation.Utf8;
        foreach (Label label in global.ExternalLabels)
        {
            if (!MetricNames.IsValidLabelName(label.Name, validation))
            {
                throw new ConfigurationException($"{GoQuote.Quote(label.Name)} is not a valid label name");
            }
        }

        TimeSpan interval = global.ScrapeInterval == TimeSpan.Zero ? GlobalConfiguration.Default.ScrapeInterval : global.ScrapeInterval;
        if (global.ScrapeTimeout > interval)
        {
            throw new ConfigurationException("global scrape timeout greater than scrape interval");
        }

        if (global.ScrapeProtocols is not null && ScrapeProtocols.Check(global.ScrapeProtocols) is { } problem)
        {
            throw new ConfigurationException(problem + " for global config");
        }

        TimeSpan inferredTimeout = interval < GlobalConfiguration.Default.ScrapeTimeout
            ? interval
            : GlobalConfiguration.Default.ScrapeTimeout;
        return global with
        {
            MetricNameValidation = validation,
            ScrapeInterval = interval,
            ScrapeTimeout = global.ScrapeTimeout == TimeSpan.Zero ? inferredTimeout : global.ScrapeTimeout,
            EvaluationInterval = global.EvaluationInterval == TimeSpan.Zero
                ? GlobalConfiguration.Default.EvaluationInterval
                : global.EvaluationInterval,
            ScrapeNativeHistograms = global.ScrapeNativeHistograms ?? false,
        };
    }

    private static NameValidation? ParseNameValidation(string text) => text switch
    {
        "" => null,
        "utf8" => Model.NameValidation.Utf8,
        "legacy" => Model.NameValidation.Legacy,
        _ => throw new FormatException($"unrecognized ValidationScheme: {GoQuote.Quote(text)}"),
    };

    private static string FormatNameValidation(NameValidation? validation) => validation == Model.NameValidation.Legacy ? "legacy" : "utf8";
}
