namespace Forethought.Configuration;

/// <summary>What the command line contributes to loading a configuration.</summary>
public sealed record ConfigurationOptions
{
    /// <summary>Loading as a server does without flags.</summary>
    public static ConfigurationOptions Default { get; } = new();

    /// <summary>Whether the server is an agent, which has no alerting, rules and remote read.</summary>
    public bool AgentMode { get; init; }

    /// <summary>Whether <c>scrape_protocols</c> begins with protobuf by default (start-timestamp features).</summary>
    public bool PreferProtobuf { get; init; }

    /// <summary>The default of <c>extra_scrape_metrics</c> (feature <c>extra-scrape-metrics</c>).</summary>
    public bool ExtraScrapeMetrics { get; init; }

    /// <summary>What applies when <c>storage.tsdb.retention</c> is absent: the flags' values.</summary>
    public RetentionConfiguration? DefaultRetention { get; init; }

    /// <summary>Looks up environment variables for external labels.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Called with each variable that external labels name and that is empty.</summary>
    public Action<string>? EmptyVariable { get; init; }

    /// <summary>Keys of valid sections whose feature is not there (<see cref="PrometheusConfiguration.UnsupportedSections"/>).</summary>
    public IReadOnlySet<string> UnsupportedSections { get; init; } = ConfigurationLoader.DefaultUnsupportedSections;
}
