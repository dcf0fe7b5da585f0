namespace Forethought.Flags;

/// <summary>Every flag of the server, in the order of Prometheus 3.14's help, with its texts and defaults.</summary>
public static class ServerFlags
{
    /// <summary>The flags.</summary>
    public static IReadOnlyList<FlagDefinition> All { get; } =
    [
        new("config.file", FlagKind.String, "prometheus.yml",
            "Prometheus configuration file path."),
        new("config.auto-reload", FlagKind.Bool, "false",
            "Enable automatic configuration file reloading. See also --config.auto-reload-interval."),
        new("config.auto-reload-interval", FlagKind.Duration, "30s",
            "Specifies the interval for checking and automatically reloading the Prometheus configuration file upon detecting "
            + "changes. Only used when --config.auto-reload is set."),
        new("web.listen-address", FlagKind.Strings, "0.0.0.0:9090",
            "Address to listen on for UI, API, and telemetry. Can be repeated."),
        new("auto-gomaxprocs", FlagKind.Bool, "true",
            "Automatically set GOMAXPROCS to match Linux container CPU quota"),
        new("auto-gomemlimit", FlagKind.Bool, "true",
            "Automatically set GOMEMLIMIT to match Linux container or system memory limit"),
        new("auto-gomemlimit.ratio", FlagKind.Float, "0.9",
            "The ratio of reserved GOMEMLIMIT memory to the detected maximum container or system memory"),
        new("auto-gomemlimit.refresh-interval", FlagKind.Duration, "0s",
            "Interval at which to re-detect the container or system memory limit and update GOMEMLIMIT accordingly. Useful "
            + "when the limit can change at runtime, e.g. with a Vertical Pod Autoscaler. Set to 0 to detect the limit only "
            + "once at startup. Note that a downward change in the limit can cause a temporary increase in garbage collection "
            + "activity. Only used when --auto-gomemlimit is set."),
        new("web.config.file", FlagKind.String, "",
            "[EXPERIMENTAL] Path to configuration file that can enable TLS or authentication."),
        new("web.read-timeout", FlagKind.Duration, "5m",
            "Maximum duration before timing out read of the request, and closing idle connections."),
        new("web.max-connections", FlagKind.Integer, "512",
            "Maximum number of simultaneous connections across all listeners."),
        new("web.max-notifications-subscribers", FlagKind.Integer, "16",
            "Limits the maximum number of subscribers that can concurrently receive live notifications. If the limit is "
            + "reached, new subscription requests will be denied until existing connections close."),
        new("web.external-url", FlagKind.String, null,
            "The URL under which Prometheus is externally reachable (for example, if Prometheus is served via a reverse "
            + "proxy). Used for generating relative and absolute links back to Prometheus itself. If the URL has a path "
            + "portion, it will be used to prefix all HTTP endpoints served by Prometheus. If omitted, relevant URL components "
            + "will be derived automatically.") { Placeholder = "<URL>" },
        new("web.route-prefix", FlagKind.String, null,
            "Prefix for the internal routes of web endpoints. Defaults to path of --web.external-url.") { Placeholder = "<path>" },
        new("web.user-assets", FlagKind.String, null,
            "Path to static asset directory, available at /user.") { Placeholder = "<path>" },
        new("web.enable-lifecycle", FlagKind.Bool, "false",
            "Enable shutdown and reload via HTTP request."),
        new("web.enable-admin-api", FlagKind.Bool, "false",
            "Enable API endpoints for admin control actions."),
        new("web.enable-remote-write-receiver", FlagKind.Bool, "false",
            "Enable API endpoint accepting remote write requests."),
        new("web.remote-write-receiver.accepted-protobuf-messages", FlagKind.Strings, "prometheus.WriteRequest,io.prometheus.write.v2.Request",
            "List of the remote write protobuf messages to accept when receiving the remote writes. Supported values: "
            + "prometheus.WriteRequest, io.prometheus.write.v2.Request"),
        new("web.enable-otlp-receiver", FlagKind.Bool, "false",
            "Enable API endpoint accepting OTLP write requests."),
        new("web.console.templates", FlagKind.String, "consoles",
            "Path to the console template directory, available at /consoles."),
        new("web.console.libraries", FlagKind.String, "console_libraries",
            "Path to the console library directory."),
        new("web.page-title", FlagKind.String, "Prometheus Time Series Collection and Processing Server",
            "Document title of Prometheus instance."),
        new("web.cors.origin", FlagKind.String, ".*",
            "Regex for CORS origin. It is fully anchored. Example: 'https?://(domain1|domain2)\\.com'"),
        new("storage.tsdb.path", FlagKind.String, "data/",
            "Base path for metrics storage. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.tsdb.min-block-duration", FlagKind.Duration, "2h",
            "Minimum duration of a data block before being persisted. For use in testing. Use with server mode only.") { Mode = FlagMode.Server, Hidden = true },
        new("storage.tsdb.max-block-duration", FlagKind.Duration, null,
            "Maximum duration compacted blocks may span. For use in testing. (Defaults to 10% of the retention period.) Use "
            + "with server mode only.") { Mode = FlagMode.Server, Hidden = true, Placeholder = "<duration>" },
        new("storage.tsdb.max-block-chunk-segment-size", FlagKind.Bytes, null,
            "The maximum size for a single chunk segment in a block. Example: 512MB Use with server mode only.") { Mode = FlagMode.Server, Hidden = true, Placeholder = "<bytes>" },
        new("storage.tsdb.wal-segment-size", FlagKind.Bytes, null,
            "Size at which to split the tsdb WAL segment files. Example: 100MB Use with server mode only.") { Mode = FlagMode.Server, Hidden = true, Placeholder = "<bytes>" },
        new("storage.tsdb.retention.time", FlagKind.Duration, null,
            "[DEPRECATED] How long to retain samples in storage. If neither this flag nor \"storage.tsdb.retention.size\" is "
            + "set, the retention time defaults to 15d. Units Supported: y, w, d, h, m, s, ms. This flag has been deprecated, "
            + "use the storage.tsdb.retention.time field in the config file instead. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.tsdb.retention.size", FlagKind.Bytes, null,
            "[DEPRECATED] Maximum number of bytes that can be stored for blocks. A unit is required, supported units: B, KB, "
            + "MB, GB, TB, PB, EB. Ex: \"512MB\". Based on powers-of-2, so 1KB is 1024B. This flag has been deprecated, use the "
            + "storage.tsdb.retention.size field in the config file instead. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.tsdb.no-lockfile", FlagKind.Bool, "false",
            "Do not create lockfile in data directory. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.tsdb.allow-overlapping-compaction", FlagKind.Bool, "true",
            "Allow compaction of overlapping blocks. If set to false, TSDB stops vertical compaction and leaves overlapping "
            + "blocks there. The use case is to let another component handle the compaction of overlapping blocks. Use with "
            + "server mode only.") { Mode = FlagMode.Server, Hidden = true },
        new("storage.tsdb.wal-compression", FlagKind.Bool, "true",
            "Compress the tsdb WAL. If false, the --storage.tsdb.wal-compression-type flag is ignored. Use with server mode "
            + "only.") { Mode = FlagMode.Server, Hidden = true },
        new("storage.tsdb.wal-compression-type", FlagKind.Enum, "snappy",
            "Compression algorithm for the tsdb WAL, used when --storage.tsdb.wal-compression is true. Use with server mode "
            + "only.") { Mode = FlagMode.Server, Hidden = true, Choices = ["snappy", "zstd"] },
        new("storage.tsdb.head-chunks-write-queue-size", FlagKind.Integer, "0",
            "Size of the queue through which head chunks are written to the disk to be m-mapped, 0 disables the queue "
            + "completely. Experimental. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.tsdb.samples-per-chunk", FlagKind.Integer, "120",
            "Target number of samples per chunk. Use with server mode only.") { Mode = FlagMode.Server, Hidden = true },
        new("storage.tsdb.delayed-compaction.max-percent", FlagKind.Integer, "10",
            "Sets the upper limit for the random compaction delay, specified as a percentage of the head chunk range. 100 "
            + "means the compaction can be delayed by up to the entire head chunk range. Only effective when the "
            + "delayed-compaction feature flag is enabled. Use with server mode only.") { Mode = FlagMode.Server, Hidden = true },
        new("storage.tsdb.delay-compact-file.path", FlagKind.String, "",
            "Path to a JSON file with uploaded TSDB blocks e.g. Thanos shipper meta file. If set TSDB will only compact 1 "
            + "level blocks that are marked as uploaded in that file, improving external storage integrations e.g. with Thanos "
            + "sidecar. 1+ level compactions won't be delayed. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.tsdb.block-reload-interval", FlagKind.Duration, "1m",
            "Interval at which to check for new or removed blocks in storage. Users who manually backfill or drop blocks must "
            + "wait up to this duration before changes become available. Use with server mode only.") { Mode = FlagMode.Server, Hidden = true },
        new("storage.agent.path", FlagKind.String, "data-agent/",
            "Base path for metrics storage. Use with agent mode only.") { Mode = FlagMode.Agent },
        new("storage.agent.wal-segment-size", FlagKind.Bytes, null,
            "Size at which to split WAL segment files. Example: 100MB Use with agent mode only.") { Mode = FlagMode.Agent, Hidden = true, Placeholder = "<bytes>" },
        new("storage.agent.wal-compression", FlagKind.Bool, "true",
            "Compress the agent WAL. If false, the --storage.agent.wal-compression-type flag is ignored. Use with agent mode "
            + "only.") { Mode = FlagMode.Agent },
        new("storage.agent.wal-compression-type", FlagKind.Enum, "snappy",
            "Compression algorithm for the agent WAL, used when --storage.agent.wal-compression is true. Use with agent mode "
            + "only.") { Mode = FlagMode.Agent, Hidden = true, Choices = ["snappy", "zstd"] },
        new("storage.agent.wal-truncate-frequency", FlagKind.Duration, null,
            "The frequency at which to truncate the WAL and remove old data. Use with agent mode only.") { Mode = FlagMode.Agent, Hidden = true, Placeholder = "<duration>" },
        new("storage.agent.retention.min-time", FlagKind.Duration, "5m",
            "Minimum age samples may be before being considered for deletion when the WAL is truncated Use with agent mode "
            + "only.") { Mode = FlagMode.Agent },
        new("storage.agent.retention.max-time", FlagKind.Duration, "4h",
            "Maximum age samples may be before being forcibly deleted when the WAL is truncated Use with agent mode only.") { Mode = FlagMode.Agent },
        new("storage.agent.checkpoint-from-in-memory-series", FlagKind.Bool, "false",
            "Use only in-memory series data when building a checkpoint. Use with agent mode only.") { Mode = FlagMode.Agent },
        new("storage.agent.checkpoint-batch-size", FlagKind.Integer, "1000",
            "Size of a single WAL log entry chunk to be flushed. Has no effect without "
            + "--storage.agent.checkpoint-from-in-memory-series flag. Use with agent mode only.") { Mode = FlagMode.Agent },
        new("storage.agent.no-lockfile", FlagKind.Bool, "false",
            "Do not create lockfile in data directory. Use with agent mode only.") { Mode = FlagMode.Agent },
        new("storage.remote.flush-deadline", FlagKind.Duration, "1m",
            "How long to wait flushing sample on shutdown or config reload.") { Placeholder = "<duration>" },
        new("storage.remote.read-sample-limit", FlagKind.Integer, "5e7",
            "Maximum overall number of samples to return via the remote read interface, in a single query. 0 means no limit. "
            + "This limit is ignored for streamed response types. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.remote.read-concurrent-limit", FlagKind.Integer, "10",
            "Maximum number of concurrent remote read calls. 0 means no limit. Use with server mode only.") { Mode = FlagMode.Server },
        new("storage.remote.read-max-bytes-in-frame", FlagKind.Integer, "1048576",
            "Maximum number of bytes in a single frame for streaming remote read response types before marshalling. Note that "
            + "client might have limit on frame size as well. 1MB as recommended by protobuf by default. Use with server mode "
            + "only.") { Mode = FlagMode.Server },
        new("web.search.max-limit", FlagKind.Integer, "10000",
            "Hard upper bound on the \"limit\" query parameter accepted by the experimental search API "
            + "(--enable-feature=search-api). Requests with a higher limit are rejected with HTTP 400. 0 disables the cap. Use "
            + "with server mode only.") { Mode = FlagMode.Server },
        new("rules.alert.for-outage-tolerance", FlagKind.Duration, "1h",
            "Max time to tolerate prometheus outage for restoring \"for\" state of alert. Use with server mode only.") { Mode = FlagMode.Server },
        new("rules.alert.for-grace-period", FlagKind.Duration, "10m",
            "Minimum duration between alert and restored \"for\" state. This is maintained only for alerts with configured "
            + "\"for\" time greater than grace period. Use with server mode only.") { Mode = FlagMode.Server },
        new("rules.alert.resend-delay", FlagKind.Duration, "1m",
            "Minimum amount of time to wait before resending an alert to Alertmanager. Use with server mode only.") { Mode = FlagMode.Server },
        new("rules.max-concurrent-evals", FlagKind.Integer, "4",
            "Global concurrency limit for independent rules that can run concurrently. When set, \"query.max-concurrency\" "
            + "may need to be adjusted accordingly. Use with server mode only.") { Mode = FlagMode.Server },
        new("scrape.adjust-timestamps", FlagKind.Bool, "true",
            "Adjust scrape timestamps by up to `scrape.timestamp-tolerance` to align them to the intended schedule. See "
            + "https://github.com/prometheus/prometheus/issues/7846 for more context. Experimental. This flag will be removed "
            + "in a future release.") { Hidden = true },
        new("scrape.timestamp-tolerance", FlagKind.GoDuration, "2ms",
            "Timestamp tolerance. See https://github.com/prometheus/prometheus/issues/7846 for more context. Experimental. "
            + "This flag will be removed in a future release.") { Hidden = true },
        new("alertmanager.notification-queue-capacity", FlagKind.Integer, "10000",
            "The capacity of the queue for pending Alertmanager notifications. Use with server mode only.") { Mode = FlagMode.Server },
        new("alertmanager.notification-batch-size", FlagKind.Integer, "256",
            "The maximum number of notifications per batch to send to the Alertmanager. Use with server mode only.") { Mode = FlagMode.Server },
        new("alertmanager.drain-notification-queue-on-shutdown", FlagKind.Bool, "true",
            "Send any outstanding Alertmanager notifications when shutting down. If false, any outstanding Alertmanager "
            + "notifications will be dropped when shutting down. Use with server mode only.") { Mode = FlagMode.Server },
        new("query.lookback-delta", FlagKind.Duration, "5m",
            "The maximum lookback duration for retrieving metrics during expression evaluations and federation. Use with "
            + "server mode only.") { Mode = FlagMode.Server },
        new("query.timeout", FlagKind.Duration, "2m",
            "Maximum time a query may take before being aborted. Use with server mode only.") { Mode = FlagMode.Server },
        new("query.max-concurrency", FlagKind.Integer, "20",
            "Maximum number of queries executed concurrently. Use with server mode only.") { Mode = FlagMode.Server },
        new("query.max-samples", FlagKind.Integer, "50000000",
            "Maximum number of samples a single query can load into memory. Note that queries will fail if they try to load "
            + "more samples than this into memory, so this also limits the number of samples a query can return. Use with "
            + "server mode only.") { Mode = FlagMode.Server },
        new("scrape.discovery-reload-interval", FlagKind.Duration, "5s",
            "Interval used by scrape manager to throttle target groups updates.") { Hidden = true },
        new("enable-feature", FlagKind.Strings, null,
            "Comma separated feature names to enable. Valid options: concurrent-rule-eval, created-timestamp-zero-ingestion, "
            + "delayed-compaction, exemplar-storage, extra-scrape-metrics, histograms-st-encoding, memory-snapshot-on-shutdown, "
            + "metadata-wal-records, old-ui, otlp-deltatocumulative, otlp-native-delta-ingestion, promql-binop-fill-modifiers, "
            + "promql-delayed-name-removal, promql-experimental-functions, promql-extended-range-selectors, "
            + "promql-per-step-stats, search-api, st-storage, st-synthesis, type-and-unit-labels, use-start-timestamps, "
            + "use-uncached-io, xor2-encoding. See https://prometheus.io/docs/prometheus/latest/feature_flags/ for more "
            + "details."),
        new("agent", FlagKind.Bool, null,
            "Run Prometheus in 'Agent mode'."),
        new("log.level", FlagKind.Enum, "info",
            "Only log messages with the given severity or above. One of: [debug, info, warn, error]")
            { Choices = ["debug", "info", "warn", "error"], ChoiceError = "unrecognized log level {0}" },
        new("log.format", FlagKind.Enum, "logfmt",
            "Output format of log messages. One of: [logfmt, json]")
            { Choices = ["logfmt", "json"], ChoiceError = "unrecognized log format {0}" },
    ];
}
