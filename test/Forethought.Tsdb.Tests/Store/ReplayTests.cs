using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Blocks;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

public sealed class ReplayTests : IDisposable
{
    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Other = Labels.FromStrings("__name__", "other", "job", "b");

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new() { Path = _directory.Path, Warned = _warnings.Add, WalSegmentSize = 64 * 1024 };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart_and_the_store_goes_on()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (1000, 1), (2000, StaleMarker.Value));
            await store.AppendAsync(Other, (1500, double.NegativeInfinity));
        }

        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            var all = await store.ReadAsync(0, 9000);
            Assert.Equal([Other, Up], all.Keys);
            Assert.Equal((1000, 1), all[Up][0]);
            Assert.True(StaleMarker.IsStale(all[Up][1].Value));
            Assert.Equal([(1500, double.NegativeInfinity)], all[Other]);
            Assert.Equal(1000, store.Head.Bounds.MinTimeMs);
            Assert.Equal(2000, store.Head.Bounds.MaxTimeMs);
            await store.AppendAsync(Up, (3000, 3));
            await store.AppendAsync(Labels.FromStrings("__name__", "new"), (3000, 4));
        }

        await using TsdbStore last = await TsdbStore.OpenAsync(Options);
        var again = await last.ReadAsync(0, 9000);
        Assert.Equal(3, again.Count);
        Assert.Equal((3000, 3), again[Up][2]);
        Assert.Equal([(3000, 4)], again[Labels.FromStrings("__name__", "new")]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_nothing_to_replay_but_its_series_can_still_be_used()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            using (IAppender appender = store.OpenAppender())
            {
                var batch = new AppendBatch();
                batch.Add(appender.Series(Up), 1000, 1);
                appender.Append(batch);
                appender.Rollback();
            }

            await store.AppendAsync(Up, (2000, 2));
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(2000, 2)], (await reopened.ReadAsync(0, 9000))[Up]);
    }

    [Fact]
    public async Task A_series_whose_creator_has_not_committed_yet_is_logged_by_whoever_commits_samples_of_it()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            using IAppender creator = store.OpenAppender();
            creator.Series(Up);
            await store.AppendAsync(Up, (1000, 1));
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(1000, 1)], (await reopened.ReadAsync(0, 9000))[Up]);
    }

    [Fact]
    public async Task Series_records_out_of_the_order_of_references_are_found_by_labels()
    {
        WriteLog(records =>
        {
            WriteSeries(records, (7, Up));
            WriteSeries(records, (3, Other));
            WriteSamples(records, (7, 1000, 1), (3, 1000, 2));
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(1000, 2)], (await store.ReadAsync(0, 9000, new Matcher(Forethought.Model.MatchType.Equal, "job", "b")))[Other]);
        Assert.Equal([(1000, 1)], (await store.ReadAsync(0, 9000, new Matcher(Forethought.Model.MatchType.Equal, "job", "a")))[Up]);
        using IAppender appender = store.OpenAppender();
        Assert.Equal(new SeriesRef(8), appender.Series(Labels.FromStrings("__name__", "new")));
    }

    [Fact]
    public async Task Two_references_with_the_same_labels_are_one_series()
    {
        WriteLog(records =>
        {
            WriteSeries(records, (1, Up));
            WriteSamples(records, (1, 1000, 1));
            WriteSeries(records, (2, Up));
            WriteSamples(records, (2, 2000, 2), (1, 3000, 3), (9, 3000, 9));
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        var all = await store.ReadAsync(0, 9000);
        Assert.Equal([(1000, 1), (2000, 2), (3000, 3)], all[Up]);
        Assert.Single(all);
        Assert.Equal("Unknown series references: samples=1 exemplars=0 tombstones=0", Assert.Single(_warnings));
        using IAppender appender = store.OpenAppender();
        Assert.Equal(new SeriesRef(1), appender.Series(Up));
        Assert.False(appender.IsKnown(new SeriesRef(2)));

        // The log has samples under 9, whose series it does not name: nobody else gets that reference.
        Assert.Equal(new SeriesRef(10), appender.Series(Other));
    }

    [Fact]
    public async Task Out_of_order_and_repeated_samples_in_the_log_are_passed_over()
    {
        WriteLog(records =>
        {
            WriteSeries(records, (1, Up));
            WriteSamples(records, (1, 2000, 2), (1, 1000, 1), (1, 2000, 5), (1, 3000, 3));
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(2000, 2), (3000, 3)], (await store.ReadAsync(0, 9000))[Up]);
    }

    [Fact]
    public async Task A_checkpoint_is_replayed_before_the_segments_after_it()
    {
        WriteLog(records => WriteSeries(records, (5, Up)), "wal/checkpoint.00000002");
        WriteLog(records => WriteSamples(records, (5, 1000, 1)), "wal");
        File.Move(Wal("00000000"), Wal("00000003"));
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(1000, 1)], (await store.ReadAsync(0, 9000))[Up]);
        Assert.True(File.Exists(Wal("00000004")));
    }

    [Fact]
    public async Task A_damaged_checkpoint_stops_the_start()
    {
        WriteLog(records => WriteSeries(records, (5, Up)), "wal/checkpoint.00000002");
        string segment = Wal("checkpoint.00000002/00000000");
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[20] ^= 1;
        File.WriteAllBytes(segment, bytes);
        StorageException error = await Assert.ThrowsAsync<StorageException>(() => TsdbStore.OpenAsync(Options));
        Assert.StartsWith("backfill checkpoint: ", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory.Path, "lock")));
    }

    [Fact]
    public async Task Whatever_byte_the_log_is_cut_at_no_earlier_commit_is_lost_and_the_store_opens()
    {
        var ends = new List<long>();
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            for (int i = 1; i <= 12; i++)
            {
                await store.AppendAsync(Up, (i * 1000, i));
                ends.Add(new FileInfo(Wal("00000000")).Length);
            }
        }

        byte[] whole = File.ReadAllBytes(Wal("00000000"));
        for (int cut = 1; cut < ends[^1]; cut += 7)
        {
            using var copy = new TemporaryDirectory();
            Directory.CreateDirectory(Path.Combine(copy.Path, "wal"));
            File.WriteAllBytes(Path.Combine(copy.Path, "wal", "00000000"), whole[..cut]);
            int expected = ends.Count(end => end <= cut);
            await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { Path = copy.Path }))
            {
                var all = await store.ReadAsync(0, long.MaxValue);
                Assert.Equal(expected, all.Values.Sum(samples => samples.Count));
                await store.AppendAsync(Up, (100_000, 100));
            }

            await using TsdbStore again = await TsdbStore.OpenAsync(Options with { Path = copy.Path });
            Assert.Equal(expected + 1, (await again.ReadAsync(0, long.MaxValue))[Up].Count);
        }

        const string expectedWarning = "Encountered WAL read error, attempting repair: ";
        Assert.Contains(_warnings, warning => warning.StartsWith(expectedWarning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL << 40)]
    [InlineData(ulong.MaxValue)]
    public async Task A_reference_that_cannot_be_is_damage(ulong reference)
    {
        WriteLog(records =>
        {
            WriteSeries(records, (1, Up));
            WriteSamples(records, (1, 1000, 1));
            WriteSeries(records, (reference, Other));
        });
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal([Up], (await store.ReadAsync(0, 9000)).Keys);
        Assert.Contains("out of range", _warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_that_blocks_hold_already_are_skipped()
    {
        WriteLog(records =>
        {
            WriteSeries(records, (1, Up));
            WriteSamples(records, (1, 999, 1), (1, 1000, 2));
        });
        WriteBlock(0, 1000);
        WriteBlock(1000, 5000, BlockHints.FromOutOfOrder);
        Directory.CreateDirectory(Path.Combine(_directory.Path, "01M7WFPX44NQG5SY67SS3R2PAA"));
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(1000, 2)], (await store.ReadAsync(0, 9000))[Up]);
        Assert.Contains("01M7WFPX44NQG5SY67SS3R2PAA", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_names_each_segment()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options with { WalSegmentSize = 32 * 1024 }))
        {
            for (int i = 0; i < 30; i++)
                await store.AppendAsync(Up, [.. Enumerable.Range(0, 500).Select(j => ((i * 500L) + j, Math.Sqrt(j)))]);
        }

        var seen = new List<WalReplayProgress>();
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options with { Replaying = seen.Add });
        Assert.True(seen.Count > 2);
        Assert.Equal(Enumerable.Range(0, seen.Count), seen.Select(progress => progress.Current));
        Assert.All(seen, progress => Assert.Equal((0, seen[^1].Max), (progress.Min, progress.Max)));
        Assert.Equal(15_000, (await reopened.ReadAsync(0, long.MaxValue))[Up].Count);
    }

    [Fact]
    public async Task Replay_can_be_cancelled_and_started_again()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, (1000, 1), (2000, 2));
        using var stop = new CancellationTokenSource();
        TsdbOptions stopping = Options with { Replaying = _ => stop.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            // The first record is replayed, the next one sees the cancellation.
            await TsdbStore.OpenAsync(stopping, stop.Token);
        });
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(1000, 1), (2000, 2)], (await reopened.ReadAsync(0, 9000))[Up]);
    }

    [Fact]
    public async Task Only_one_store_opens_a_directory_and_closing_frees_it()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            IOException error = await Assert.ThrowsAsync<IOException>(() => TsdbStore.OpenAsync(Options));
            Assert.StartsWith("lock DB directory: ", error.Message, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(_directory.Path, "lock")));
        }

        Assert.False(File.Exists(Path.Combine(_directory.Path, "lock")));
        await using TsdbStore without = await TsdbStore.OpenAsync(Options with { NoLockfile = true });
        Assert.False(File.Exists(Path.Combine(_directory.Path, "lock")));
    }

    private static void WriteSeries(RecordBuffer records, params (ulong Reference, Labels Labels)[] series)
    {
        records.Begin(WalRecordType.Series);
        foreach ((ulong reference, Labels labels) in series)
            SeriesRecord.Write(records, new SeriesRef(reference), labels.Packed);
        records.End();
    }

    private static void WriteSamples(RecordBuffer records, params (ulong Reference, long TimeMs, double Value)[] samples) =>
        SampleRecords.Encode(
            records,
            [.. samples.Select(sample => new SeriesRef(sample.Reference))],
            [.. samples.Select(sample => sample.TimeMs)],
            [.. samples.Select(sample => sample.Value)]);

    private string Wal(string name) => Path.Combine(_directory.Path, "wal", name);

    private void WriteLog(Action<RecordBuffer> write, string directory = "wal")
    {
        var records = new RecordBuffer();
        write(records);
        string path = Path.Combine(_directory.Path, directory);
        Directory.CreateDirectory(Path.Combine(_directory.Path, "wal"));
        var log = new Forethought.Tsdb.Platform.FileSystemDirectory(path);
        using var writer = new WalWriter(log, new WalOptions { SegmentSize = 64 * 1024 });
        Assert.True(writer.TryStage(records));
        writer.WriteStaged();
        writer.Close();
    }

    // A block with one sample of another series at its beginning.
    private void WriteBlock(long minTimeMs, long maxTimeMs, params string[] hints)
    {
        var ulid = Ulid.Create(DateTimeOffset.UnixEpoch, new Random((int)minTimeMs));
        var meta = new BlockMeta
        {
            Ulid = ulid,
            MinTimeMs = minTimeMs,
            MaxTimeMs = maxTimeMs,
            Compaction = new BlockCompaction { Level = 1, Sources = [ulid], Hints = hints },
        };
        new BlockWriter(new FileSystemDirectory(_directory.Path))
            .Write(new ChunkList().Add(Labels.FromStrings("__name__", "stored"), ListedChunk.Of((minTimeMs, 1))), meta);
    }
}
