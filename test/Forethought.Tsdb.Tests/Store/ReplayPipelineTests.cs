using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Replay on its three threads, with what goes from one to the next cut at every place: the head is that of a simple model.
/// </summary>
public sealed class ReplayPipelineTests
{
    private readonly List<string> _warnings = [];

    /// <summary>The sizes of what replay hands on: the least, odd ones, and those of the server.</summary>
    public static TheoryData<int, int, int, int, int> Limits => new()
    {
        { 1, 1, 1, 1, 1 },
        { 2, 1, 2, 2, 2 },
        { 60, 7, 3, 7, 7 },
        { 500, 3, 40, 20, 3 },
        { 256 * 1024, 1024, 680, 4096, 8192 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_replayed_head_is_that_of_a_simple_model(int blockBytes, int bufferRows, int buffers, int pageRows, int histograms)
    {
        var limits = new ReplayLimits(blockBytes, bufferRows, buffers, pageRows, histograms);
        for (int seed = 0; seed < Fuzz.Rounds(12); seed++)
        {
            Random random = Fuzz.Random(seed);
            const int Series = 6;
            var log = new ReplayLog(random, Series);
            for (int i = 0; i < 80; i++)
            {
                int kind = random.Next(40);
                if (i == 0 || kind < 4)
                    log.AddSeries(Enumerable.Range(0, Series).Where(_ => random.Next(3) == 0));
                else if (kind == 4)
                    log.AddLeaving();
                else if (kind == 5 && random.Next(8) == 0 && log.Damages == 0)
                    log.AddDamage();
                else
                    log.AddSamples(random.Next(1, 12));
            }

            await CheckAsync(log, Series, limits);
        }
    }

    /// <summary>Series of several pages of slots in one record, so that every buffer is begun, filled, left and met again.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(7, 300)]
    [InlineData(1024, 680)]
    public async Task Samples_of_many_pages_of_series_stay_in_order(int bufferRows, int buffers)
    {
        const int Series = 3000;
        var log = new ReplayLog(Fuzz.Random(1), Series);
        log.AddSeries(Enumerable.Range(0, Series));
        for (int i = 0; i < 12; i++)
            log.AddSamples(2500);
        await CheckAsync(log, Series, new ReplayLimits(4096, bufferRows, buffers, PageRows: 2 * bufferRows), every: 17);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Replay_that_is_cancelled_anywhere_loses_neither_samples_nor_memory(int segment)
    {
        const int Series = 4;
        var disk = new MemoryDisk();
        var log = new ReplayLog(Fuzz.Random(3), Series);
        log.AddSeries(Enumerable.Range(0, Series));
        for (int i = 0; i < 400; i++)
            log.AddSamples(60);
        log.WriteTo(disk, segmentPages: 1);
        Assert.True(WalSegments.List(disk.Log).Count > 6);
        using var stop = new CancellationTokenSource();
        TsdbOptions options = Options(disk, new ReplayLimits(1000, 5, 4, 10, 3));
        TsdbOptions stopping = options with
        {
            Replaying = progress =>
            {
                if (progress.Current == segment)
                    stop.Cancel();
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await TsdbStore.OpenAsync(stopping, stop.Token));
        await using TsdbStore store = await TsdbStore.OpenAsync(options, TestContext.Current.CancellationToken);
        for (int series = 0; series < Series; series++)
            Assert.Equal(log.Expected(series), await store.ReadMixedAsync(ReplayLog.LabelsOf(series)));
    }

    /// <summary>A record larger than everything that is in flight at a time.</summary>
    [Fact]
    public async Task Records_larger_than_a_block_are_replayed()
    {
        const int Series = 50;
        var log = new ReplayLog(Fuzz.Random(4), Series);
        log.AddSeries(Enumerable.Range(0, Series));
        for (int i = 0; i < 10; i++)
            log.AddSamples(i % 2 == 0 ? 900 : 3);
        await CheckAsync(log, Series, new ReplayLimits(BlockBytes: 64, BufferRows: 10, Buffers: 2, PageRows: 20));
    }

    // Once from the log alone, and once more after full chunks went to files, which then have part of what the log has.
    private async Task CheckAsync(ReplayLog log, int seriesCount, ReplayLimits limits, int every = 1)
    {
        var disk = new MemoryDisk();
        log.WriteTo(disk, segmentPages: 8);
        TsdbOptions options = Options(disk, limits);
        for (int round = 0; round < 2; round++)
        {
            _warnings.Clear();
            await using TsdbStore store = await TsdbStore.OpenAsync(options, TestContext.Current.CancellationToken);
            Assert.Equal(round == 0 ? log.Damages : 0, store.WalCorruptions);
            string unknown = $"Unknown series references: samples={log.UnknownSamples} exemplars=0 tombstones=0";
            Assert.Equal(log.UnknownSamples > 0, _warnings.Contains(unknown));
            for (int series = 0; series < seriesCount; series += every)
                Assert.Equal(log.Expected(series), await store.ReadMixedAsync(ReplayLog.LabelsOf(series)));
            new ChunkMover(store.Head, store.Head.ChunkFiles!).Run();
        }
    }

    private TsdbOptions Options(MemoryDisk disk, ReplayLimits limits) => new()
    {
        DataDirectory = disk.Root,
        Retention = RetentionLimits.None,
        SamplesPerChunk = 8,
        Replay = limits,
        Warned = _warnings.Add,
    };
}
