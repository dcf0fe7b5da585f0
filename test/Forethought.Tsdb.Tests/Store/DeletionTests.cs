using Forethought.Client;
using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Deleting samples, and what becomes of deletions in the log, in blocks and when the disk fails.</summary>
public sealed class DeletionTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Other = Labels.FromStrings("__name__", "other", "job", "b");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(2),
        WalSegmentSize = 32 * 1024,
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task Deleted_samples_are_gone_at_once_and_after_a_restart()
    {
        (long TimeMs, double)[] samples = Samples(0, 300 * Minute);
        var expected = samples.Where(sample => sample.TimeMs is < 100 * Minute or > 110 * Minute).ToArray();
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { MinBlockDuration = TimeSpan.FromHours(20) }))
        {
            await store.AppendAsync(Up, samples);
            await store.AppendAsync(Other, samples);
            await store.DeleteAsync(100 * Minute, 110 * Minute, [Is("job", "a")]);
            await CheckAsync(store, (Up, expected), (Other, samples));
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options with { MinBlockDuration = TimeSpan.FromHours(20) });
        await CheckAsync(reopened, (Up, expected), (Other, samples));
        Assert.Equal([(99 * Minute, 49.5)], (await reopened.ReadAsync(99 * Minute, 105 * Minute))[Up]);
        Assert.Empty(_warnings);
    }

    // Upstream's Head.Delete cuts the range to each series' first and last sample: samples to come must not be deleted beforehand.
    [Fact]
    public async Task The_log_has_the_range_cut_to_what_each_series_has()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, Samples(0, 10 * Minute));
            await store.AppendAsync(Other, Samples(5 * Minute, 20 * Minute));
            await store.DeleteAsync(long.MinValue, long.MaxValue, [Matches("job", ".+")]);
            await store.DeleteAsync(8 * Minute, 15 * Minute, [Matches("job", ".+")]);
            await store.DeleteAsync(30 * Minute, 40 * Minute, [Matches("job", ".+")]);
            await store.DeleteAsync(0, long.MaxValue, [Is("job", "nobody")]);
        }

        Assert.Equal(["1:0-600000 2:300000-1200000", "1:480000-600000 2:480000-900000"], LoggedDeletions(_disk.Log));
    }

    [Fact]
    public async Task A_series_of_which_all_was_deleted_is_not_found_and_can_go_on()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, 10 * Minute));
        await store.AppendAsync(Other, Samples(0, 10 * Minute));
        await store.DeleteAsync(long.MinValue, long.MaxValue, [Is("job", "a")]);
        await CheckAsync(store, (Other, Samples(0, 10 * Minute)));
        await store.AppendAsync(Up, (11 * Minute, 7));
        await CheckAsync(store, (Up, [(11 * Minute, 7)]), (Other, Samples(0, 10 * Minute)));
    }

    [Fact]
    public async Task Samples_of_all_kinds_are_deleted()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            for (int i = 0; i < 12; i++)
                batch.AddMixed(appender.Series(Up), i * 1000, MixedSamples.Letters[i % 5], i);
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        string[] before = (await store.ReadMixedAsync(Up)).Split(", ");
        await store.DeleteAsync(3000, 6999, [Is("job", "a")]);
        Assert.Equal(12, before.Length);
        string[] after = (await store.ReadMixedAsync(Up)).Split(", ");
        Assert.Equal([.. before[..3], .. before[7..]], after);
    }

    [Fact]
    public async Task A_block_written_from_the_head_does_not_have_them()
    {
        (long TimeMs, double)[] samples = Samples(0, 4 * Hour);
        var expected = samples.Where(sample => sample.TimeMs is < 30 * Minute or > 50 * Minute).ToArray();
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Other, samples[..60]);
        await store.AppendAsync(Up, samples);
        await store.DeleteAsync(30 * Minute, 50 * Minute, [Is("job", "a")]);
        await store.DeleteAsync(0, Hour, [Is("job", "b")]);
        await store.MaintainAsync();
        BlockMeta block = Assert.Single(Blocks());
        Assert.Equal((99UL, 1UL, 0UL), (block.Stats.Samples, block.Stats.Series, block.Stats.Tombstones));
        await CheckAsync(store, (Up, expected));
        Assert.Null(store.Head.Tombstones.Current);
    }

    [Fact]
    public async Task Blocks_keep_them_beside_their_samples_until_they_are_cleaned()
    {
        (long TimeMs, double)[] samples = Samples(0, 9 * Hour);
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Other, samples[..60]);
        await store.AppendAsync(Up, samples);
        await store.MaintainAsync();
        await store.DeleteAsync(Hour, 3 * Hour, [Is("job", "a")]);
        await store.DeleteAsync(5 * Hour, 9 * Hour, [Matches("job", ".*")]);
        var expected = samples.Where(sample => sample.TimeMs is < Hour or > 3 * Hour and < 5 * Hour).ToArray();
        await CheckAsync(store, (Up, expected), (Other, samples[..60]));
        List<BlockMeta> before = Blocks();
        Assert.Equal([1UL, 1UL, 1UL], before.Select(block => block.Stats.Tombstones));
        Assert.Equal([180UL, 120UL, 120UL], before.Select(block => block.Stats.Samples));

        await store.CleanTombstonesAsync();
        List<BlockMeta> after = Blocks();
        Assert.Equal([120UL, 59UL, 60UL], after.Select(block => block.Stats.Samples));
        Assert.Equal(before.Select(block => new BlockDescription(block.Ulid, block.MinTimeMs, block.MaxTimeMs)), after.Select(block => block.Compaction.Parents.Single()));
        Assert.All(after, block => Assert.Equal((1, block.Ulid, 0UL), (block.Compaction.Level, block.Compaction.Sources.Single(), block.Stats.Tombstones)));
        await CheckAsync(store, (Up, expected), (Other, samples[..60]));
        Assert.Equal(1, await MetricAsync(store, "prometheus_tsdb_tombstone_cleanup_seconds_count"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Cleaning_leaves_nothing_of_a_block_that_was_deleted_as_a_whole_and_others_alone()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, 9 * Hour));
        await store.MaintainAsync();
        Ulid[] before = [.. Blocks().Select(block => block.Ulid)];
        await store.DeleteAsync(2 * Hour, 4 * Hour - 1, [Is("job", "a")]);
        await store.CleanTombstonesAsync();
        Assert.Equal([before[0], before[2]], Blocks().Select(block => block.Ulid));
        await store.CleanTombstonesAsync();
        Assert.Equal([before[0], before[2]], Blocks().Select(block => block.Ulid));
    }

    // Else a restart would take its samples from the log, where they still are.
    [Fact]
    public async Task The_newest_block_stays_though_nothing_is_left_of_it()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, Samples(0, 7 * Hour));
            await store.MaintainAsync();
            await store.DeleteAsync(0, 4 * Hour - 1, [Is("job", "a")]);
            await store.CleanTombstonesAsync();
            BlockMeta block = Assert.Single(Blocks());
            Assert.Equal((2 * Hour, 4 * Hour, 1UL), (block.MinTimeMs, block.MaxTimeMs, block.Stats.Tombstones));
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        await CheckAsync(reopened, (Up, Samples(4 * Hour, 7 * Hour)));
        await reopened.AppendAsync(Up, Samples(7 * Hour + Minute, 8 * Hour));
        await reopened.MaintainAsync();
        await reopened.CleanTombstonesAsync();
        Assert.Equal(4 * Hour, Assert.Single(Blocks()).MinTimeMs);
        await CheckAsync(reopened, (Up, Samples(4 * Hour, 8 * Hour)));
    }

    // A truncation leaves a chunk whole that reaches beyond its time.
    [Fact]
    public async Task What_is_left_of_a_truncated_chunk_does_not_come_back()
    {
        (long TimeMs, double)[] samples = Samples(0, 59 * Minute);
        (long, double)[] expected = [.. samples.Where(sample => sample.TimeMs is < 10 * Minute or > 20 * Minute)];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, samples);
            await store.DeleteAsync(10 * Minute, 20 * Minute, [Is("job", "a")]);
            await store.TruncateHeadAsync(30 * Minute);
            await CheckAsync(store, (Up, expected));
            for (int i = 0; i < 4; i++)
                await store.TruncateHeadAsync(30 * Minute);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Empty((await reopened.ReadAsync(0, Hour))[Up].Except(expected));
    }

    [Fact]
    public async Task Nothing_is_deleted_when_the_log_cannot_be_written()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, Hour));
        _disk.FreeBytes = 0;
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Write ? new DiskFault() : null;
        await Assert.ThrowsAsync<IOException>(() => store.DeleteAsync(0, Hour, [Is("job", "a")]));
        _disk.Restart(losesUnsynced: false);
        await CheckAsync(store, (Up, Samples(0, Hour)));
        await store.DeleteAsync(0, Hour, [Is("job", "a")]);
        await CheckAsync(store);
    }

    [Fact]
    public async Task A_deletion_under_a_second_reference_concerns_the_one_series()
    {
        WriteLog(records =>
        {
            WriteSeries(records, 1, Up);
            WriteSamples(records, (1, 1000, 1), (1, 2000, 2));
            WriteSeries(records, 2, Up);
            WriteSamples(records, (2, 3000, 3), (2, 4000, 4));
            WriteDeletion(records, 2, 2000, 3000);
            WriteDeletion(records, 9, 2000, 3000);
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await CheckAsync(store, (Up, [(1000, 1), (4000, 4)]));
        Assert.Equal("Unknown series references: samples=0 exemplars=0 tombstones=1", Assert.Single(_warnings));
        Assert.Equal(1, await MetricAsync(store, "prometheus_tsdb_wal_replay_unknown_refs_total{type=\"tombstones\"}"));
        using IAppender appender = store.OpenAppender();
        Assert.Equal(new SeriesRef(10), appender.Series(Other));
    }

    // What Prometheus logs when it moves stale series into a block of their own.
    [Fact]
    public async Task A_deletion_of_all_times_ends_a_series_and_another_one_follows()
    {
        WriteLog(records =>
        {
            WriteSeries(records, 1, Up);
            WriteSeries(records, 2, Other);
            WriteSamples(records, (1, 1000, 1), (2, 1000, 5));
            WriteSeries(records, 3, Up);
            WriteSamples(records, (3, 2000, 2));
            WriteDeletion(records, 1, long.MinValue, long.MaxValue);
            WriteSamples(records, (3, 2500, 2));
            WriteSeries(records, 4, Up);
            WriteSamples(records, (4, 3000, 3), (2, 3000, 6));
        });
        for (int start = 0; start < 2; start++)
        {
            await using TsdbStore store = await TsdbStore.OpenAsync(Options);
            await CheckAsync(store, (Up, [(3000, 3)]), (Other, [(1000, 5), (3000, 6)]));
            Assert.Equal(2, store.GetStatistics().Series);
            using IAppender appender = store.OpenAppender();
            Assert.Equal(new SeriesRef(4), appender.Series(Up));
            Assert.False(appender.IsKnown(new SeriesRef(1)));
            using IQuerier querier = store.OpenQuerier(0, long.MaxValue);
            Assert.Equal(["a", "b"], (await querier.LabelValuesAsync("job", [], 0, TestContext.Current.CancellationToken)).Texts);
        }
    }

    [Fact]
    public async Task A_series_that_was_ended_and_does_not_return_leaves_no_label()
    {
        WriteLog(records =>
        {
            WriteSeries(records, 1, Up);
            WriteSeries(records, 2, Other);
            WriteSamples(records, (1, 1000, 1), (2, 1000, 5));
            WriteDeletion(records, 1, long.MinValue, long.MaxValue);
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        using IQuerier querier = store.OpenQuerier(0, long.MaxValue);
        Assert.Equal(["b"], (await querier.LabelValuesAsync("job", [], 0, TestContext.Current.CancellationToken)).Texts);
        Assert.Equal(1, store.GetStatistics().Series);
    }

    [Fact]
    public async Task A_deletion_takes_its_turn_with_compaction()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, 9 * Hour));
        Task maintenance = store.MaintainAsync();
        Task deletion = store.DeleteAsync(Hour, 8 * Hour, [Is("job", "a")]);
        Task cleanup = store.CleanTombstonesAsync();
        await Task.WhenAll(maintenance, deletion, cleanup);
        await CheckAsync(store, (Up, [.. Samples(0, Hour - Minute), .. Samples(8 * Hour + Minute, 9 * Hour)]));
        Assert.Equal([0, 4 * Hour], Blocks().Select(block => block.MinTimeMs));
    }

    [Fact]
    public async Task A_process_killed_while_it_deletes_has_deleted_all_some_or_nothing_but_never_more()
    {
        (long TimeMs, double)[] samples = Samples(0, 6 * Hour);
        (long, double)[] left = [.. samples.Where(sample => sample.TimeMs is < Hour or > 5 * Hour)];
        int operations = (await CrashAsync(int.MaxValue)).Disk.Operations;
        Assert.InRange(operations, 50, 1000);
        for (int at = 0; at < operations; at++)
        {
            (MemoryDisk disk, bool isDeleted) = await CrashAsync(at);
            foreach (bool losesUnsynced in (bool[])[false, true])
            {
                disk.Restart(losesUnsynced);
                await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = disk.Root });
                List<(long, double)> read = (await store.ReadAsync(0, long.MaxValue)).GetValueOrDefault(Up) ?? [];
                Assert.Empty(read.Except(samples));
                if (!losesUnsynced)
                    Assert.Empty(left.Except(read));
                if (isDeleted && !losesUnsynced)
                    Assert.Equal(left, read);
                await store.CleanTombstonesAsync();
                Assert.Equal(read, (await store.ReadAsync(0, long.MaxValue)).GetValueOrDefault(Up) ?? []);
                Assert.DoesNotContain(disk.Root.List(), entry => entry.Name.Contains(".tmp", StringComparison.Ordinal));
            }
        }

        async Task<(MemoryDisk Disk, bool IsDeleted)> CrashAsync(int at)
        {
            var disk = new MemoryDisk();
            bool isDeleted = false;
            try
            {
                await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = disk.Root, Warned = null });
                await store.AppendAsync(Up, samples);
                await store.MaintainAsync();
                disk.Fault = (number, _) => number == at ? new DiskFault(BytesDone: 3, Crashes: true) : null;
                await store.DeleteAsync(Hour, 5 * Hour, [Is("job", "a")]);
                isDeleted = true;
                await store.CleanTombstonesAsync();
            }
            catch (IOException)
            {
                // The disk is gone.
            }

            return (disk, isDeleted);
        }
    }

    private static Matcher Is(string name, string value) => new(Forethought.Model.MatchType.Equal, name, value);

    private static Matcher Matches(string name, string pattern) => new(Forethought.Model.MatchType.RegexMatch, name, pattern);

    private static (long TimeMs, double Value)[] Samples(long fromMs, long toMs) =>
        [.. Enumerable.Range(0, (int)((toMs - fromMs) / Minute) + 1).Select(i => (fromMs + i * Minute, (fromMs / Minute + i) * 0.5))];

    private static async Task CheckAsync(TsdbStore store, params (Labels Labels, (long, double)[] Samples)[] expected)
    {
        var read = await store.ReadAsync(long.MinValue, long.MaxValue);
        Assert.Equal(expected.Select(series => series.Labels).Order(), read.Keys);
        foreach ((Labels labels, (long, double)[] samples) in expected)
            Assert.Equal(samples, read[labels]);
    }

    private static async Task<double> MetricAsync(TsdbStore store, string name)
    {
        var registry = new MetricRegistry();
        registry.Register(store.Metrics);
        using var text = new MemoryStream();
        await new MetricsHandler(registry).ServeAsync("", "", _ => { }, text, TestContext.Current.CancellationToken);
        string line = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static List<string> LoggedDeletions(IStorageDirectory log)
    {
        var deletions = new List<string>();
        using var reader = new WalReader(new WalRange(log));
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            if (WalRecord.TypeOf(record) != WalRecordType.Tombstones)
                continue;
            var stones = new List<string>();
            for (var stone = new TombstoneRecord(record); stone.MoveNext();)
                stones.Add($"{stone.Series.Value}:{stone.MinTimeMs}-{stone.MaxTimeMs}");
            deletions.Add(string.Join(' ', stones));
        }

        return deletions;
    }

    private static void WriteSeries(RecordBuffer records, ulong reference, Labels labels)
    {
        records.Begin(WalRecordType.Series);
        SeriesRecord.Write(records, new SeriesRef(reference), labels.Packed);
        records.End();
    }

    private static void WriteSamples(RecordBuffer records, params (ulong Reference, long TimeMs, double Value)[] samples) =>
        SampleRecords.Encode(
            records,
            [.. samples.Select(sample => new SeriesRef(sample.Reference))],
            [.. samples.Select(sample => sample.TimeMs)],
            [.. samples.Select(sample => sample.Value)]);

    private static void WriteDeletion(RecordBuffer records, ulong reference, long minTimeMs, long maxTimeMs)
    {
        records.Begin(WalRecordType.Tombstones);
        TombstoneRecord.Write(records, new SeriesRef(reference), minTimeMs, maxTimeMs);
        records.End();
    }

    private void WriteLog(Action<RecordBuffer> write)
    {
        var records = new RecordBuffer();
        write(records);
        using var writer = new WalWriter(_disk.Log, new WalOptions { SegmentSize = 64 * 1024 });
        Assert.True(writer.TryStage(records));
        writer.WriteStaged();
        writer.Close();
    }

    private List<BlockMeta> Blocks() =>
    [
        .. _disk.Root.List()
            .Where(entry => entry.IsDirectory && Ulid.TryParse(entry.Name, out _))
            .Select(entry => BlockMetaFile.Read(_disk.Root.GetDirectory(entry.Name), out long _))
            .OrderBy(meta => meta.MinTimeMs),
    ];
}
