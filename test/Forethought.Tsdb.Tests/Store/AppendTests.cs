using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Outcomes are those of upstream's <c>memSeries.appendable</c> and of its head appender tests.</summary>
public sealed class AppendTests : IAsyncDisposable
{
    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private readonly TsdbStore _store;

    public AppendTests() => _store = TsdbStore.OpenAsync(new TsdbOptions()).GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Committed_samples_are_read_back()
    {
        await _store.AppendAsync(Up, (1000, 1), (2000, 2), (3000, double.PositiveInfinity));
        var all = await _store.ReadAsync(0, 10_000);
        Assert.Equal([(1000, 1), (2000, 2), (3000, double.PositiveInfinity)], all[Up]);
        Assert.Single(all);
    }

    [Theory]
    [InlineData(1000, 3000, 3)]
    [InlineData(1001, 2999, 1)]
    [InlineData(2000, 2000, 1)]
    [InlineData(3001, 9000, 0)]
    [InlineData(0, 999, 0)]
    public async Task Both_ends_of_a_query_are_inclusive(long min, long max, int expected)
    {
        await _store.AppendAsync(Up, (1000, 1), (2000, 2), (3000, 3));
        var all = await _store.ReadAsync(min, max);
        Assert.Equal(expected, all.Values.Sum(samples => samples.Count));
    }

    [Fact]
    public async Task An_open_transaction_is_invisible_and_a_rolled_back_one_stays_so()
    {
        await _store.AppendAsync(Up, (1000, 1));
        using (IAppender appender = _store.OpenAppender())
        {
            var batch = new AppendBatch();
            batch.Add(appender.Series(Up), 2000, 2);
            Assert.Equal(0, appender.Append(batch));
            Assert.Equal([(1000, 1)], (await _store.ReadAsync(0, 9000))[Up]);
            appender.Rollback();
        }

        Assert.Equal([(1000, 1)], (await _store.ReadAsync(0, 9000))[Up]);
        await _store.AppendAsync(Up, (1500, 3));
        Assert.Equal([(1000, 1), (1500, 3)], (await _store.ReadAsync(0, 9000))[Up]);
    }

    [Fact]
    public async Task Disposing_without_commit_rolls_back()
    {
        using (IAppender appender = _store.OpenAppender())
        {
            var batch = new AppendBatch();
            batch.Add(appender.Series(Up), 2000, 2);
            appender.Append(batch);
        }

        Assert.Empty(await _store.ReadAsync(0, 9000));
    }

    [Fact]
    public async Task Each_row_gets_its_outcome_and_the_good_rows_are_kept()
    {
        await _store.AppendAsync(Up, (7_200_000, 1));
        using (IAppender appender = _store.OpenAppender())
        {
            var batch = new AppendBatch();
            SeriesRef up = appender.Series(Up);
            SeriesRef other = appender.Series(Labels.FromStrings("__name__", "other"));
            batch.Add(up, 7_200_000, 1);
            batch.Add(up, 7_200_000, 2);
            batch.Add(up, 7_199_999, 3);
            batch.Add(up, 3_599_999, 4);
            batch.Add(new SeriesRef(99), 7_300_000, 5);
            batch.Add(up, 7_300_000, 6);
            batch.Add(other, 3_600_000, 7);
            Assert.Equal(4, appender.Append(batch));
            Assert.Equal(
                [
                    AppendOutcome.Identical, AppendOutcome.DuplicateTimestamp, AppendOutcome.OutOfOrder, AppendOutcome.OutOfBounds,
                    AppendOutcome.UnknownSeries, AppendOutcome.Accepted, AppendOutcome.Accepted,
                ],
                batch.Outcomes.Take(7));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        var all = await _store.ReadAsync(0, long.MaxValue);
        Assert.Equal([(7_200_000, 1), (7_300_000, 6)], all[Up]);
        Assert.Equal([(3_600_000, 7)], all[Labels.FromStrings("__name__", "other")]);
    }

    [Fact]
    public async Task Stale_and_ordinary_NaN_at_the_same_time_are_told_apart_by_their_bits()
    {
        await _store.AppendAsync(Up, (1000, StaleMarker.Value));
        using IAppender appender = _store.OpenAppender();
        var batch = new AppendBatch();
        batch.Add(appender.Series(Up), 1000, StaleMarker.Value);
        batch.Add(appender.Series(Up), 1000, StaleMarker.NormalNaN);
        appender.Append(batch);
        Assert.Equal([AppendOutcome.Identical, AppendOutcome.DuplicateTimestamp], batch.Outcomes.Take(2));
    }

    [Fact]
    public async Task The_second_of_two_samples_at_one_time_in_one_transaction_is_dropped()
    {
        await _store.AppendAsync(Up, (1000, 1), (1000, 2), (900, 3), (1100, 4));
        Assert.Equal([(1000, 1), (1100, 4)], (await _store.ReadAsync(0, 9000))[Up]);
    }

    [Fact]
    public void The_same_labels_are_the_same_series_and_references_are_known_later()
    {
        SeriesRef first;
        using (IAppender appender = _store.OpenAppender())
        {
            first = appender.GetOrCreate(Up.Packed, Up.Hash(), out bool created);
            Assert.True(created);
            Assert.Equal(first, appender.GetOrCreate(Up.Packed, Up.Hash(), out created));
            Assert.False(created);
            Assert.False(first.IsNone);
        }

        using IAppender later = _store.OpenAppender();
        Assert.True(later.IsKnown(first));
        Assert.False(later.IsKnown(new SeriesRef(first.Value + 1)));
        Assert.False(later.IsKnown(SeriesRef.None));
        Assert.False(later.IsKnown(new SeriesRef(ulong.MaxValue)));
    }

    [Fact]
    public async Task Series_of_equal_hash_are_kept_apart()
    {
        Labels other = Labels.FromStrings("__name__", "up", "job", "b");
        using (IAppender appender = _store.OpenAppender())
        {
            SeriesRef first = appender.GetOrCreate(Up.Packed, 42, out _);
            SeriesRef second = appender.GetOrCreate(other.Packed, 42, out bool created);
            Assert.True(created);
            Assert.NotEqual(first, second);
            Assert.Equal(first, appender.GetOrCreate(Up.Packed, 42, out _));
            var batch = new AppendBatch();
            batch.Add(first, 1, 1);
            batch.Add(second, 1, 2);
            appender.Append(batch);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        var all = await _store.ReadAsync(0, 10);
        Assert.Equal([(1, 1)], all[Up]);
        Assert.Equal([(1, 2)], all[other]);
    }

    [Fact]
    public async Task An_appender_that_ended_refuses_work()
    {
        IAppender appender = _store.OpenAppender();
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Throws<ObjectDisposedException>(() => appender.Append(new AppendBatch()));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await appender.CommitAsync());
        appender.Dispose();
    }

    [Fact]
    public async Task Thousands_of_samples_of_a_series_cross_many_chunks_and_come_back_in_order()
    {
        var random = new Random(7);
        (long, double)[] samples = new (long, double)[5000];
        long time = 1_700_000_000_000;
        for (int i = 0; i < samples.Length; i++)
        {
            time += random.Next(1, 30_000);
            samples[i] = (time, random.Next(10) == 0 ? random.NextDouble() : i);
        }

        foreach ((long, double)[] part in samples.Chunk(300))
            await _store.AppendAsync(Up, part);
        Assert.Equal(samples, (await _store.ReadAsync(0, long.MaxValue))[Up]);
        (long, double)[] middle = samples[1234..3210];
        Assert.Equal(middle, (await _store.ReadAsync(middle[0].Item1, middle[^1].Item1))[Up]);
    }
}
