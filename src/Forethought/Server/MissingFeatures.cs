using Forethought.Configuration;
using Forethought.Flags;

namespace Forethought.Server;

/// <summary>Flags and settings that Prometheus has and this version has not: whoever sets one is told that it has no effect.</summary>
internal static class MissingFeatures
{
    private static readonly HashSet<string> FlagNames =
    [
        "config.auto-reload", "config.auto-reload-interval", "web.max-notifications-subscribers", "web.user-assets",
        "web.enable-otlp-receiver", "web.console.templates", "web.console.libraries", "web.page-title",
        "web.search.max-limit",
        "storage.agent.wal-segment-size", "storage.agent.wal-compression", "storage.agent.wal-compression-type",
        "storage.agent.wal-truncate-frequency", "storage.agent.retention.min-time", "storage.agent.retention.max-time",
        "storage.agent.checkpoint-from-in-memory-series", "storage.agent.checkpoint-batch-size", "storage.agent.no-lockfile",
        "storage.remote.flush-deadline", "storage.remote.read-sample-limit", "storage.remote.read-concurrent-limit",
        "storage.remote.read-max-bytes-in-frame", "rules.alert.for-outage-tolerance", "rules.alert.for-grace-period",
        "rules.alert.resend-delay", "rules.max-concurrent-evals", "alertmanager.notification-queue-capacity",
        "alertmanager.notification-batch-size", "alertmanager.drain-notification-queue-on-shutdown", "agent",
    ];

    // The runtime reads container limits by itself and always; these only choose how Go's is told.
    private static readonly HashSet<string> RuntimeFlagNames =
        ["auto-gomaxprocs", "auto-gomemlimit", "auto-gomemlimit.ratio", "auto-gomemlimit.refresh-interval"];

    /// <summary>
    /// Settings without a feature behind them, as in <see cref="ConfigurationOptions.UnsupportedSettings"/>. Not among them is
    /// <c>always_scrape_classic_histograms</c>: as long as native histograms are not scraped, the classic ones always are.
    /// </summary>
    public static IReadOnlyCollection<string> Settings { get; } =
    [
        "global.rule_query_offset", "global.query_log_file", "global.scrape_native_histograms",
        "global.convert_classic_histograms_to_nhcb", "global.scrape_protocols[]=PrometheusProto", "runtime.gogc", "alerting", "rule_files",
        "scrape_configs[].scrape_native_histograms",
        "scrape_configs[].convert_classic_histograms_to_nhcb", "scrape_configs[].scrape_protocols[]=PrometheusProto",
        "scrape_configs[].fallback_scrape_protocol=PrometheusProto", "scrape_configs[].native_histogram_bucket_limit",
        "scrape_configs[].native_histogram_min_bucket_factor",
        .. ConfigurationLoader.GenericDiscoveryKeys.Select(static key => "scrape_configs[]." + key),
        "tracing", "remote_write", "remote_read", "otlp",
    ];

    /// <summary>The given flags that have no effect, as <c>--name</c>.</summary>
    public static IReadOnlyList<string> Among(FlagValues flags) =>
        [.. FlagNames.Concat(RuntimeFlagNames).Where(flags.IsGiven).Select(name => "--" + name)];
}
