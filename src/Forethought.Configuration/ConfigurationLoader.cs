using Forethought.Configuration.Sections;
using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary>Reads <c>prometheus.yml</c>.</summary>
public static class ConfigurationLoader
{
    /// <summary>
    /// The keys, such as <c>ec2_sd_configs</c>, of discovery mechanisms that have no record of their own
    /// (<see cref="GenericDiscoveryConfiguration"/>).
    /// </summary>
    public static IReadOnlySet<string> GenericDiscoveryKeys => DiscoverySections.GenericKeys;

    /// <summary>Loads a file and joins its relative paths to its directory.</summary>
    /// <exception cref="ConfigurationException">The file cannot be used; the message begins with <c>parsing YAML file …:</c>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PrometheusConfiguration Load(string path, ConfigurationOptions? options = null)
    {
        options ??= ConfigurationOptions.Default;
        byte[] content = WholeFile.Read(path);
        PrometheusConfiguration configuration;
        try
        {
            configuration = LoadText(content, options, path);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException($"parsing YAML file {path}: {e.Message}", e);
        }

        if (options.AgentMode)
        {
            RefuseServerSections(configuration);
        }

        return configuration.WithDirectory(ConfiguredPath.Clean(Path.GetDirectoryName(path) ?? ""));
    }

    /// <summary>Loads a text; relative paths stay as they are.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="options">What the command line contributes.</param>
    /// <param name="file">The name of the file for <see cref="UnsupportedSetting.File"/>.</param>
    /// <exception cref="ConfigurationException">The text cannot be used.</exception>
    public static PrometheusConfiguration LoadText(ReadOnlySpan<byte> utf8, ConfigurationOptions? options = null, string file = "")
    {
        options ??= ConfigurationOptions.Default;
        try
        {
            YamlNode? root = YamlDocument.Parse(utf8);
            PrometheusConfiguration configuration = root is null or YamlScalar { IsNull: true }
                ? PrometheusConfiguration.Default
                : YamlDecoder.Load(root, ConfigurationSection.Root, PrometheusConfiguration.Default);
            configuration = Complete(configuration, options);
            return configuration with { UnsupportedSettings = SettingFinder.Find(root, options.UnsupportedSettings, file).ToValueList() };
        }
        catch (HttpConfigurationException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    private static PrometheusConfiguration Complete(PrometheusConfiguration configuration, ConfigurationOptions options)
    {
        // An absent or empty block has the defaults, and the flags' where there are any.
        bool isEmpty = configuration.Global == GlobalConfiguration.Zero || ReferenceEquals(configuration.Global, GlobalConfiguration.Default);
        GlobalConfiguration global = isEmpty ? GlobalConfiguration.Default with { ExtraScrapeMetrics = null } : configuration.Global;
        global = global with
        {
            ScrapeProtocols = global.ScrapeProtocols ?? (options.PreferProtobuf ? ScrapeProtocols.ProtobufFirst : null),
            ExtraScrapeMetrics = global.ExtraScrapeMetrics ?? options.ExtraScrapeMetrics,
        };
        CheckPatterns(configuration.RuleFiles, "rule");
        CheckPatterns(configuration.ScrapeConfigurationFiles, "scrape config");
        ValueList<ScrapeConfiguration> scrapes = CompleteScrapes(configuration.ScrapeConfigurations, global);
        NameValidation validation = global.MetricNameValidation ?? NameValidation.Utf8;
        AlertingSection.Validate(configuration.Alerting, validation);
        CheckRemotes(configuration, validation);
        OtlpSection.Validate(configuration.Otlp, validation);
        return configuration with
        {
            Global = global with { ExternalLabels = ExternalLabels.Expand(global.ExternalLabels, options) },
            Runtime = configuration.Runtime.GoGc == 0 ? RuntimeConfiguration.Default : configuration.Runtime,
            ScrapeConfigurations = scrapes,
            Storage = configuration.Storage with
            {
                Tsdb = configuration.Storage.Tsdb with { Retention = configuration.Storage.Tsdb.Retention ?? options.DefaultRetention },
            },
        };
    }

    private static void CheckPatterns(ValueList<string> patterns, string kind)
    {
        foreach (string pattern in patterns)
        {
            if (!FilePatterns.IsRulePattern(pattern))
            {
                throw new ConfigurationException($"invalid {kind} file path {GoQuote.Quote(pattern)}");
            }
        }
    }

    private static ValueList<ScrapeConfiguration> CompleteScrapes(ValueList<ScrapeConfiguration> scrapes, GlobalConfiguration global)
    {
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        var completed = new List<ScrapeConfiguration>(scrapes.Count);
        foreach (ScrapeConfiguration? scrape in scrapes)
        {
            completed.Add(ScrapeInheritance.Complete(scrape, global));
            if (!jobs.Add(completed[^1].JobName))
            {
                throw new ConfigurationException($"found multiple scrape configs with job name {GoQuote.Quote(completed[^1].JobName)}");
            }
        }

        return completed.ToValueList();
    }

    private static void CheckRemotes(PrometheusConfiguration configuration, NameValidation validation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (RemoteWriteConfiguration? remote in configuration.RemoteWrite)
        {
            if (remote is null)
            {
                throw new ConfigurationException("empty or null remote write config section");
            }

            if (!names.Add(remote.Name) && remote.Name.Length > 0)
            {
                throw new ConfigurationException($"found multiple remote write configs with job name {GoQuote.Quote(remote.Name)}");
            }

            RelabelSection.Validate(remote.WriteRelabelRules, validation);
        }

        names.Clear();
        foreach (RemoteReadConfiguration? remote in configuration.RemoteRead)
        {
            if (remote is null)
            {
                throw new ConfigurationException("empty or null remote read config section");
            }

            if (!names.Add(remote.Name) && remote.Name.Length > 0)
            {
                throw new ConfigurationException($"found multiple remote read configs with job name {GoQuote.Quote(remote.Name)}");
            }
        }
    }

    private static void RefuseServerSections(PrometheusConfiguration configuration)
    {
        string? key =
            configuration.Alerting.Alertmanagers.Count > 0 || configuration.Alerting.AlertRelabelRules.Count > 0 ? "alerting"
            : configuration.RuleFiles.Count > 0 ? "rule_files"
            : configuration.RemoteRead.Count > 0 ? "remote_read"
            : null;
        if (key is not null)
        {
            throw new ConfigurationException($"field {key} is not allowed in agent mode");
        }
    }
}
