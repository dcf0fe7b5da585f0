using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>
/// A loaded, validated <c>prometheus.yml</c>: defaults filled in, relative paths joined to the file's directory. Immutable, compared by
/// content, so that a reload can see what changed.
/// </summary>
public sealed record PrometheusConfiguration
{
    /// <summary>The configuration of an empty file.</summary>
    public static PrometheusConfiguration Default { get; } = new();

    /// <summary><c>global</c>.</summary>
    public GlobalConfiguration Global { get; init; } = GlobalConfiguration.Default;

    /// <summary><c>runtime</c>.</summary>
    public RuntimeConfiguration Runtime { get; init; } = RuntimeConfiguration.Default;

    /// <summary><c>alerting</c>.</summary>
    public AlertingConfiguration Alerting { get; init; } = AlertingConfiguration.None;

    /// <summary><c>rule_files</c>: patterns with stars in the last path element only, expanded again at each reload.</summary>
    public ValueList<string> RuleFiles { get; init; } = [];

    /// <summary>
    /// <c>scrape_config_files</c>: patterns as in <see cref="RuleFiles"/>; <see cref="ScrapeConfigurationFiles"/> reads them.
    /// </summary>
    public ValueList<string> ScrapeConfigurationFiles { get; init; } = [];

    /// <summary><c>scrape_configs</c> of this file.</summary>
    public ValueList<ScrapeConfiguration> ScrapeConfigurations { get; init; } = [];

    /// <summary><c>storage</c>.</summary>
    public StorageConfiguration Storage { get; init; } = StorageConfiguration.Zero;

    /// <summary><c>tracing</c>; <see langword="null"/> when no traces are to be sent.</summary>
    public TracingConfiguration? Tracing { get; init; }

    /// <summary><c>remote_write</c>.</summary>
    public ValueList<RemoteWriteConfiguration> RemoteWrite { get; init; } = [];

    /// <summary><c>remote_read</c>.</summary>
    public ValueList<RemoteReadConfiguration> RemoteRead { get; init; } = [];

    /// <summary><c>otlp</c>.</summary>
    public OtlpConfiguration Otlp { get; init; } = OtlpConfiguration.Default;

    /// <summary>Settings of this file that are set but whose feature is not there; the server warns about each.</summary>
    public ValueList<UnsupportedSetting> UnsupportedSettings { get; init; } = [];

    internal PrometheusConfiguration WithDirectory(string directory) => this with
    {
        Global = Global.WithDirectory(directory),
        Alerting = Alerting.WithDirectory(directory),
        RuleFiles = Join(directory, RuleFiles),
        ScrapeConfigurationFiles = Join(directory, ScrapeConfigurationFiles),
        ScrapeConfigurations = ScrapeConfigurations.Select(scrape => scrape.WithDirectory(directory)).ToValueList(),
        Tracing = Tracing is null ? null : Tracing with { Tls = Tracing.Tls.WithDirectory(directory) },
        RemoteWrite = RemoteWrite.Select(remote => remote with { Http = remote.Http.WithDirectory(directory) }).ToValueList(),
        RemoteRead = RemoteRead.Select(remote => remote with { Http = remote.Http.WithDirectory(directory) }).ToValueList(),
    };

    private static ValueList<string> Join(string directory, ValueList<string> paths) =>
        paths.Select(path => ConfiguredPath.Join(directory, path)).ToValueList();
}
