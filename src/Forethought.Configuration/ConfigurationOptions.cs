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

    /// <summary>
    /// Paths of settings whose feature is not there, such as <c>storage.exemplars</c> or <c>scrape_configs[].scheme</c>; <c>[]</c> stands for
    /// each item of a list. A path of several values of which one is not there ends with it: <c>storage.tsdb.chunk_encoding.floats=xor2</c>.
    /// Where they are set to anything but nothing, zero or false, they are in <see cref="PrometheusConfiguration.UnsupportedSettings"/>.
    /// </summary>
    public IReadOnlyCollection<string> UnsupportedSettings { get; init; } = [];
}
