using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Tests.Store;

public sealed class IsolationTests : IAsyncDisposable
{
    private readonly TsdbStore _store = TsdbStore.OpenAsync(new TsdbOptions()).GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_querier_sees_the_state_of_its_opening_whatever_is_committed_later()
    {
        Labels labels = Labels.FromStrings("__name__", "a");
        var expected = new List<(long, double)>();
        var views = new List<(IQuerier Querier, int Count)>();
        for (int i = 1; i <= 700; i++)
        {
            if (i % 50 == 0)
                views.Add((_store.OpenQuerier(0, long.MaxValue), i - 1));
            await _store.AppendAsync(labels, (i * 1000, i));
            expected.Add((i * 1000, i));
        }

        foreach ((IQuerier querier, int count) in views)
        {
            Assert.Equal(expected.Take(count), (await querier.ReadAsync())[labels]);
            querier.Dispose();
        }

        Assert.Equal(0, _store.Head.Isolation.OpenReads);
        await _store.AppendAsync(labels, (701_000, 701));
        Assert.All(_store.Head.Shards, shard => Assert.Equal(0, shard.Runs.Count));
    }

    [Fact]
    public async Task A_series_of_which_nothing_may_be_seen_does_not_show()
    {
        await _store.AppendAsync(Labels.FromStrings("__name__", "a"), (1, 1));
        using IQuerier before = _store.OpenQuerier(0, 100);
        await _store.AppendAsync(Labels.FromStrings("__name__", "b"), (1, 1), (2, 2));
        Assert.Single(await before.ReadAsync());
        Assert.Equal(2, (await _store.ReadAsync(0, 100)).Count);
    }

    /// <summary>Hidden samples are decoded with the chunk they are in: nothing of them may stay behind in the batch.</summary>
    [Fact]
    public async Task Of_hidden_histograms_nothing_is_left_in_the_batch()
    {
        Labels one = Labels.FromStrings("__name__", "a", "job", "x"), two = Labels.FromStrings("__name__", "b", "job", "x");
        await CommitAsync(one, "h", 1);
        await CommitAsync(two, "ff", 1);
        using IQuerier before = _store.OpenQuerier(0, long.MaxValue);
        await CommitAsync(one, "hhh", 2);
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue, SortSeries = true };
        Matcher[] matchers = [new Matcher(Forethought.Model.MatchType.Equal, "job", "x")];
        using ISeriesSet set = await before.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        while (set.MoveNext())
        {
            while (set.Read(batch))
            {
            }
        }

        Assert.Equal([1000, 1000, 2000], batch.TimesMs[..batch.Count]);
        Assert.Equal([true, false, false], batch.Histograms![..3].Select(histogram => histogram is not null));
    }

    /// <summary>Chunks with start timestamps have a header in the count of samples, which is not to be taken for samples.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hidden_histograms_over_several_chunks_are_all_hidden(bool withStartTimes)
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(
            new TsdbOptions { FloatChunkEncoding = ChunkEncoding.Xor2, StoresStartTimes = withStartTimes, WritesHistogramStartTimes = withStartTimes });
        Labels labels = Labels.FromStrings("__name__", "a", "job", "x");
        await CommitAsync(store, 1, 5, 6, 7);
        using IQuerier before = store.OpenQuerier(0, long.MaxValue);

        // Each fall of the counts begins a chunk.
        await CommitAsync(store, 4, 8, 1, 2, 1);
        Assert.Equal(3, store.Encodings(labels).Count);
        var seen = await before.ReadAsync(new Matcher(Forethought.Model.MatchType.Equal, "job", "x"));
        Assert.Equal([1000, 2000, 3000], seen[labels].Select(sample => sample.TimeMs));

        async Task CommitAsync(TsdbStore into, int firstSecond, params int[] numbers)
        {
            using IAppender appender = into.OpenAppender();
            var batch = new AppendBatch();
            for (int i = 0; i < numbers.Length; i++)
                batch.AddMixed(appender.Series(labels), 1000L * (firstSecond + i), 'h', numbers[i]);
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task No_query_sees_half_a_commit()
    {
        // Each writer writes the same value to all its series in one transaction: a query must find them equal.
        Labels[][] series = [.. "ab".Select(writer => Enumerable.Range(0, 300)
            .Select(i => Labels.FromStrings("__name__", "m", "i", $"{i:d3}", "writer", $"{writer}")).ToArray())];
        // Neither side may run away from the other, however the machine shares its time out: a writer that did would make each query
        // longer than the one before, for ever.
        const int Queries = 25, RoundsPerQuery = 10;
        using var mayWrite = new SemaphoreSlim(0);
        Task[] writers = [.. series.Select(own => Task.Run(() => WriteAsync(own, Queries * RoundsPerQuery, RoundsPerQuery, mayWrite)))];
        for (int query = 0; query < Queries; query++)
        {
            mayWrite.Release(series.Length);
            var all = await _store.ReadAsync(0, long.MaxValue);
            foreach (var own in all.GroupBy(entry => entry.Key["writer"], entry => entry.Value))
            {
                Assert.Equal(300, own.Count());
                Assert.All(own, samples => Assert.Equal(own.First(), samples));
            }
        }

        await Task.WhenAll(writers);
        Assert.All(await _store.ReadAsync(0, long.MaxValue), entry => Assert.Equal(Queries * RoundsPerQuery, entry.Value.Count));
    }

    private async Task CommitAsync(Labels labels, string letters, int firstSecond)
    {
        using IAppender appender = _store.OpenAppender();
        var batch = new AppendBatch();
        for (int i = 0; i < letters.Length; i++)
            batch.AddMixed(appender.Series(labels), 1000L * (firstSecond + i), letters[i], i + 1);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private async Task WriteAsync(Labels[] series, int rounds, int roundsPerTurn, SemaphoreSlim mayWrite)
    {
        for (int round = 0; round < rounds; round++)
        {
            if (round % roundsPerTurn == 0)
                await mayWrite.WaitAsync();
            using IAppender appender = _store.OpenAppender();
            var batch = new AppendBatch();
            foreach (Labels labels in series)
                batch.Add(appender.Series(labels), 1_000_000 + round, round);
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync();
            await Task.Yield();
        }
    }
}
