using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>The top-level keys of <c>prometheus.yml</c>.</summary>
internal static class ConfigurationSection
{
    internal static readonly YamlStruct<PrometheusConfiguration> Root = new YamlStruct<PrometheusConfiguration>(
        "config.plain", PrometheusConfiguration.Default, static _ => PrometheusConfiguration.Default)
        .Field("global", GlobalSection.Global, root => root.Global, (root, value) => root with { Global = value }, keepZero: true)
        .Field("runtime", GlobalSection.Runtime, root => root.Runtime, (root, value) => root with { Runtime = value })
        .Field("alerting", AlertingSection.Alerting, root => root.Alerting, (root, value) => root with { Alerting = value })
        .Field("rule_files", YamlTypes.Texts, root => root.RuleFiles, (root, value) => root with { RuleFiles = value })
        .Field(
            "scrape_config_files",
            YamlTypes.Texts,
            root => root.ScrapeConfigurationFiles,
            (root, value) => root with { ScrapeConfigurationFiles = value })
        .Field(
            "scrape_configs",
            ScrapeSection.Scrapes,
            root => root.ScrapeConfigurations,
            (root, value) => root with { ScrapeConfigurations = value })
        .Field("storage", StorageSection.Storage, root => root.Storage, (root, value) => root with { Storage = value }, keepZero: true)
        .Field("tracing", TracingSection.Tracing, root => root.Tracing, (root, value) => root with { Tracing = value })
        .Field("remote_write", RemoteSections.Write, root => root.RemoteWrite, (root, value) => root with { RemoteWrite = value })
        .Field("remote_read", RemoteSections.Read, root => root.RemoteRead, (root, value) => root with { RemoteRead = value })
        .Field("otlp", OtlpSection.Otlp, root => root.Otlp, (root, value) => root with { Otlp = value });
}
