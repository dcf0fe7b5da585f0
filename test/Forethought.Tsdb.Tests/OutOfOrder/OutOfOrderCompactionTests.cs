using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.OutOfOrder;

/// <summary>Samples out of order leave the head for blocks of their own, which are merged with those that they overlap.</summary>
public sealed class OutOfOrderCompactionTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Late = Labels.FromStrings("__name__", "late", "job", "b");

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _warnings = [];

    private TsdbOptions Options => new()
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        MaxBlockDuration = TimeSpan.FromHours(2),
        WalSegmentSize = 32 * 1024,
        OutOfOrderTimeWindow = TimeSpan.FromHours(12),
        AllowsOverlappingCompaction = false,
        Warned = _warnings.Add,
    };

    [Fact]
    public async Task Late_samples_become_blocks_of_their_ranges_after_the_head_was_compacted()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, Samples(12 * Hour, 13 * Hour));
        (long, double)[] late = [.. Samples(3 * Hour, 7 * Hour)];
        await store.AppendAsync(Late, late);
        await store.MaintainAsync();
        Assert.Empty(Blocks());
        await store.AppendAsync(Up, Samples(13 * Hour, 16 * Hour));
        await store.MaintainAsync();
        BlockMeta[] blocks = [.. Blocks().Where(block => block.Compaction.Hints.Contains(BlockHints.FromOutOfOrder)).OrderBy(block => block.MinTimeMs)];
        Assert.Equal(
            [(2 * Hour, 4 * Hour, 60UL), (4 * Hour, 6 * Hour, 120UL), (6 * Hour, 8 * Hour, 60UL)],
            blocks.Select(block => (block.MinTimeMs, block.MaxTimeMs, block.Stats.Samples)));
        Assert.All(blocks, block => Assert.Equal((1, block.Ulid), (block.Compaction.Level, Assert.Single(block.Compaction.Sources))));
        Assert.False(store.Head.OutOfOrder.Overlaps(long.MinValue, long.MaxValue));
        Assert.Equal(late, (await store.ReadAsync(0, long.MaxValue))[Late]);
        Assert.Equal(14 * Hour, store.Head.Bounds.MinValidTimeMs);
        Assert.Single(WalSegments.List(_disk.Root.GetDirectory("wbl")));
        Assert.Empty(_warnings);
    }

    /// <summary>Ranges are not counted through from one sample to the next: the log may have times that nobody meant.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task Samples_that_are_ages_apart_become_blocks_of_their_own(int bufferLength)
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
            await store.AppendAsync(Up, (100_000 * Hour, 1));
        Log(1, 2 * Hour, 90_000 * Hour + 1, -90_000_000 * Hour);
        await using TsdbStore reopened = await TsdbStore.OpenAsync(Options with { OutOfOrderCapMax = bufferLength });
        await reopened.AppendAsync(Up, Samples(100_000 * Hour + Minute, 100_004 * Hour));
        await reopened.MaintainAsync();
        Assert.Equal(
            [-90_000_000 * Hour, 0, 2 * Hour, 90_000 * Hour],
            Blocks().Where(block => block.Compaction.Hints.Contains(BlockHints.FromOutOfOrder)).Select(block => block.MinTimeMs).Order());
        Assert.False(reopened.Head.OutOfOrder.Overlaps(long.MinValue, long.MaxValue));
    }

    private void Log(params long[] timesMs)
    {
        var records = new RecordBuffer();
        SampleRecords.Encode(records, [.. timesMs.Select(_ => new SeriesRef(1))], timesMs, new double[timesMs.Length]);
        using var writer = new WalWriter(_disk.Root.GetDirectory("wbl"), new WalOptions { SegmentSize = 32 * 1024 });
        Assert.True(writer.TryStage(records));
        writer.WriteStaged();
        writer.Close();
    }

    [Fact]
    public async Task Blocks_that_overlap_are_merged_unless_that_is_left_to_others()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, [.. Samples(12 * Hour, 16 * Hour).Where((_, i) => i % 2 == 0)]);
            await store.AppendAsync(Up, [.. Samples(12 * Hour, 14 * Hour).Where((_, i) => i % 2 == 1)]);
            await store.MaintainAsync();
            Assert.Equal(2, Blocks().Count);
        }

        await using TsdbStore merging = await TsdbStore.OpenAsync(Options with { AllowsOverlappingCompaction = true });
        await merging.MaintainAsync();
        BlockMeta merged = Assert.Single(Blocks());
        Assert.Equal((12 * Hour, 14 * Hour, 120UL, 2), (merged.MinTimeMs, merged.MaxTimeMs, merged.Stats.Samples, merged.Compaction.Level));
        Assert.Empty(merged.Compaction.Hints);
        Assert.Equal(Samples(12 * Hour, 14 * Hour), (await merging.ReadAsync(0, 14 * Hour - 1))[Up]);
    }

    [Fact]
    public async Task A_query_goes_on_reading_what_was_there_when_it_was_opened()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (12 * Hour, 1));
        await store.AppendAsync(Late, (3 * Hour, 1), (2 * Hour, 2));
        using IQuerier before = store.OpenQuerier(0, 11 * Hour);
        store.Head.OutOfOrder.Freeze();
        using IQuerier between = store.OpenQuerier(0, 11 * Hour);
        await store.AppendAsync(Late, (Hour, 3));
        store.Head.OutOfOrder.DropFrozen();
        using IQuerier after = store.OpenQuerier(0, 11 * Hour);
        Assert.Equal([(2 * Hour, 2.0), (3 * Hour, 1)], (await before.ReadAsync())[Late]);
        Assert.Equal([(Hour, 3.0), (2 * Hour, 2), (3 * Hour, 1)], (await between.ReadAsync())[Late]);
        Assert.Equal([(Hour, 3.0)], (await after.ReadAsync())[Late]);
    }

    [Fact]
    public async Task A_series_with_late_samples_only_is_kept_until_they_are_in_blocks()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (12 * Hour, 1));
        await store.AppendAsync(Late, (3 * Hour, 1));
        for (int i = 0; i < 3; i++)
            await store.TruncateHeadAsync(11 * Hour);
        Assert.Equal([(3 * Hour, 1.0)], (await store.ReadAsync(0, long.MaxValue))[Late]);
        await store.AppendAsync(Up, (16 * Hour, 1));
        await store.MaintainAsync();
        for (int i = 0; i < 3; i++)
            await store.TruncateHeadAsync(15 * Hour);
        Assert.Equal(1, store.GetStatistics().Series);
        Assert.Equal([(3 * Hour, 1.0)], (await store.ReadAsync(0, long.MaxValue))[Late]);
    }

    [Fact]
    public async Task What_is_left_of_an_earlier_run_is_read_and_compacted_though_the_window_is_closed()
    {
        await using (TsdbStore store = await TsdbStore.OpenAsync(Options))
        {
            await store.AppendAsync(Up, (12 * Hour, 1));
            await store.AppendAsync(Late, (3 * Hour, 1), (2 * Hour, 2));
        }

        await using TsdbStore closed = await TsdbStore.OpenAsync(Options with { OutOfOrderTimeWindow = TimeSpan.Zero });
        Assert.Equal([(2 * Hour, 2.0), (3 * Hour, 1)], (await closed.ReadAsync(0, long.MaxValue))[Late]);
        await closed.AppendAsync(Up, (16 * Hour, 1));
        await closed.MaintainAsync();
        Assert.Contains(Blocks(), block => block.Compaction.Hints.Contains(BlockHints.FromOutOfOrder));
        Assert.Equal([(2 * Hour, 2.0), (3 * Hour, 1)], (await closed.ReadAsync(0, long.MaxValue))[Late]);
    }

    [Fact]
    public async Task Names_and_values_of_series_with_late_samples_only_are_known()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(Options);
        await store.AppendAsync(Up, (12 * Hour, 1));
        await store.AppendAsync(Late, (3 * Hour, 1));
        using IQuerier querier = store.OpenQuerier(0, 4 * Hour);
        LabelQueryResult values = await querier.LabelValuesAsync("job", [], 0, TestContext.Current.CancellationToken);
        Assert.Contains("b", values.Texts);
        var hints = new SelectHints { StartMs = 0, EndMs = 4 * Hour, LabelsOnly = true };
        using ISeriesSet set = await querier.SelectAsync(
            hints, [new Matcher(Forethought.Model.MatchType.Equal, "job", "b")], TestContext.Current.CancellationToken);
        Assert.True(set.MoveNext());
        Assert.False(set.Read(new SampleBatch()));
    }

    private static (long TimeMs, double Value)[] Samples(long fromMs, long toMs) =>
        [.. Enumerable.Range(0, (int)((toMs - fromMs) / Minute)).Select(i => (fromMs + i * Minute, (double)(fromMs / Minute + i)))];

    private List<BlockMeta> Blocks()
    {
        var blocks = new List<BlockMeta>();
        foreach (var entry in _disk.Root.List())
        {
            if (entry.IsDirectory && Ulid.TryParse(entry.Name, out _))
                blocks.Add(BlockMetaFile.Read(_disk.Root.GetDirectory(entry.Name), out _));
        }

        return blocks;
    }
}
