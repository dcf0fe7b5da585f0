using Forethought.Configuration;
using Forethought.Encoding;
using Forethought.Flags;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Wal;

namespace Forethought.Server;

/// <summary>What flags and configuration say of the storage. The configuration's part may change with each reload.</summary>
internal sealed class StorageSettings(FlagValues flags, FeatureSwitches features)
{
    private static readonly TimeSpan LongestBlock = TimeSpan.FromDays(31);
    private static readonly TimeSpan LeastReloadInterval = TimeSpan.FromSeconds(1);

    private const long LeastLogSegment = 10 << 20;
    private const long LargestLogSegment = 256 << 20;
    private const long LeastChunkSegment = 1 << 20;

    /// <summary>The options of a store, without clock and reports.</summary>
    public TsdbOptions Options(PrometheusConfiguration configuration) => new()
    {
        Path = flags.Text(flags.Bool("agent") ? "storage.agent.path" : "storage.tsdb.path"),
        Retention = Retention(configuration),
        WalSegmentSize = flags.Bytes("storage.tsdb.wal-segment-size") is > 0 and var size ? (int)size : new TsdbOptions().WalSegmentSize,
        MinBlockDuration = flags.Duration("storage.tsdb.min-block-duration"),
        MaxBlockDuration = MaxBlockDuration(configuration),
        MaxBlockChunkSegmentBytes = flags.Bytes("storage.tsdb.max-block-chunk-segment-size") is > 0 and var bytes
            ? bytes
            : new TsdbOptions().MaxBlockChunkSegmentBytes,
        BlockReloadInterval = BlockReloadInterval,
        StaleSeriesCompactionThreshold = configuration.Storage.Tsdb.StaleSeriesCompactionThreshold,
        KeepsSeriesState = features["fast-startup"],
        WritesChunksUncached = features["use-uncached-io"],
        ChunkWriteQueueSize = (int)Math.Clamp(flags.Integer("storage.tsdb.head-chunks-write-queue-size"), 0, int.MaxValue),
        CompactsWhenDue = true,
        ReturnsUnusedMemory = true,
        SamplesPerChunk = (int)flags.Integer("storage.tsdb.samples-per-chunk"),
        WalCompression = LogCompression(),
        FloatChunkEncoding = FloatChunkEncoding(configuration),
        StoresStartTimes = features["st-storage"],
        LogsMetadata = features["metadata-wal-records"],
        CompactionDelayMaxPercent = CompactionDelayMaxPercent,
        UploadedBlocksFile = flags.Text("storage.tsdb.delay-compact-file.path") is { Length: > 0 } path ? path : null,
        SnapshotsOnShutdown = features["memory-snapshot-on-shutdown"],
        WritesHistogramStartTimes = features["histograms-st-encoding"],
        NoLockfile = flags.Bool("storage.tsdb.no-lockfile"),
        MaxExemplars = MaxExemplars(configuration),
        OutOfOrderTimeWindow = configuration.Storage.Tsdb.OutOfOrderTimeWindow,
        AllowsOverlappingCompaction = flags.Bool("storage.tsdb.allow-overlapping-compaction"),
    };

    /// <summary>What is wrong with the flags so that no store can be opened, as upstream says it; null when nothing is.</summary>
    public string? FindProblem()
    {
        if (flags.Bytes("storage.tsdb.wal-segment-size") is not 0 and (< LeastLogSegment or > LargestLogSegment))
            return "flag 'storage.tsdb.wal-segment-size' must be set between 10MB and 256MB";
        return flags.Bytes("storage.tsdb.max-block-chunk-segment-size") is not 0 and < LeastChunkSegment
            ? "flag 'storage.tsdb.max-block-chunk-segment-size' must be set over 1MB"
            : null;
    }

    /// <summary>What flags and configuration ask for and do not get, as upstream says it.</summary>
    public IEnumerable<string> Warnings(PrometheusConfiguration configuration)
    {
        if (flags.Duration("storage.tsdb.block-reload-interval") < LeastReloadInterval)
            yield return "The option --storage.tsdb.block-reload-interval is set to a value less than 1s. Setting it to 1s to avoid overload.";
        if (Retention(configuration) is { MaxPercentage: > 0, MaxBytes: > 0 })
            yield return "storage.tsdb.retention.size is ignored, because storage.tsdb.retention.percentage is specified";
        if (features["delayed-compaction"] && flags.Integer("storage.tsdb.delayed-compaction.max-percent") is < 1 or > 100)
            yield return "The --storage.tsdb.delayed-compaction.max-percent should have a value between 1 and 100. Using default";
    }

    /// <summary>
    /// How much is kept. The configuration's section replaces the flags as a whole; where nothing says how much, it is 15 days.
    /// </summary>
    public RetentionLimits Retention(PrometheusConfiguration configuration)
    {
        if (configuration.Storage.Tsdb.Retention is { } section)
            return new RetentionLimits(section.Time, section.Size, section.Percentage);
        var given = new RetentionLimits(flags.Duration("storage.tsdb.retention.time"), flags.Bytes("storage.tsdb.retention.size"));
        return given == RetentionLimits.None ? RetentionLimits.Default : given;
    }

    /// <summary>The retention as the status page shows it.</summary>
    public string RetentionText(PrometheusConfiguration configuration)
    {
        RetentionLimits limits = Retention(configuration);
        var texts = new List<string>();
        if (limits.Duration != TimeSpan.Zero)
            texts.Add(PrometheusDuration.Format(limits.Duration));
        if (limits.MaxBytes != 0)
            texts.Add(ByteSize.Format(limits.MaxBytes));
        if (limits.MaxPercentage != 0)
            texts.Add(Percentage(limits.MaxPercentage));
        return string.Join(" or ", texts);
    }

    /// <summary>How floats are encoded: as the configuration says, or as the feature flag does where it says nothing.</summary>
    /// <exception cref="StorageException">The encoding cannot hold the start timestamps that are to be kept.</exception>
    public ChunkEncoding FloatChunkEncoding(PrometheusConfiguration configuration)
    {
        ChunkEncoding encoding = configuration.Storage.Tsdb.FloatChunkEncoding switch
        {
            "xor" => ChunkEncoding.Xor,
            "xor2" => ChunkEncoding.Xor2,
            _ => features["xor2-encoding"] ? ChunkEncoding.Xor2 : ChunkEncoding.Xor,
        };
        FloatEncodings.Check(encoding, features["st-storage"]);
        return encoding;
    }

    /// <summary>How many exemplars are kept.</summary>
    public long MaxExemplars(PrometheusConfiguration configuration) =>
        features["exemplar-storage"] ? (configuration.Storage.Exemplars ?? ExemplarsConfiguration.Default).MaxExemplars : 0;

    /// <summary>The interval at which the directory is looked at.</summary>
    public TimeSpan BlockReloadInterval
    {
        get
        {
            TimeSpan interval = flags.Duration("storage.tsdb.block-reload-interval");
            return interval < LeastReloadInterval ? LeastReloadInterval : interval;
        }
    }

    private int CompactionDelayMaxPercent
    {
        get
        {
            if (!features["delayed-compaction"])
                return 0;
            long percent = flags.Integer("storage.tsdb.delayed-compaction.max-percent");
            return percent is >= 1 and <= 100 ? (int)percent : 10;
        }
    }

    private static string Percentage(double value)
    {
        Span<byte> text = stackalloc byte[32];
        return System.Text.Encoding.ASCII.GetString(text[..GoNumber.FormatGeneral(value, text)]) + "%";
    }

    private TimeSpan MaxBlockDuration(PrometheusConfiguration configuration)
    {
        TimeSpan given = flags.Duration("storage.tsdb.max-block-duration");
        if (given > TimeSpan.Zero)
            return given;
        TimeSpan tenth = Retention(configuration).Duration / 10;
        return tenth > TimeSpan.Zero && tenth < LongestBlock ? tenth : LongestBlock;
    }

    private WalCompression LogCompression()
    {
        if (!flags.Bool("storage.tsdb.wal-compression"))
            return WalCompression.None;
        return flags.Text("storage.tsdb.wal-compression-type") == "zstd" ? WalCompression.Zstd : WalCompression.Snappy;
    }
}
