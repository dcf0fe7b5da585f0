using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Metadata of series in the log: written once, replayed, and kept by checkpoints as long as its series.</summary>
public sealed class StoredMetadataTests
{
    private const long Minute = 60_000;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up");
    private static readonly Labels Gone = Labels.FromStrings("__name__", "gone");
    private static readonly SeriesMetadata First = new(2, "", "Whether the target is up.");
    private static readonly SeriesMetadata Second = new(1, "seconds", "Größe");

    private readonly MemoryDisk _disk = new();

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        LogsMetadata = true,
        WalSegmentSize = 32 * 1024,
        WalCompression = WalCompression.None,
    };

    [Fact]
    public async Task It_is_logged_between_series_and_samples_and_only_when_it_is_news()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(store, Up, 1000, First);
            await AppendAsync(store, Up, 2000, First);
            await AppendAsync(store, Up, 3000, Second);
        }

        Assert.Equal(
            [
                WalRecordType.Series, WalRecordType.Metadata, WalRecordType.Samples, WalRecordType.Samples,
                WalRecordType.Metadata, WalRecordType.Samples,
            ],
            Records().Select(record => WalRecord.TypeOf(record)));
        Assert.Equal([(1, First), (1, Second)], Logged());
    }

    [Fact]
    public async Task It_is_known_after_a_restart()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(store, Up, 1000, First);
            await AppendAsync(store, Up, 2000, Second);
        }

        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            Assert.True(store.Head.Metadata.TryGet(1, out SeriesMetadata? metadata));
            Assert.Equal(Second, metadata);
            await AppendAsync(store, Up, 3000, Second);
        }

        Assert.Equal(2, Logged().Count);
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_known()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        batch.Metadata.Add((appender.Series(Up), First));
        appender.Append(batch);
        appender.Rollback();
        Assert.False(store.Head.Metadata.TryGet(1, out _));
    }

    [Fact]
    public async Task Without_the_feature_it_is_passed_over()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { LogsMetadata = false }))
            await AppendAsync(store, Up, 1000, First);
        Assert.Empty(Logged());
    }

    [Fact]
    public async Task Checkpoints_keep_the_newest_of_each_series_that_is_left()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await AppendAsync(store, Up, 0, First);
            await AppendAsync(store, Gone, 0, First);
            await AppendAsync(store, Up, 1, Second);
            for (int i = 1; i <= 3000; i++)
                await AppendAsync(store, Up, i * Minute, Second);
            await store.TruncateHeadAsync(2700 * Minute);
            await store.TruncateHeadAsync(2800 * Minute);
            for (int i = 3001; i <= 5000; i++)
                await AppendAsync(store, Up, i * Minute, Second);
            await store.TruncateHeadAsync(4800 * Minute);
            Assert.False(store.Head.Metadata.TryGet(2, out _));
        }

        Assert.NotNull(WalCheckpoints.FindLast(_disk.Root.GetDirectory("wal")));
        Assert.Equal([(1, Second)], Logged());
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.True(reopened.Head.Metadata.TryGet(1, out SeriesMetadata? metadata));
        Assert.Equal(Second, metadata);
    }

    [Fact]
    public async Task Metadata_of_series_that_the_log_does_not_name_is_counted()
    {
        var records = new RecordBuffer();
        records.Begin(WalRecordType.Metadata);
        MetadataRecord.Write(records, new SeriesRef(7), 1, default, "x"u8);
        records.End();
        using (var writer = new WalWriter(_disk.Root.GetDirectory("wal"), new WalOptions { SegmentSize = 32 * 1024 }))
        {
            Assert.True(writer.TryStage(records));
            writer.WriteStaged();
            writer.Close();
        }

        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.False(store.Head.Metadata.TryGet(7, out _));
        var registry = new Client.MetricRegistry();
        registry.Register(store.Metrics);
        using var answer = new MemoryStream();
        await new Client.MetricsHandler(registry).ServeAsync("", "", _ => { }, answer, TestContext.Current.CancellationToken);
        string text = System.Text.Encoding.UTF8.GetString(answer.ToArray());
        Assert.Contains("prometheus_tsdb_wal_replay_unknown_refs_total{type=\"metadata\"} 1\n", text, StringComparison.Ordinal);
    }

    private static async Task AppendAsync(TsdbStore store, Labels labels, long timeMs, SeriesMetadata metadata)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        SeriesRef series = appender.Series(labels);
        batch.Add(series, timeMs, 1);
        batch.Metadata.Add((series, metadata));
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private List<(int Series, SeriesMetadata Metadata)> Logged()
    {
        var logged = new List<(int, SeriesMetadata)>();
        foreach (byte[] record in Records().Where(record => WalRecord.TypeOf(record) == WalRecordType.Metadata))
        {
            for (var metadata = new MetadataRecord(record); metadata.MoveNext();)
            {
                string unit = System.Text.Encoding.UTF8.GetString(metadata.Unit);
                string help = System.Text.Encoding.UTF8.GetString(metadata.Help);
                logged.Add(((int)metadata.Series.Value, new SeriesMetadata(metadata.MetricType, unit, help)));
            }
        }

        return logged;
    }

    // Of the newest checkpoint, then of the segments after it.
    private List<byte[]> Records()
    {
        var records = new List<byte[]>();
        IStorageDirectory log = _disk.Root.GetDirectory("wal");
        if (WalCheckpoints.FindLast(log) is { } checkpoint)
            Read(new WalRange(WalCheckpoints.Open(log, checkpoint)), records);
        Read(new WalRange(log, WalSegments.List(log)[0]), records);
        return records;
    }

    private static void Read(WalRange range, List<byte[]> records)
    {
        using var reader = new WalReader(range);
        while (reader.TryRead(out ReadOnlySpan<byte> record))
            records.Add(record.ToArray());
    }
}
