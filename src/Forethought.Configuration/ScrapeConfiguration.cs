using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary>
/// One item of <c>scrape_configs</c>. After loading everything that can be inherited from <c>global</c> is filled in, and no nullable
/// member is <see langword="null"/>.
/// </summary>
public sealed record ScrapeConfiguration
{
    /// <summary>The value of the <c>job</c> label, unique in a configuration.</summary>
    public string JobName { get; init; } = "";

    /// <summary>Whether labels of scraped samples win over the target's.</summary>
    public bool HonorLabels { get; init; }

    /// <summary>Whether timestamps in the exposition are kept.</summary>
    public bool HonorTimestamps { get; init; } = true;

    /// <summary>Whether samples with explicit timestamps get staleness markers.</summary>
    public bool TrackTimestampsStaleness { get; init; }

    /// <summary>Query parameters of the scrape request.</summary>
    public ValueMap<ValueList<string>> Parameters { get; init; } = ValueMap<ValueList<string>>.Empty;

    /// <summary>How often targets are scraped.</summary>
    public TimeSpan ScrapeInterval { get; init; }

    /// <summary>How long a scrape may take; never above the interval.</summary>
    public TimeSpan ScrapeTimeout { get; init; }

    /// <summary>Names of the exposition formats to ask for, most wanted first (<see cref="ScrapeProtocols"/>).</summary>
    public ValueList<string>? Protocols { get; init; }

    /// <summary>The name of the format assumed when a response names none; empty when that fails the scrape.</summary>
    public string FallbackProtocol { get; init; } = "";

    /// <summary>Whether native histograms are scraped.</summary>
    public bool? ScrapeNativeHistograms { get; init; }

    /// <summary>Whether a classic histogram is scraped that is also exposed as a native one.</summary>
    public bool? AlwaysScrapeClassicHistograms { get; init; }

    /// <summary>Whether classic histograms become native ones with custom buckets.</summary>
    public bool? ConvertClassicHistogramsToNhcb { get; init; }

    /// <summary>The file scrape failures are logged to; empty for none.</summary>
    public string ScrapeFailureLogFile { get; init; } = "";

    /// <summary>The path of the scrape request.</summary>
    public string MetricsPath { get; init; } = "/metrics";

    /// <summary>The scheme of the scrape request.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Whether gzip is asked for.</summary>
    public bool EnableCompression { get; init; } = true;

    /// <summary>The largest uncompressed body, in bytes; 0 for no limit.</summary>
    public long BodySizeLimit { get; init; }

    /// <summary>The most samples of a scrape after relabelling; 0 for no limit.</summary>
    public ulong SampleLimit { get; init; }

    /// <summary>The most targets after relabelling; above it all scrapes fail; 0 for no limit.</summary>
    public ulong TargetLimit { get; init; }

    /// <summary>The most labels of a sample; 0 for no limit.</summary>
    public ulong LabelLimit { get; init; }

    /// <summary>The longest label name, in bytes; 0 for no limit.</summary>
    public ulong LabelNameLengthLimit { get; init; }

    /// <summary>The longest label value, in bytes; 0 for no limit.</summary>
    public ulong LabelValueLengthLimit { get; init; }

    /// <summary>The most buckets of a native histogram; its resolution is reduced to fit; 0 for no limit.</summary>
    public ulong NativeHistogramBucketLimit { get; init; }

    /// <summary>
    /// The smallest growth factor between buckets of a native histogram; its resolution is reduced to fit; 0 for no limit.
    /// </summary>
    public double NativeHistogramMinBucketFactor { get; init; }

    /// <summary>How many dropped targets are remembered; 0 for all.</summary>
    public ulong KeepDroppedTargets { get; init; }

    /// <summary>What metric and label names may consist of.</summary>
    public NameValidation? MetricNameValidation { get; init; }

    /// <summary>The escaping asked of targets, one of <see cref="EscapingSchemes"/>.</summary>
    public string MetricNameEscaping { get; init; } = "";

    /// <summary>Whether scrapes report timeout, sample limit and body size.</summary>
    public bool? ExtraScrapeMetrics { get; init; }

    /// <summary>The discovery sections, by mechanism; all <c>static_configs</c> together are the last one.</summary>
    public ValueList<DiscoveryConfiguration> Discovery { get; init; } = [];

    /// <summary>The HTTP client of the scrapes.</summary>
    public HttpClientSettings Http { get; init; } = HttpClientSettings.Default;

    /// <summary>Relabelling of targets.</summary>
    public ValueList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Relabelling of samples.</summary>
    public ValueList<RelabelRule> MetricRelabelRules { get; init; } = [];

    internal ScrapeConfiguration WithDirectory(string directory) => this with
    {
        Discovery = Discovery.Select(section => section.WithDirectory(directory)).ToValueList(),
        Http = Http.WithDirectory(directory),
        ScrapeFailureLogFile = ConfiguredPath.Join(directory, ScrapeFailureLogFile),
    };
}
