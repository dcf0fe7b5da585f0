using Forethought.Http;
using Forethought.Model;

namespace Forethought.Configuration;

/// <summary><c>global</c>: defaults of all scrape configurations, and what concerns the whole server.</summary>
public sealed record GlobalConfiguration
{
    /// <summary>The defaults: scrape and evaluate each minute, time out after 10 s.</summary>
    public static GlobalConfiguration Default { get; } = new()
    {
        ScrapeInterval = TimeSpan.FromMinutes(1),
        ScrapeTimeout = TimeSpan.FromSeconds(10),
        EvaluationInterval = TimeSpan.FromMinutes(1),
        ScrapeNativeHistograms = false,
        ExtraScrapeMetrics = false,
        MetricNameValidation = NameValidation.Utf8,
        MetricNameEscaping = EscapingSchemes.AllowUtf8,
    };

    /// <summary>Everything unset, as an open but empty block leaves it.</summary>
    internal static GlobalConfiguration Zero { get; } = new();

    /// <summary>How often targets are scraped.</summary>
    public TimeSpan ScrapeInterval { get; init; }

    /// <summary>How long a scrape may take; never above the interval.</summary>
    public TimeSpan ScrapeTimeout { get; init; }

    /// <summary><c>scrape_protocols</c> as written; <see langword="null"/> leaves the choice to each scrape configuration.</summary>
    public ValueList<string>? ScrapeProtocols { get; init; }

    /// <summary>How often rules are evaluated.</summary>
    public TimeSpan EvaluationInterval { get; init; }

    /// <summary>How far in the past rules are evaluated, so that late samples are seen.</summary>
    public TimeSpan RuleQueryOffset { get; init; }

    /// <summary>The file queries are logged to; empty for none.</summary>
    public string QueryLogFile { get; init; } = "";

    /// <summary>The file scrape failures are logged to; empty for none.</summary>
    public string ScrapeFailureLogFile { get; init; } = "";

    /// <summary>Labels for what leaves this server, environment variables expanded.</summary>
    public Labels ExternalLabels { get; init; }

    /// <summary>The largest uncompressed body, in bytes; 0 for no limit.</summary>
    public long BodySizeLimit { get; init; }

    /// <summary>The most samples of a scrape after relabelling; 0 for no limit.</summary>
    public ulong SampleLimit { get; init; }

    /// <summary>The most targets of a scrape configuration; 0 for no limit.</summary>
    public ulong TargetLimit { get; init; }

    /// <summary>The most labels of a sample; 0 for no limit.</summary>
    public ulong LabelLimit { get; init; }

    /// <summary>The longest label name, in bytes; 0 for no limit.</summary>
    public ulong LabelNameLengthLimit { get; init; }

    /// <summary>The longest label value, in bytes; 0 for no limit.</summary>
    public ulong LabelValueLengthLimit { get; init; }

    /// <summary>How many dropped targets are remembered per job; 0 for all.</summary>
    public ulong KeepDroppedTargets { get; init; }

    /// <summary>What metric and label names may consist of; never <see langword="null"/> after loading.</summary>
    public NameValidation? MetricNameValidation { get; init; }

    /// <summary>The escaping asked of targets, one of <see cref="EscapingSchemes"/>, or empty to follow the validation.</summary>
    public string MetricNameEscaping { get; init; } = "";

    /// <summary>Whether native histograms are scraped; never <see langword="null"/> after loading.</summary>
    public bool? ScrapeNativeHistograms { get; init; }

    /// <summary>Whether classic histograms become native ones with custom buckets.</summary>
    public bool ConvertClassicHistogramsToNhcb { get; init; }

    /// <summary>Whether a classic histogram is scraped that is also exposed as a native one.</summary>
    public bool AlwaysScrapeClassicHistograms { get; init; }

    /// <summary>Whether scrapes report timeout, sample limit and body size; never <see langword="null"/> after loading.</summary>
    public bool? ExtraScrapeMetrics { get; init; }

    internal GlobalConfiguration WithDirectory(string directory) => this with
    {
        QueryLogFile = ConfiguredPath.Join(directory, QueryLogFile),
        ScrapeFailureLogFile = ConfiguredPath.Join(directory, ScrapeFailureLogFile),
    };
}
