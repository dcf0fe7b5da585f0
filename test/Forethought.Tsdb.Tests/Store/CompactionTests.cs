using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>The store as a whole, with short ranges: what is appended leaves the head for blocks and stays readable throughout.</summary>
public sealed class CompactionTests
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
        MaxBlockDuration = TimeSpan.FromHours(18),
        WalSegmentSize = 32 * 1024,
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task A_complete_range_is_written_into_a_block_and_leaves_the_head()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long, double)[] samples = Samples(0, 3 * Hour);
        await store.AppendAsync(Up, samples);
        await store.MaintainAsync();
        Assert.Empty(Blocks());
        await store.AppendAsync(Up, (3 * Hour + 1, 1));
        await store.MaintainAsync();
        BlockMeta block = Assert.Single(Blocks());
        Assert.Equal((0L, 2 * Hour, 1), (block.MinTimeMs, block.MaxTimeMs, block.Compaction.Level));
        Assert.Equal([block.Ulid], block.Compaction.Sources);
        Assert.Equal((120UL, 120UL, 1UL), (block.Stats.Samples, block.Stats.FloatSamples, block.Stats.Series));
        Assert.Equal(2 * Hour, store.Head.Bounds.MinTimeMs);
        Assert.Equal([.. samples, (3 * Hour + 1, 1)], (await store.ReadAsync(long.MinValue, long.MaxValue))[Up]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task The_lock_is_held_until_the_last_file_is_finished()
    {
        using var directory = new TemporaryDirectory();
        TsdbStore store = await TsdbStore.OpenAsync(Options with { Path = directory.Path });
        await store.AppendAsync(Up, [.. Enumerable.Range(0, 1000).Select(i => (i * 2000L, i * 1.37))]);
        await store.MaintainAsync();
        var held = new List<bool>();
        _disk.Fault = (_, _) =>
        {
            held.Add(File.Exists(Path.Combine(directory.Path, "lock")));
            return null;
        };
        await store.DisposeAsync();
        Assert.NotEmpty(held);
        Assert.DoesNotContain(false, held);
        Assert.False(File.Exists(Path.Combine(directory.Path, "lock")));
    }

    [Fact]
    public async Task Several_ranges_are_written_at_once_and_gaps_make_no_blocks()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (Hour, 1));
        await store.AppendAsync(Up, (21 * Hour, 2));
        await store.AppendAsync(Up, (25 * Hour, 3));
        await store.MaintainAsync();
        Assert.Equal([(Hour, 2 * Hour), (21 * Hour, 22 * Hour)], Blocks().Select(block => (block.MinTimeMs, block.MaxTimeMs)).Order());
        Assert.Equal([(Hour, 1), (21 * Hour, 2), (25 * Hour, 3)], (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task After_a_restart_head_and_blocks_together_have_every_sample_once()
    {
        (long, double)[] samples = Samples(0, 10 * Hour);
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Other, samples[..30]);
            await store.AppendAsync(Up, samples);
            await store.MaintainAsync();
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        var read = await reopened.ReadAsync(long.MinValue, long.MaxValue);
        Assert.Equal(samples, read[Up]);
        Assert.Equal(samples[..30], read[Other]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_query_is_cut_to_its_times_across_head_and_blocks()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long TimeMs, double)[] samples = Samples(0, 7 * Hour);
        await store.AppendAsync(Up, samples);
        await store.MaintainAsync();
        foreach ((long min, long max) in ((long, long)[])[(Hour, 6 * Hour), (0, Hour), (4 * Hour, 4 * Hour), (5 * Hour + 1, long.MaxValue)])
        {
            var expected = samples.Where(sample => sample.TimeMs >= min && sample.TimeMs <= max);
            Assert.Equal(expected, (await store.ReadAsync(min, max))[Up]);
        }
    }

    [Fact]
    public async Task Samples_older_than_what_is_in_blocks_are_out_of_bounds()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, 5 * Hour));
        await store.MaintainAsync();
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(appender.Series(Other), 2 * Hour - 1, 1);
        Assert.Equal(1, appender.Append(batch));
        Assert.Equal(AppendOutcome.OutOfBounds, batch.Outcomes[0]);
    }

    [Fact]
    public async Task Blocks_of_a_longer_range_are_merged_and_the_parents_go()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long, double)[] samples = Samples(0, 12 * Hour);
        await store.AppendAsync(Up, samples);
        await store.MaintainAsync();

        // Blocks to 10 h, of which the last waits: 0–6 h are merged.
        BlockMeta merged = Blocks().Single(block => block.Compaction.Level == 2);
        Assert.Equal((0L, 6 * Hour), (merged.MinTimeMs, merged.MaxTimeMs));
        Assert.Equal(3, merged.Compaction.Parents.Count);
        Assert.Equal(3, merged.Compaction.Sources.Count);
        Assert.Equal((360UL, 2UL), (merged.Stats.Samples, merged.Stats.Chunks));
        Assert.DoesNotContain(Blocks(), block => merged.Compaction.Parents.Any(parent => parent.Ulid == block.Ulid));
        Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_querier_keeps_reading_blocks_that_were_dropped_meanwhile()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long, double)[] samples = Samples(0, 8 * Hour - Minute);
        await store.AppendAsync(Up, samples);
        await store.MaintainAsync();
        Ulid[] before = [.. Blocks().Select(block => block.Ulid)];
        var read = new List<(long, double)>();
        using (IQuerier querier = store.OpenQuerier(0, long.MaxValue))
        {
            Assert.Equal(samples[0], (await querier.ReadAsync())[Up][0]);
            _disk.Root.Rename(before[0].ToString(), "aside");
            await store.MaintainAsync();
            Assert.DoesNotContain(samples[0], (await store.ReadAsync(0, long.MaxValue))[Up]);
            read.AddRange((await querier.ReadAsync())[Up]);
        }

        Assert.Equal(samples, read);
    }

    [Fact]
    public async Task Blocks_past_the_retention_are_deleted_with_their_directories()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(0, 12 * Hour));
        await store.MaintainAsync();
        store.Retention = new RetentionLimits(TimeSpan.FromHours(3));
        await store.MaintainAsync();
        Assert.All(Blocks(), block => Assert.True(block.MaxTimeMs > 7 * Hour));
        Assert.Equal(6 * Hour, (await store.ReadAsync(0, long.MaxValue))[Up][0].TimeMs);
    }

    [Fact]
    public async Task Blocks_beyond_the_size_that_is_kept_are_deleted_oldest_first()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { MaxBlockDuration = TimeSpan.FromHours(2) });
        await store.AppendAsync(Up, Samples(0, 12 * Hour));
        await store.MaintainAsync();
        int blocks = Blocks().Count;
        store.Retention = new RetentionLimits(TimeSpan.Zero, MaxBytes: 1);
        await store.MaintainAsync();
        Assert.Empty(Blocks());
        Assert.True(blocks >= 5);
        Assert.NotEmpty((await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task A_block_put_into_the_directory_is_picked_up_and_one_taken_away_is_dropped()
    {
        await using (TsdbStore source = await TsdbStore.OpenAsync(Options))
        {
            await source.AppendAsync(Up, Samples(0, 5 * Hour));
            await source.MaintainAsync();
        }

        string name = Assert.Single(Blocks()).Ulid.ToString();
        _disk.Root.Rename(name, "aside");
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        Assert.DoesNotContain((await store.ReadAsync(0, long.MaxValue))[Up], sample => sample.TimeMs < 2 * Hour);
        _disk.Root.Rename("aside", name);
        await store.MaintainAsync();
        Assert.Equal(Samples(0, 5 * Hour), (await store.ReadAsync(0, long.MaxValue))[Up]);
        _disk.Root.Rename(name, "aside");
        await store.MaintainAsync();
        Assert.DoesNotContain((await store.ReadAsync(0, long.MaxValue))[Up], sample => sample.TimeMs < 2 * Hour);
    }

    [Fact]
    public async Task A_damaged_block_is_left_out_and_reported_once_and_the_rest_stays_readable()
    {
        await using (TsdbStore source = await TsdbStore.OpenAsync(Options with { MaxBlockDuration = TimeSpan.FromHours(2) }))
        {
            await source.AppendAsync(Up, Samples(0, 9 * Hour));
            await source.MaintainAsync();
        }

        BlockMeta damaged = Blocks()[1];
        MemoryFile index = ((MemoryDirectory)_disk.Root.GetDirectory(damaged.Ulid.ToString())).File("index");
        index.Content = index.Content[..^1];
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { MaxBlockDuration = TimeSpan.FromHours(2) });
        await store.MaintainAsync();
        Assert.Contains(damaged.Ulid.ToString(), Assert.Single(_warnings), StringComparison.Ordinal);
        var expected = Samples(0, 9 * Hour).Where(sample => sample.TimeMs < damaged.MinTimeMs || sample.TimeMs >= damaged.MaxTimeMs);
        Assert.Equal(expected, (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task A_disk_full_while_a_block_is_written_loses_nothing_and_the_next_round_writes_it()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long, double)[] samples = Samples(0, 4 * Hour);
        await store.AppendAsync(Up, samples);
        foreach (long free in (long[])[0, 10, 100, 300])
        {
            _disk.FreeBytes = free;
            await Assert.ThrowsAsync<IOException>(store.MaintainAsync);
            _disk.FreeBytes = long.MaxValue;
            Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
        }

        await store.MaintainAsync();
        Assert.Single(Blocks());
        Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.DoesNotContain(_disk.Root.List(), entry => entry.Name.Contains(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_killed_at_any_operation_of_compaction_loses_no_sample_and_invents_none()
    {
        (long, double)[] samples = Samples(0, 12 * Hour);
        int operations = await RunUntilAsync(samples, int.MaxValue);
        for (int at = 0; at < operations; at += 1 + at / 100)
        {
            MemoryDisk disk = await CrashAsync(samples, at);
            foreach (bool losesUnsynced in (bool[])[false, true])
            {
                disk.Restart(losesUnsynced);
                await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = disk.Root });
                List<(long, double)> read = (await store.ReadAsync(0, long.MaxValue))[Up];
                if (losesUnsynced)
                    Assert.Empty(read.Except(samples));
                else
                    Assert.Equal(samples, read);
                await store.MaintainAsync();
                Assert.Equal(read, (await store.ReadAsync(0, long.MaxValue))[Up]);
            }
        }
    }

    [Fact]
    public async Task A_sample_dated_far_ahead_does_not_stop_the_others_nor_the_blocks()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch + TimeSpan.FromHours(100));
        await using TsdbStore store = await TsdbStore.OpenAsync(Options with { TimeProvider = clock });
        await store.AppendAsync(Up, Samples(95 * Hour, 97 * Hour));
        await store.AppendAsync(Other, (1_000_000 * Hour, 7));
        await store.AppendAsync(Up, Samples(99 * Hour + Minute, 100 * Hour));
        await store.MaintainAsync();
        Assert.NotEmpty(Blocks());
        Assert.Equal(180, (await store.ReadAsync(0, long.MaxValue))[Up].Count - 1);
        Assert.Equal([(1_000_000 * Hour, 7)], (await store.ReadAsync(0, long.MaxValue))[Other]);
    }

    [Fact]
    public async Task Full_chunks_leave_memory_for_files_and_stay_readable()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long, double)[] samples = [.. Enumerable.Range(0, 2000).Select(i => (i * 2000L, i * 1.37))];
        await store.AppendAsync(Up, samples);
        long before = store.Head.Allocator.BytesOf(MemoryPurpose.SealedChunks);
        await store.MaintainAsync();
        Assert.True(store.Head.ChunkFiles!.SizeBytes > 5000);
        Assert.True(before > 0);
        Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Equal(samples[500..600], (await store.ReadAsync(500 * 2000, 599 * 2000))[Up]);
    }

    [Fact]
    public async Task After_a_restart_chunks_come_from_their_files_and_the_series_goes_on()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 1000).Select(i => (i * 2000L, i * 1.37))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, samples);
            await store.MaintainAsync();
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(samples, (await reopened.ReadAsync(0, long.MaxValue))[Up]);
        await reopened.AppendAsync(Up, (3_000_000, 1));
        Assert.Equal([.. samples, (3_000_000, 1)], (await reopened.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_damaged_chunk_file_costs_nothing_because_the_log_has_its_samples()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 1000).Select(i => (i * 2000L, i * 1.37))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, samples);
            await store.MaintainAsync();
        }

        MemoryFile file = ((MemoryDirectory)_disk.Root.GetDirectory("chunks_head")).File("000001");
        file.Content[200] ^= 1;
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal(samples, (await reopened.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Contains("Loading on-disk chunks failed", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(1, reopened.Head.Counters.ChunkFileCorruptions);
    }

    // Upstream panics: in a query that becomes its error, in a compaction it ends the process.
    [Fact]
    public async Task A_chunk_file_damaged_under_a_running_store_fails_what_reads_it_and_nothing_else()
    {
        (long TimeMs, double)[] samples = [.. Enumerable.Range(0, 1000).Select(i => (i * 2000L, i * 1.37))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, samples);
            await store.MaintainAsync();
            MemoryFile file = ((MemoryDirectory)_disk.Root.GetDirectory("chunks_head")).File("000001");
            file.Content[100] ^= 1;
            TsdbCorruptionException damage = await Assert.ThrowsAsync<TsdbCorruptionException>(() => store.ReadAsync(0, long.MaxValue));
            Assert.EndsWith("chunks_head/000001", damage.File, StringComparison.Ordinal);
            Assert.Equal(samples[^300..], (await store.ReadAsync(samples[^300].TimeMs, long.MaxValue))[Up]);

            // The range that cannot be written stays in the head, whose log has it all.
            await store.AppendAsync(Up, (4 * Hour, 1));
            await Assert.ThrowsAsync<TsdbCorruptionException>(store.MaintainAsync);
            Assert.Empty(Blocks());
            Assert.Equal([.. samples[^300..], (4 * Hour, 1)], (await store.ReadAsync(samples[^300].TimeMs, long.MaxValue))[Up]);
        }

        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        await reopened.MaintainAsync();
        Assert.Single(Blocks());
        Assert.Equal([.. samples, (4 * Hour, 1)], (await reopened.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task Chunks_of_a_lost_log_never_become_another_series()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 1000).Select(i => (i * 2000L, i * 1.37))];
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, samples);
            await store.MaintainAsync();
        }

        _disk.Root.DeleteDirectory("wal");
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Other, (5_000_000, 5));
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options);
        Assert.Equal([(5_000_000, 5)], (await reopened.ReadAsync(0, long.MaxValue))[Other]);
    }

    [Fact]
    public async Task Chunks_that_cannot_be_written_stay_in_memory_until_there_is_room()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        (long, double)[] samples = [.. Enumerable.Range(0, 1000).Select(i => (i * 2000L, i * 1.37))];
        await store.AppendAsync(Up, samples);
        _disk.FreeBytes = 100;
        await store.MaintainAsync();
        Assert.Contains("full chunks stay in memory", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
        _disk.FreeBytes = long.MaxValue;
        await store.MaintainAsync();
        Assert.True(store.Head.ChunkFiles!.SizeBytes > 3000);
        Assert.Equal(samples, (await store.ReadAsync(0, long.MaxValue))[Up]);
    }

    [Fact]
    public async Task Truncation_deletes_chunk_files_that_blocks_have_made_needless()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, [.. Enumerable.Range(0, 3600).Select(i => (i * 2000L, (double)i))]);
        await store.MaintainAsync();
        await store.AppendAsync(Up, [.. Enumerable.Range(3600, 3600).Select(i => (i * 2000L, (double)i))]);
        await store.MaintainAsync();
        await store.AppendAsync(Up, [.. Enumerable.Range(7200, 3600).Select(i => (i * 2000L, (double)i))]);
        await store.MaintainAsync();
        Assert.DoesNotContain(_disk.Root.GetDirectory("chunks_head").List(), entry => entry.Name == "000001");
        Assert.Equal(10_800, (await store.ReadAsync(0, long.MaxValue))[Up].Count);
    }

    private static (long TimeMs, double Value)[] Samples(long fromMs, long toMs) =>
        [.. Enumerable.Range(0, (int)((toMs - fromMs) / Minute) + 1).Select(i => (fromMs + i * Minute, (fromMs / Minute + i) * 0.5))];

    private List<BlockMeta> Blocks() =>
    [
        .. _disk.Root.List()
            .Where(entry => entry.IsDirectory && Ulid.TryParse(entry.Name, out _))
            .Select(entry => BlockMetaFile.Read(_disk.Root.GetDirectory(entry.Name), out long _))
            .OrderBy(meta => meta.MinTimeMs),
    ];

    private async Task<int> RunUntilAsync((long, double)[] samples, int crashAt)
    {
        MemoryDisk disk = await CrashAsync(samples, crashAt);
        return disk.Operations;
    }

    // Counts operations from the beginning of compaction on.
    private async Task<MemoryDisk> CrashAsync((long, double)[] samples, int at)
    {
        var disk = new MemoryDisk();
        try
        {
            await using TsdbStore store = await TsdbStore.OpenAsync(Options with { DataDirectory = disk.Root, Warned = null });
            await store.AppendAsync(Up, samples);
            disk.Fault = (number, _) => number == at ? new DiskFault(BytesDone: 3, Crashes: true) : null;
            await store.MaintainAsync();
        }
        catch (IOException)
        {
            // The disk is gone.
        }

        return disk;
    }
}
