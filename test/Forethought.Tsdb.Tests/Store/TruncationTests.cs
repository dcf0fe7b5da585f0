using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Store;

public sealed class TruncationTests : IAsyncDisposable
{
    private static readonly Labels Old = Labels.FromStrings("__name__", "old", "pod", "p-1");
    private static readonly Labels Kept = Labels.FromStrings("__name__", "kept");

    private readonly TsdbStore _store = TsdbStore.OpenAsync(new TsdbOptions()).GetAwaiter().GetResult();
    private readonly HeadTruncation _truncation;

    public TruncationTests() => _truncation = new HeadTruncation(_store.Head);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Chunks_that_end_before_the_time_go_and_the_one_that_reaches_beyond_stays_whole()
    {
        (long, double)[] samples = [.. Enumerable.Range(1, 1000).Select(i => (i * 15_000L, (double)i))];
        await _store.AppendAsync(Kept, samples);
        long middle = 500 * 15_000L;
        await _truncation.TruncateAsync(middle);
        List<(long TimeMs, double Value)> left = (await _store.ReadAsync(0, long.MaxValue))[Kept];
        Assert.Equal(samples[^left.Count..], left);
        Assert.InRange(left[0].TimeMs, middle - 240 * 15_000L, middle);
        Assert.Equal(middle, _store.Head.Bounds.MinTimeMs);
        Assert.Equal(_store.Head.Shards.Sum(shard => shard.Sealed.PiecesInUse) + 1,
            _store.Head.Counters.ChunksCreated - _store.Head.Counters.ChunksRemoved);
    }

    [Fact]
    public async Task A_series_without_chunks_is_collected_and_comes_back_under_another_reference()
    {
        await _store.AppendAsync(Old, (1000, 1));
        SeriesRef first = Reference(Old);
        await _store.AppendAsync(Kept, (10_000_000, 1));
        await _truncation.TruncateAsync(5_000_000);
        Assert.Equal([Kept], (await _store.ReadAsync(0, long.MaxValue)).Keys);
        Assert.Equal(1, _store.Head.Index.SeriesCount);
        using (IQuerier querier = _store.OpenQuerier(0, long.MaxValue))
            Assert.Equal(["__name__"], (await querier.LabelNamesAsync([], 0, TestContext.Current.CancellationToken)).Texts);
        using (IAppender appender = _store.OpenAppender())
        {
            Assert.False(appender.IsKnown(first));
            var batch = new AppendBatch();
            batch.Add(first, 10_000_000, 1);
            Assert.Equal(1, appender.Append(batch));
            Assert.Equal(AppendOutcome.UnknownSeries, batch.Outcomes[0]);
        }

        await _store.AppendAsync(Old, (10_000_000, 2));
        Assert.NotEqual(first, Reference(Old));
        Assert.Equal([(10_000_000, 2)], (await _store.ReadAsync(0, long.MaxValue))[Old]);
    }

    [Fact]
    public async Task A_series_that_an_open_transaction_uses_is_not_collected()
    {
        await _store.AppendAsync(Kept, (10_000_000, 1));
        using (IAppender appender = _store.OpenAppender())
        {
            var batch = new AppendBatch();
            batch.Add(appender.Series(Old), 10_000_000, 7);
            for (int i = 0; i < 3; i++)
                await _truncation.TruncateAsync(5_000_000 + i);
            Assert.Equal(0, appender.Append(batch));
            await _truncation.TruncateAsync(6_000_000);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        await _truncation.TruncateAsync(7_000_000);
        Assert.Equal([(10_000_000, 7)], (await _store.ReadAsync(0, long.MaxValue))[Old]);
    }

    [Fact]
    public async Task A_series_that_was_created_and_rolled_back_is_collected()
    {
        await _store.AppendAsync(Kept, (10_000_000, 1));
        using (IAppender appender = _store.OpenAppender())
            appender.Series(Old);
        await _truncation.TruncateAsync(5_000_000);
        Assert.Equal(1, _store.Head.Index.SeriesCount);
    }

    [Fact]
    public async Task Samples_before_the_truncation_are_refused_afterwards()
    {
        await _store.AppendAsync(Kept, (1_000_000, 1));
        await _truncation.TruncateAsync(900_000);
        using IAppender appender = _store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(appender.Series(Old), 899_999, 1);
        batch.Add(appender.Series(Old), 900_000, 1);
        appender.Append(batch);
        Assert.Equal([AppendOutcome.OutOfBounds, AppendOutcome.Accepted], batch.Outcomes.Take(2));
    }

    [Fact]
    public async Task Truncation_waits_for_readers_of_older_samples_and_lets_others_be()
    {
        await _store.AppendAsync(Old, (1000, 1));
        await _store.AppendAsync(Kept, (10_000_000, 1));
        IQuerier older = _store.OpenQuerier(0, 2000);
        using IQuerier newer = _store.OpenQuerier(5_000_000, long.MaxValue);
        Task truncation = _truncation.TruncateAsync(5_000_000);
        Assert.False(truncation.IsCompleted);
        Assert.Equal([(1000, 1)], (await older.ReadAsync())[Old]);
        older.Dispose();
        await truncation;
        Assert.Equal([Kept], (await newer.ReadAsync()).Keys);
    }

    [Fact]
    public async Task A_truncation_that_waits_for_a_reader_does_not_hold_up_closing()
    {
        TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        await store.AppendAsync(Kept, (1000, 1));
        IQuerier reader = store.OpenQuerier(0, 2000);
        Task truncation = store.TruncateHeadAsync(5000);
        Task closing = store.DisposeAsync().AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => truncation);

        // Closing under an open reader is refused rather than freeing what it may read.
        await Assert.ThrowsAsync<NativeMemoryException>(() => closing);
        reader.Dispose();
        store.Head.Dispose();
    }

    [Fact]
    public async Task Memory_of_truncated_chunks_is_freed_only_when_no_reader_can_hold_it()
    {
        await _store.AppendAsync(Kept, [.. Enumerable.Range(1, 4000).Select(i => (i * 15_000L, (double)i * 1.7))]);
        long full = _store.Head.Shards.Sum(shard => shard.Sealed.PiecesInUse);
        using (IQuerier reader = _store.OpenQuerier(3900 * 15_000L, long.MaxValue))
        {
            await _truncation.TruncateAsync(3900 * 15_000L);
            Assert.Equal(full, _store.Head.Shards.Sum(shard => shard.Sealed.PiecesInUse));
            Assert.NotEmpty(await reader.ReadAsync());
        }

        Assert.InRange(_store.Head.Shards.Sum(shard => shard.Sealed.PiecesInUse), 0, 3);
    }

    [Fact]
    public async Task Churn_leaves_no_memory_behind()
    {
        var bytes = new List<long>();
        for (int generation = 0; generation < 12; generation++)
        {
            long time = (generation + 1) * 10_000_000L;
            using (IAppender appender = _store.OpenAppender())
            {
                var batch = new AppendBatch();
                for (int i = 0; i < 3000; i++)
                    batch.Add(appender.Series(Labels.FromStrings("__name__", "m", "pod", $"{generation:d3}-{i:d4}")), time, i);
                Assert.Equal(0, appender.Append(batch));
                await appender.CommitAsync(TestContext.Current.CancellationToken);
            }

            await _truncation.TruncateAsync(time);
            Assert.Equal(3000, _store.Head.Index.SeriesCount);
            bytes.Add(_store.Head.Allocator.TotalBytes - _store.Head.Allocator.BytesOf(MemoryPurpose.SeriesTables));
        }

        // Two generations are alive at once before each truncation; from then on everything is used again.
        Assert.All(bytes[3..], later => Assert.InRange(later, 0, bytes[2] + bytes[2] / 20));
    }

    private SeriesRef Reference(Labels labels)
    {
        using IAppender appender = _store.OpenAppender();
        SeriesRef reference = appender.GetOrCreate(labels.Packed, labels.Hash(), out bool created);
        Assert.False(created);
        return reference;
    }
}
