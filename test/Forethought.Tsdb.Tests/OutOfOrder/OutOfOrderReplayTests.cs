using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Compaction;
using Forethought.Tsdb.HeadChunks;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.OutOfOrder;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.OutOfOrder;

/// <summary>What the log of late samples brings back, also of what upstream writes into it.</summary>
public sealed class OutOfOrderReplayTests
{
    private const long Hour = 3_600_000;
    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(false, 0, 3)]
    public async Task A_marker_stands_for_the_samples_before_it_if_its_chunk_is_there(bool hasChunk, int chunks, int buffered)
    {
        SeriesRef series = await CreateSeriesAsync();
        ulong reference = HeadChunkFormat.Reference(1, HeadChunkFormat.FileHeaderBytes);
        if (hasChunk)
            Assert.Equal(reference, WriteChunk(series, 7 * Hour, 8 * Hour));
        var records = new RecordBuffer();
        Encode(records, series, 7 * Hour, 8 * Hour);
        records.Begin(WalRecordType.MmapMarkers);
        MmapMarkerRecord.Write(records, series, reference);
        records.End();
        Encode(records, series, 6 * Hour);
        await WriteLogAsync(records);

        await using TsdbStore store = await OpenAsync();
        Assert.Equal(
            [(6 * Hour, 6.0 * Hour), (7 * Hour, 7.0 * Hour), (8 * Hour, 8.0 * Hour), (10 * Hour, 1)],
            (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.True(store.Head.Index.References.TryGet(series.Value, out uint slot));
        OutOfOrderSeries late = store.Head.OutOfOrder.Generations[0].Find(slot)!;
        Assert.Equal((chunks + 1, buffered), (late.ChunkCount, late.Buffered));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_damaged_log_is_cut_at_the_damage()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await store.AppendAsync(Up, (10 * Hour, 1));
            await store.AppendAsync(Up, (9 * Hour, 2));
            await store.AppendAsync(Up, (8 * Hour, 3));
        }

        using (IStorageFile file = _disk.Root.GetDirectory("wbl").Open("00000000", isWritable: true))
        {
            // The second record follows the first, which has the same length and is not compressed.
            var header = new byte[3];
            file.Read(header, 0);
            file.Write([0xff], 7 + (header[1] << 8 | header[2]) + 10);
        }

        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal([(9 * Hour, 2.0), (10 * Hour, 1)], (await reopened.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Equal(1, reopened.WalCorruptions);
        Assert.StartsWith("Encountered WBL read error, attempting repair: ", _warnings[0], StringComparison.Ordinal);
        Assert.Equal("Successfully repaired WBL", _warnings[1]);
    }

    [Fact]
    public async Task Samples_of_series_that_no_log_names_are_counted()
    {
        SeriesRef series = await CreateSeriesAsync();
        var records = new RecordBuffer();
        Encode(records, new SeriesRef(series.Value + 7), 7 * Hour, 8 * Hour);
        await WriteLogAsync(records);
        await using TsdbStore store = await OpenAsync();
        Assert.Equal((1L, 2L), (store.Head.Counters.LateSeriesUnknown, store.Head.Counters.LateFloatsUnknown));
        Assert.Contains("Unknown series references for ooo WAL replay: series=1 samples=2", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_of_late_samples_waits_until_the_head_is_written_that_far()
    {
        var planner = new LeveledPlanner([2 * Hour, 6 * Hour]);
        BlockMeta[] blocks = [Block(0), Block(2), Block(4, BlockHints.FromOutOfOrder), Block(6, BlockHints.FromOutOfOrder)];
        Assert.Empty(planner.Plan(blocks));
        BlockMeta inOrder = Block(4);
        Assert.Equal([blocks[2].Ulid, inOrder.Ulid], planner.Plan([.. blocks, inOrder]).Select(block => block.Ulid));
    }

    private static BlockMeta Block(int startHour, params string[] hints)
    {
        Ulid ulid = Ulid.Create(DateTimeOffset.UnixEpoch, new Random(startHour + 100 * hints.Length));
        return new BlockMeta
        {
            Ulid = ulid,
            MinTimeMs = startHour * Hour,
            MaxTimeMs = (startHour + 2) * Hour,
            Compaction = new BlockCompaction { Level = 1, Sources = [ulid], Hints = hints },
        };
    }

    private static void Encode(RecordBuffer records, SeriesRef series, params long[] timesMs) => SampleRecords.Encode(
        records, [.. timesMs.Select(_ => series)], timesMs, [.. timesMs.Select(time => (double)time)]);

    private Task<TsdbStore> OpenAsync() => TsdbStore.OpenAsync(new TsdbOptions
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        WalCompression = WalCompression.None,
        OutOfOrderTimeWindow = TimeSpan.FromHours(12),
        Warned = _warnings.Add,
    });

    private async Task<SeriesRef> CreateSeriesAsync()
    {
        await using TsdbStore store = await OpenAsync();
        await store.AppendAsync(Up, (10 * Hour, 1));
        using IAppender appender = store.OpenAppender();
        return appender.Series(Up);
    }

    private ulong WriteChunk(SeriesRef series, params long[] timesMs)
    {
        var allocator = new NativeAllocator();
        using var encoder = new ChunkEncoder(allocator);
        encoder.Start(ChunkEncoderRules.Keeping(ChunkEncoding.Xor));
        foreach (long time in timesMs)
            encoder.AppendFloat(time, time, 0);
        encoder.Complete();
        using var files = new HeadChunkFiles(_disk.Root.GetDirectory("chunks_head"));
        return files.Append(series.Value, timesMs[0], timesMs[^1], ChunkEncoding.Xor, isOutOfOrder: true, encoder.BytesOf(encoder.Finished[0]));
    }

    private async Task WriteLogAsync(RecordBuffer records)
    {
        await using var lane = new CommitLane(new WalWriter(_disk.Root.GetDirectory("wbl"), new WalOptions()));
        await lane.CommitAsync(records);
    }
}
