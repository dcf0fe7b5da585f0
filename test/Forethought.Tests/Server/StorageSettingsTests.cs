using Forethought.Configuration;
using Forethought.Flags;
using Forethought.Server;
using Forethought.Storage;
using Forethought.Tsdb;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Wal;

namespace Forethought.Tests.Server;

/// <summary>What flags and configuration make of the store's options; rules and defaults are those of upstream's main.go.</summary>
public sealed class StorageSettingsTests
{
    [Fact]
    public void Without_flags_the_store_is_opened_with_the_defaults()
    {
        TsdbOptions options = Options("");
        Assert.Equal("data/", options.Path);
        Assert.Equal(new RetentionLimits(TimeSpan.FromDays(15)), options.Retention);
        Assert.Equal(TimeSpan.FromHours(2), options.MinBlockDuration);
        Assert.Equal(TimeSpan.FromHours(36), options.MaxBlockDuration);
        Assert.Equal(512L << 20, options.MaxBlockChunkSegmentBytes);
        Assert.Equal(TimeSpan.FromMinutes(1), options.BlockReloadInterval);
        Assert.Equal(WalCompression.Snappy, options.WalCompression);
        Assert.Equal(0, options.MaxExemplars);
    }

    [Theory]
    [InlineData("", "--storage.tsdb.retention.time=3d", 3 * 24, 0, 0)]
    [InlineData("", "--storage.tsdb.retention.size=1GB", 0, 1L << 30, 0)]
    [InlineData("storage: {tsdb: {retention: {size: 2GB}}}", "--storage.tsdb.retention.time=3d", 0, 2L << 30, 0)]
    [InlineData("storage: {tsdb: {retention: {time: 1d, percentage: 80}}}", "--storage.tsdb.retention.size=1GB", 24, 0, 80)]
    [InlineData("storage: {tsdb: {out_of_order_time_window: 1h}}", "--storage.tsdb.retention.time=3d", 3 * 24, 0, 0)]
    public void The_section_replaces_the_flags_as_a_whole(string configuration, string flag, int hours, long bytes, double percentage) =>
        Assert.Equal(new RetentionLimits(TimeSpan.FromHours(hours), bytes, percentage), Options(configuration, flag).Retention);

    [Theory]
    [InlineData("--storage.tsdb.max-block-duration=6h", 6)]
    [InlineData("--storage.tsdb.retention.time=100d", 240)]
    [InlineData("--storage.tsdb.retention.time=10y", 31 * 24)]
    [InlineData("--storage.tsdb.retention.size=1GB", 31 * 24)]
    public void Blocks_grow_to_a_tenth_of_the_retention_and_31_days_at_most(string flag, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Options("", flag).MaxBlockDuration);

    [Fact]
    public void The_size_of_chunk_files_is_taken_over() =>
        Assert.Equal(64L << 20, Options("", "--storage.tsdb.max-block-chunk-segment-size=64MB").MaxBlockChunkSegmentBytes);

    [Theory]
    [InlineData("--storage.tsdb.block-reload-interval=10s", 10)]
    [InlineData("--storage.tsdb.block-reload-interval=10ms", 1)]
    public void The_directory_is_not_looked_at_more_often_than_each_second(string flag, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Options("", flag).BlockReloadInterval);

    [Theory]
    [InlineData("", "", ChunkEncoding.Xor)]
    [InlineData("", "xor2-encoding", ChunkEncoding.Xor2)]
    [InlineData("storage: {tsdb: {chunk_encoding: {floats: xor2}}}", "", ChunkEncoding.Xor2)]
    [InlineData("storage: {tsdb: {chunk_encoding: {floats: xor}}}", "xor2-encoding", ChunkEncoding.Xor)]
    public void The_configuration_has_precedence_over_the_feature_flag_for_floats(
        string configuration, string feature, ChunkEncoding encoding) =>
        Assert.Equal(encoding, Options(configuration, "--enable-feature=" + feature).FloatChunkEncoding);

    [Fact]
    public void Start_timestamps_need_an_encoding_with_a_place_for_them()
    {
        TsdbOptions options = Options(
            "storage: {tsdb: {chunk_encoding: {floats: xor2}}}", "--enable-feature=st-storage,histograms-st-encoding");
        Assert.True(options.StoresStartTimes);
        Assert.True(options.WritesHistogramStartTimes);
        Assert.StartsWith(
            "float chunk encoding \"xor\" is incompatible with start-timestamp storage",
            Assert.Throws<StorageException>(() => Options("", "--enable-feature=st-storage")).Message,
            StringComparison.Ordinal);
    }

    // As main.go: out of range means 10.
    [Theory]
    [InlineData("--enable-feature=delayed-compaction", "--storage.tsdb.delayed-compaction.max-percent=40", 40)]
    [InlineData("--enable-feature=delayed-compaction", "--storage.tsdb.delayed-compaction.max-percent=0", 10)]
    [InlineData("--enable-feature=delayed-compaction", "--storage.tsdb.delayed-compaction.max-percent=101", 10)]
    [InlineData("--enable-feature=delayed-compaction", "--query.timeout=1m", 10)]
    [InlineData("--query.timeout=1m", "--storage.tsdb.delayed-compaction.max-percent=40", 0)]
    public void The_delay_of_compactions_is_bounded(string feature, string flag, int percent) =>
        Assert.Equal(percent, Options("", feature, flag).CompactionDelayMaxPercent);

    [Fact]
    public void The_file_of_uploaded_blocks_is_taken_over()
    {
        Assert.Equal("up.json", Options("", "--storage.tsdb.delay-compact-file.path=up.json").UploadedBlocksFile);
        Assert.Null(Options("").UploadedBlocksFile);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("storage: {tsdb: {out_of_order_time_window: 90m}}", 90)]
    public void The_window_of_late_samples_is_taken_over(string configuration, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Options(configuration).OutOfOrderTimeWindow);

    [Theory]
    [InlineData("--storage.tsdb.allow-overlapping-compaction", true)]
    [InlineData("--no-storage.tsdb.allow-overlapping-compaction", false)]
    public void Merging_blocks_that_overlap_may_be_left_to_others(string flag, bool allows) =>
        Assert.Equal(allows, Options("", flag).AllowsOverlappingCompaction);

    [Fact]
    public void The_share_of_stale_series_is_taken_over()
    {
        Assert.Equal(0.25, Options("storage: {tsdb: {stale_series_compaction_threshold: 0.25}}").StaleSeriesCompactionThreshold);
        Assert.Equal(0, Options("").StaleSeriesCompactionThreshold);
    }

    [Fact]
    public void Features_of_the_storage_are_taken_over()
    {
        TsdbOptions options = Options("", "--enable-feature=fast-startup,use-uncached-io", "--storage.tsdb.head-chunks-write-queue-size=7");
        Assert.Equal((true, true, 7), (options.KeepsSeriesState, options.WritesChunksUncached, options.ChunkWriteQueueSize));
        options = Options("");
        Assert.Equal((false, false, 0), (options.KeepsSeriesState, options.WritesChunksUncached, options.ChunkWriteQueueSize));
    }

    // Texts of upstream's cmd/prometheus/main.go.
    [Theory]
    [InlineData("--storage.tsdb.wal-segment-size=9MB", "flag 'storage.tsdb.wal-segment-size' must be set between 10MB and 256MB")]
    [InlineData("--storage.tsdb.wal-segment-size=257MB", "flag 'storage.tsdb.wal-segment-size' must be set between 10MB and 256MB")]
    [InlineData("--storage.tsdb.wal-segment-size=10MB", null)]
    [InlineData("--storage.tsdb.max-block-chunk-segment-size=512KB", "flag 'storage.tsdb.max-block-chunk-segment-size' must be set over 1MB")]
    [InlineData("--storage.tsdb.max-block-chunk-segment-size=1MB", null)]
    [InlineData("--query.timeout=1m", null)]
    public void Sizes_out_of_range_are_refused(string flag, string? problem) => Assert.Equal(problem, Settings(flag).FindProblem());

    [Theory]
    [InlineData("", "--storage.tsdb.block-reload-interval=500ms", "The option --storage.tsdb.block-reload-interval is set to a value less than 1s. Setting it to 1s to avoid overload.")]
    [InlineData("storage: {tsdb: {retention: {size: 1GB, percentage: 5}}}", "--query.timeout=1m", "storage.tsdb.retention.size is ignored, because storage.tsdb.retention.percentage is specified")]
    [InlineData("", "--query.timeout=1m", null)]
    public void What_is_not_done_as_asked_is_told(string configuration, string flag, string? warning) =>
        Assert.Equal(warning is null ? [] : [warning], Settings(flag).Warnings(Load(configuration)));

    private static StorageSettings Settings(params string[] flags)
    {
        FlagValues values = new FlagParser(ServerFlags.All).Parse(flags);
        return new StorageSettings(values, new FeatureSwitches(values.Texts("enable-feature")));
    }

    private static PrometheusConfiguration Load(string configuration) =>
        ConfigurationLoader.LoadText(System.Text.Encoding.UTF8.GetBytes(configuration));

    private static TsdbOptions Options(string configuration, params string[] flags) => Settings(flags).Options(Load(configuration));
}
