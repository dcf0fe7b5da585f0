namespace Forethought.Server;

/// <summary>What <c>--enable-feature</c> turned on.</summary>
internal sealed class FeatureSwitches
{
    private static readonly HashSet<string> Implemented =
    [
        "extra-scrape-metrics", "promql-experimental-functions", "promql-per-step-stats", "promql-delayed-name-removal",
        "promql-extended-range-selectors", "promql-binop-fill-modifiers", "use-start-timestamps", "type-and-unit-labels",
        "exemplar-storage", "xor2-encoding", "histograms-st-encoding", "st-storage", "metadata-wal-records",
        "memory-snapshot-on-shutdown", "delayed-compaction", "use-uncached-io", "fast-startup",
    ];

    // On for good.
    private static readonly HashSet<string> Accepted = ["promql-duration-expr", "native-histograms", "ooo-native-histograms"];

    private static readonly HashSet<string> NotThere =
    [
        "auto-reload-config", "concurrent-rule-eval",
        "created-timestamp-zero-ingestion", "st-synthesis",
        "old-ui", "otlp-deltatocumulative", "otlp-native-delta-ingestion", "search-api",
    ];

    private readonly HashSet<string> _on = [];

    /// <summary>Reads the values of the flag: names, separated by commas.</summary>
    public FeatureSwitches(IEnumerable<string> values)
    {
        foreach (string name in values.SelectMany(value => value.Split(',')))
        {
            if (FeatureNotice.Of(name) is { } notice)
                Notices.Add(notice);
            if (Implemented.Contains(name))
                _on.Add(name);
            else if (NotThere.Contains(name))
                Missing.Add(name);
            else if (!Accepted.Contains(name))
                Unknown.Add(name);
        }
    }

    /// <summary>What is to be said about the features that were asked for, in their order.</summary>
    public List<FeatureNotice> Notices { get; } = [];

    /// <summary>Features of Prometheus that this version has not.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>Names that Prometheus does not know either.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Whether a feature is on.</summary>
    public bool this[string name] => _on.Contains(name);
}
