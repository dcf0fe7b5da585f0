using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>What the garbage collector has to do with a head: nothing that grows with series or samples.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    private const int Targets = 200;
    private const int SeriesPerTarget = 1000;

    /// <summary>A transaction may allocate a little (debug builds box the state machine), a sample nothing.</summary>
    [Fact]
    public async Task A_sample_of_a_known_series_allocates_nothing()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        var batch = new AppendBatch(SeriesPerTarget);
        SeriesRef[] series = Create(store, 0);
        for (int round = 0; round < 5; round++)
            Append(store, batch, series, round);
        long allocated(SeriesRef[] written, int first)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = first; round < first + 100; round++)
                Append(store, batch, written, round);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // New pages of blocks are entered into directories, poisoned ones with a byte a block: far below a byte a sample.
        long byOne = allocated(series[..1], 5), byAll = allocated(series, 105);
        Assert.InRange(byAll - byOne, -10_000, 10_000);
    }

    /// <summary>
    /// Live managed bytes are compared between heads of 20,000 and of 200,000 series, with samples: an object per series would add at
    /// least 24 × 180,000 bytes. What may grow are a few arrays (free numbers, page directories, values of a label), 4–8 bytes a
    /// series; none of them holds references.
    /// </summary>
    [Fact]
    public async Task The_managed_heap_does_not_grow_with_the_number_of_series()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        var batch = new AppendBatch(SeriesPerTarget);
        long small = 0;
        for (int target = 0; target < Targets; target++)
        {
            SeriesRef[] series = Create(store, target);
            for (int round = 0; round < 2; round++)
                Append(store, batch, series, round);
            if (target == Targets / 10)
                small = LiveBytes();
        }

        long large = LiveBytes();
        Assert.Equal(Targets * SeriesPerTarget, store.GetStatistics().Series);

        // What earlier tests left in array pools may be given back meanwhile: the heap may shrink.
        Assert.InRange((large - small) / (double)(SeriesPerTarget * Targets * 9 / 10), double.MinValue, 8);
    }

    [Fact]
    public async Task A_series_takes_no_more_native_memory_than_budgeted()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        var batch = new AppendBatch(SeriesPerTarget);
        SeriesRef[][] series = [.. Enumerable.Range(0, 40).Select(target => Create(store, target))];
        int rounds = 0;
        double perSeries(int until)
        {
            for (; rounds < until; rounds++)
            {
                foreach (SeriesRef[] target in series)
                    Append(store, batch, target, rounds);
            }

            return store.Head.Allocator.TotalBytes / (double)(40 * SeriesPerTarget);
        }

        // Poisoned memory carries marks; the budget is that of production and still has to hold.
        Assert.True(PoisonMode.IsOn);
        Assert.InRange(perSeries(24), 150, 320);
        Assert.InRange(perSeries(120), 200, 570);
    }

    private static long LiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static SeriesRef[] Create(TsdbStore store, int target)
    {
        using IAppender appender = store.OpenAppender();
        return [.. Enumerable.Range(0, SeriesPerTarget).Select(i => appender.Series(Labels.FromStrings(
            "__name__", $"http_requests_{i % 40}_total", "code", $"{200 + i % 5}", "instance", $"10.0.0.{target}:9100", "job", "api",
            "method", i % 2 == 0 ? "GET" : "POST", "path", $"/api/v1/{i % 63}", "service", $"s{i % 16}", "shard", $"{i}")))];
    }

    private static void Append(TsdbStore store, AppendBatch batch, SeriesRef[] series, int round)
    {
        batch.Clear();
        for (int i = 0; i < series.Length; i++)
            batch.Add(series[i], 1_700_000_000_000 + round * 15_000L, i % 4 == 0 ? 42 : i % 16 == 3 ? i + round * 0.37 : i + round * 3);
        using IAppender appender = store.OpenAppender();
        Assert.Equal(0, appender.Append(batch));
        ValueTask committed = appender.CommitAsync(CancellationToken.None);
        if (!committed.IsCompletedSuccessfully)
            Assert.Fail("without a log and without others a commit is done at once");
    }
}
