using Forethought.Flags;

namespace Forethought.Server;

/// <summary>Flags and features that Prometheus has and this version has not: they are known and named in one warning.</summary>
internal static class MissingFeatures
{
    private static readonly HashSet<string> FlagNames =
    [
        "config.auto-reload", "config.auto-reload-interval", "web.max-notifications-subscribers", "web.user-assets",
        "web.enable-admin-api", "web.enable-otlp-receiver", "web.console.templates", "web.console.libraries", "web.page-title",
        "web.search.max-limit", "storage.tsdb.max-block-duration", "storage.tsdb.max-block-chunk-segment-size",
        "storage.tsdb.retention.size", "storage.tsdb.allow-overlapping-compaction", "storage.tsdb.head-chunks-write-queue-size",
        "storage.tsdb.delayed-compaction.max-percent", "storage.tsdb.delay-compact-file.path", "storage.tsdb.block-reload-interval",
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

    /// <summary>Sections of the configuration without a feature behind them.</summary>
    public static IReadOnlySet<string> Sections { get; } = new HashSet<string>(
        [.. Configuration.ConfigurationLoader.DefaultUnsupportedSections, "rule_files"], StringComparer.Ordinal);

    /// <summary>The given flags that have no effect, as <c>--name</c>.</summary>
    public static IReadOnlyList<string> Among(FlagValues flags) =>
        [.. FlagNames.Concat(RuntimeFlagNames).Where(flags.IsGiven).Select(name => "--" + name)];
}
