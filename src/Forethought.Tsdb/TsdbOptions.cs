using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb;

/// <summary>How a <see cref="TsdbStore"/> is opened.</summary>
public sealed record TsdbOptions
{
    /// <summary>The data directory (<c>--storage.tsdb.path</c>); null keeps everything in memory only, without a log.</summary>
    public string? Path { get; init; }

    /// <summary>How much is kept. Default: 15 days.</summary>
    public RetentionLimits Retention { get; init; } = RetentionLimits.Default;

    /// <summary>
    /// The length of a block written from the head, to whose multiples chunks are aligned (<c>--storage.tsdb.min-block-duration</c>).
    /// Default 2 hours.
    /// </summary>
    public TimeSpan MinBlockDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// The longest that blocks grow by being merged (<c>--storage.tsdb.max-block-duration</c>); one shorter than
    /// <see cref="MinBlockDuration"/> counts as that. Default a tenth of 15 days.
    /// </summary>
    public TimeSpan MaxBlockDuration { get; init; } = TimeSpan.FromHours(36);

    /// <summary>The most bytes of a block's chunk file (<c>--storage.tsdb.max-block-chunk-segment-size</c>). Default 512 MiB.</summary>
    public long MaxBlockChunkSegmentBytes { get; init; } = 512L << 20;

    /// <summary>
    /// How often the store looks for new blocks, for old ones to drop, and for something to compact
    /// (<c>--storage.tsdb.block-reload-interval</c>). Default a minute.
    /// </summary>
    public TimeSpan BlockReloadInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether a commit that completes a range of the head has it compacted at once, so that a stream of old samples does not grow in
    /// memory until the next look. Default: only when the store looks, or is told to.
    /// </summary>
    public bool CompactsWhenDue { get; init; }

    /// <summary>
    /// The longest that writing the head into a block is held up, in percent of <see cref="MinBlockDuration"/>
    /// (<c>--storage.tsdb.delayed-compaction.max-percent</c>); how long is drawn when the store is opened. 0, the default, for not at all.
    /// </summary>
    public int CompactionDelayMaxPercent { get; init; }

    /// <summary>
    /// A JSON file that lists the blocks which were shipped elsewhere (<c>--storage.tsdb.delay-compact-file.path</c>): others, while they
    /// are as the head became them, are not merged. Null for none.
    /// </summary>
    public string? UploadedBlocksFile { get; init; }

    /// <summary>Samples that a float chunk is meant to hold (<c>--storage.tsdb.samples-per-chunk</c>). Default 120.</summary>
    public int SamplesPerChunk { get; init; } = 120;

    /// <summary>
    /// How new chunks of floats are encoded (<c>storage.tsdb.chunk_encoding.floats</c>): <see cref="ChunkEncoding.Xor"/> or
    /// <see cref="ChunkEncoding.Xor2"/>. Default XOR.
    /// </summary>
    public ChunkEncoding FloatChunkEncoding { get; init; } = ChunkEncoding.Xor;

    /// <summary>
    /// Whether start timestamps are kept, in the log and in chunks that have a place for them (<c>--enable-feature=st-storage</c>).
    /// Needs <see cref="ChunkEncoding.Xor2"/>.
    /// </summary>
    public bool StoresStartTimes { get; init; }

    /// <summary>
    /// Whether new chunks of native histograms have a place for start timestamps (<c>--enable-feature=histograms-st-encoding</c>).
    /// </summary>
    public bool WritesHistogramStartTimes { get; init; }

    /// <summary>Whether metadata of series goes to the log (<c>--enable-feature=metadata-wal-records</c>).</summary>
    public bool LogsMetadata { get; init; }

    /// <summary>
    /// Whether the head is written to disk when the store is closed, and read from there when it is opened, so that only the log after it
    /// has to be replayed (<c>--enable-feature=memory-snapshot-on-shutdown</c>).
    /// </summary>
    public bool SnapshotsOnShutdown { get; init; }

    /// <summary>The most bytes of a log segment (<c>--storage.tsdb.wal-segment-size</c>), a multiple of 32 KiB. Default 128 MiB.</summary>
    public int WalSegmentSize { get; init; } = 128 << 20;

    /// <summary>How log records are compressed (<c>--storage.tsdb.wal-compression-type</c>). Default Snappy.</summary>
    public WalCompression WalCompression { get; init; } = WalCompression.Snappy;

    /// <summary>Whether to do without a lock file in the data directory (<c>--storage.tsdb.no-lockfile</c>).</summary>
    public bool NoLockfile { get; init; }

    /// <summary>
    /// The most exemplars kept in memory (<c>storage.exemplars.max_exemplars</c>); 0 or less keeps none. Default 0.
    /// </summary>
    public long MaxExemplars { get; init; }

    /// <summary>
    /// How much older than the newest sample of the head a sample may be that is not newer than its series', and how much older than the
    /// newest exemplar of its series an exemplar (<c>storage.tsdb.out_of_order_time_window</c>); zero or less: not at all. A store without
    /// a directory takes samples in order only.
    /// </summary>
    public TimeSpan OutOfOrderTimeWindow { get; init; }

    /// <summary>
    /// Whether blocks that overlap are merged (<c>--storage.tsdb.allow-overlapping-compaction</c>); otherwise that is left to another
    /// component. Default true.
    /// </summary>
    public bool AllowsOverlappingCompaction { get; init; } = true;

    /// <summary>
    /// Whether, after compactions, all garbage of the process is collected and free native memory given back to the system. For a process
    /// that is a server. Default false.
    /// </summary>
    public bool ReturnsUnusedMemory { get; init; }

    /// <summary>
    /// The share of the head's series, 0 to 1, that may be stale before they are compacted ahead of the others
    /// (<c>storage.tsdb.stale_series_compaction_threshold</c>); 0, the default, for never.
    /// </summary>
    public double StaleSeriesCompactionThreshold { get; init; }

    /// <summary>
    /// Whether newest series and log segment are noted once a second in <c>wal/series_state.json</c>, and read from there when the store is
    /// opened (<c>--enable-feature=fast-startup</c>).
    /// </summary>
    public bool KeepsSeriesState { get; init; }

    /// <summary>
    /// Whether chunks that compaction writes are kept out of the operating system's cache (<c>--enable-feature=use-uncached-io</c>), so
    /// that they do not push out what queries read. Needs <see cref="SupportsUncachedWrites"/>.
    /// </summary>
    public bool WritesChunksUncached { get; init; }

    /// <summary>
    /// How many full chunks of the head may wait for being written to files before any of them is taken out of memory
    /// (<c>--storage.tsdb.head-chunks-write-queue-size</c>); 0, the default, for as many as the store finds useful.
    /// </summary>
    public int ChunkWriteQueueSize { get; init; }

    /// <summary>The clock of background work and durations.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told about things an operator should know but that do not stop the store: a repaired log, say. Any thread.</summary>
    public Action<string>? Warned { get; init; }

    /// <summary>Told what the store did that an operator may want to know. Any thread.</summary>
    public Action<string>? Informed { get; init; }

    /// <summary>Told how far replay is, when it begins a segment. Called while <see cref="TsdbStore.OpenAsync"/> runs.</summary>
    public Action<WalReplayProgress>? Replaying { get; init; }

    /// <summary>What makes the names of blocks unique.</summary>
    internal Random Random { get; init; } = new();

    /// <summary>Samples of a series that came out of order before they become a chunk, 1 to 255; upstream's default.</summary>
    internal int OutOfOrderCapMax { get; init; } = 32;

    /// <summary>Where data is kept instead of in <see cref="Path"/>: tests put it on a disk that fails.</summary>
    internal IStorageDirectory? DataDirectory { get; init; }

    /// <summary>How much replay hands from thread to thread.</summary>
    internal ReplayLimits Replay { get; init; } = new();

    /// <summary>Whether the operating system can be told not to cache what was written.</summary>
    public static bool SupportsUncachedWrites => PageCache.IsSupported;

    /// <summary>Where work runs that waits for the disk.</summary>
    internal DiskWork DiskWork { get; init; } = DiskWork.OnThreads;

    internal long ChunkRangeMs => (long)MinBlockDuration.TotalMilliseconds;
}
