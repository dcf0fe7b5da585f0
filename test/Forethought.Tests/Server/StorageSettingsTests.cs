using Forethought.Configuration;
using Forethought.Flags;
using Forethought.Server;
using Forethought.Tsdb;
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

    private static TsdbOptions Options(string configuration, params string[] flags)
    {
        FlagValues values = new FlagParser(ServerFlags.All).Parse(flags);
        return new StorageSettings(values, new FeatureSwitches([]))
            .Options(ConfigurationLoader.LoadText(System.Text.Encoding.UTF8.GetBytes(configuration)));
    }
}
