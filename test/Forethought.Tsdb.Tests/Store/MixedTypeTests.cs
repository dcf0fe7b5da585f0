using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// Samples of several kinds of one series in one transaction. Expected records follow from the rules of upstream's
/// <c>getCurrentBatch</c> (tsdb/head_append.go): a batch holds one kind of a series, but floats may stand before its histograms; the
/// records of a batch are floats, histograms, custom buckets, float histograms, custom buckets of those.
/// </summary>
public sealed class MixedTypeTests : IDisposable
{
    private static readonly Labels One = Labels.FromStrings("__name__", "mixed", "job", "a");
    private static readonly Labels Two = Labels.FromStrings("__name__", "mixed", "job", "b");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ff", "f(1 2)")]
    [InlineData("fh", "f(1) h(2)")]
    [InlineData("hf", "h(1) f(2)")]
    [InlineData("hfh", "h(1) f(2) h(3)")]
    [InlineData("ffhhff", "f(1 2) h(3 4) f(5 6)")]
    [InlineData("fhfhfh", "f(1) h(2) f(3) h(4) f(5) h(6)")]
    [InlineData("hH", "h(1) H(2)")]
    [InlineData("Hh", "H(1) h(2)")]
    [InlineData("hHhHf", "h(1) H(2) h(3) H(4) f(5)")]
    [InlineData("hc", "h(1) c(2)")]
    [InlineData("ch", "c(1) h(2)")]
    [InlineData("cCHchC", "c(1) C(2) H(3) c(4) h(5) C(6)")]
    [InlineData("fcfC", "f(1) c(2) f(3) C(4)")]
    public async Task Samples_keep_their_order_in_memory_in_the_log_and_after_a_restart(string letters, string records)
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await CommitAsync(store, One, letters);
            Assert.Equal(Expected(letters), await store.ReadMixedAsync(One));
        }

        Assert.Equal(records, MixedSamples.DescribeLog(_directory.File("wal")));
        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal(Expected(letters), await reopened.ReadMixedAsync(One));
    }

    /// <summary>A stale marker takes the kind of the sample before it; one after custom buckets has none of its own.</summary>
    [Theory]
    [InlineData("fs", "f(1 2)")]
    [InlineData("hs", "h(1 2)")]
    [InlineData("Hs", "H(1 2)")]
    [InlineData("hsh", "h(1 2 3)")]
    [InlineData("cs", "c(1) h(2)")]
    [InlineData("csc", "c(1) h(2) c(3)")]
    [InlineData("Cs", "C(1) H(2)")]
    [InlineData("fhsf", "f(1) h(2 3) f(4)")]
    [InlineData("hfs", "h(1) f(2 3)")]
    [InlineData("fsh", "f(1 2) h(3)")]
    [InlineData("hsfsHs", "h(1 2) f(3 4) H(5 6)")]
    public async Task A_stale_marker_is_of_the_kind_of_the_sample_before_it(string letters, string records)
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await CommitAsync(store, One, letters);
            Assert.Equal(Expected(letters), await store.ReadMixedAsync(One));
        }

        Assert.Equal(records, MixedSamples.DescribeLog(_directory.File("wal")));
        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal(Expected(letters), await reopened.ReadMixedAsync(One));
    }

    /// <summary>As upstream's <c>TestHead_WALReplayStaleMarkerTypeConsistency</c> and <c>TestHistogramStalenessConversionMetrics</c>.</summary>
    [Theory]
    [InlineData('h', ChunkEncoding.Histogram)]
    [InlineData('c', ChunkEncoding.Histogram)]
    [InlineData('H', ChunkEncoding.FloatHistogram)]
    [InlineData('C', ChunkEncoding.FloatHistogram)]
    public async Task A_stale_marker_of_a_later_transaction_is_logged_as_a_float_and_kept_as_a_histogram(char letter, ChunkEncoding encoding)
    {
        await using (TsdbStore store = await OpenAsync())
        {
            await CommitAsync(store, One, $"{letter}");
            await CommitAsync(store, One, "s", firstSecond: 2);
            await check(store);
            Assert.Equal(0, store.Head.Counters.FloatsAppended);
            Assert.Equal(2, store.Head.Counters.HistogramsAppended);
            Assert.Equal(1, store.Head.Counters.StaleSeries);
        }

        Assert.Equal($"{letter}(1) f(2)", MixedSamples.DescribeLog(_directory.File("wal")));
        await using TsdbStore reopened = await OpenAsync();
        await check(reopened);
        Assert.Equal(1, reopened.Head.Counters.StaleSeries);

        async Task check(TsdbStore store)
        {
            Assert.Equal(Expected($"{letter}s"), await store.ReadMixedAsync(One));
            Assert.All(store.Encodings(One), actual => Assert.Equal(encoding, actual));
        }
    }

    /// <summary>
    /// The marker's kind is that of the sample before it in the transaction, whatever the series had before. (Upstream moves a marker
    /// that it turns into a histogram behind the histograms of its batch and then drops it as too old.)
    /// </summary>
    [Theory]
    [InlineData("h", "sh")]
    [InlineData("H", "sH")]
    [InlineData("h", "sf")]
    [InlineData("h", "fs")]
    [InlineData("f", "hs")]
    [InlineData("f", "sh")]
    [InlineData("H", "hs")]
    [InlineData("h", "sH")]
    [InlineData("c", "ssf")]
    public async Task A_stale_marker_between_transactions_of_other_kinds_keeps_its_place(string before, string letters)
    {
        string expected = Expected(before + letters);
        await using (TsdbStore store = await OpenAsync())
        {
            await CommitAsync(store, One, before);
            await CommitAsync(store, One, letters, firstSecond: 2);
            Assert.Equal(expected, await store.ReadMixedAsync(One));
        }

        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal(expected, await reopened.ReadMixedAsync(One));
    }

    /// <summary>As upstream's <c>TestHead_NumStaleSeries_MixedType</c>.</summary>
    [Theory]
    [InlineData("fsh")]
    [InlineData("fsH")]
    [InlineData("hsf")]
    [InlineData("hsH")]
    [InlineData("Hsf")]
    [InlineData("Hsh")]
    public async Task A_stale_series_that_comes_back_as_another_kind_is_not_stale(string letters)
    {
        await using (TsdbStore store = await OpenAsync())
        {
            for (int i = 0; i < letters.Length; i++)
            {
                await CommitAsync(store, One, letters[i..(i + 1)], firstSecond: i + 1);
                Assert.Equal(i == 1 ? 1 : 0, store.Head.Counters.StaleSeries);
            }
        }

        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal(0, reopened.Head.Counters.StaleSeries);
        Assert.Equal(1, reopened.GetStatistics().Series);
    }

    /// <summary>Rows are checked against what is committed; among themselves they meet when they are written, and are dropped silently.</summary>
    [Theory]
    [InlineData("fh")]
    [InlineData("hf")]
    [InlineData("hH")]
    [InlineData("hc")]
    [InlineData("Cc")]
    [InlineData("sh")]
    public async Task Of_two_samples_with_one_time_in_a_transaction_the_first_stays(string letters)
    {
        await using (TsdbStore store = await OpenAsync())
        {
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            SeriesRef series = appender.Series(One);
            batch.AddMixed(series, 5000, letters[0], 1);
            batch.AddMixed(series, 5000, letters[1], 2);
            batch.AddMixed(series, 6000, letters[1], 3);
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(expected(), await store.ReadMixedAsync(One));
            Assert.Equal(2, store.Head.Counters.FloatsAppended + store.Head.Counters.HistogramsAppended);
            Assert.Equal(0, store.Head.Counters.FloatsOutOfOrder + store.Head.Counters.HistogramsOutOfOrder);
        }

        await using TsdbStore reopened = await OpenAsync();
        Assert.Equal(expected(), await reopened.ReadMixedAsync(One));

        string expected() => MixedSamples.Describe([(5000, letters[0], 1), (6000, letters[1], 3)]);
    }

    [Theory]
    [InlineData('f')]
    [InlineData('h')]
    [InlineData('C')]
    [InlineData('s')]
    public async Task With_a_time_that_is_committed_as_another_kind_a_sample_is_a_duplicate(char letter)
    {
        foreach (char committed in "fhHcC")
        {
            if (committed == letter)
                continue;
            await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
            await CommitAsync(store, One, $"{committed}");
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            batch.AddMixed(appender.Series(One), 1000, letter, 1);
            batch.AddMixed(appender.Series(One), 999, letter, 1);
            appender.Append(batch);
            Assert.Equal([AppendOutcome.DuplicateTimestamp, AppendOutcome.OutOfOrder], batch.Outcomes.Take(2));
        }
    }

    /// <summary>What only shows when it is written is counted as what shows when it comes, as upstream's commit does.</summary>
    [Fact]
    public async Task Samples_that_go_back_in_time_within_a_transaction_are_dropped_and_counted()
    {
        await using TsdbStore store = await OpenAsync();
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        SeriesRef series = appender.Series(One);
        foreach ((long timeMs, char letter) in new[] { (5000L, 'h'), (4000L, 'f'), (4500L, 'f'), (4600L, 'H'), (6000L, 'c'), (5500L, 'h') })
            batch.AddMixed(series, timeMs, letter, (int)(timeMs / 1000));
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("5000 h5, 6000 c6", await store.ReadMixedAsync(One));
        Assert.Equal(2, store.Head.Counters.FloatsOutOfOrder);
        Assert.Equal(2, store.Head.Counters.HistogramsOutOfOrder);
        Assert.Equal(0, store.Head.Counters.FloatsAppended);
        Assert.Equal(2, store.Head.Counters.HistogramsAppended);
    }

    [Fact]
    public async Task What_one_series_does_begins_a_batch_for_all()
    {
        await using (TsdbStore store = await OpenAsync())
        {
            using IAppender appender = store.OpenAppender();
            var batch = new AppendBatch();
            SeriesRef one = appender.Series(One), two = appender.Series(Two);
            batch.AddMixed(one, 1000, 'h', 1);
            batch.AddMixed(two, 2000, 'f', 2);
            batch.AddMixed(one, 3000, 'f', 3);
            batch.AddMixed(two, 4000, 'h', 4);
            batch.AddMixed(one, 5000, 'h', 5);
            batch.AddMixed(two, 6000, 'h', 6);
            Assert.Equal(0, appender.Append(batch));
            await appender.CommitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("1000 h1, 3000 f3, 5000 h5", await store.ReadMixedAsync(One));
            Assert.Equal("2000 f2, 4000 h4, 6000 h6", await store.ReadMixedAsync(Two));
        }

        Assert.Equal("f(2) h(1) f(3) h(4 5 6)", MixedSamples.DescribeLog(_directory.File("wal")));
    }

    [Fact]
    public async Task Kinds_are_followed_over_all_batches_of_a_transaction_and_forgotten_after_it()
    {
        await using TsdbStore store = await OpenAsync();
        using (IAppender appender = store.OpenAppender())
        {
            var batch = new AppendBatch();
            SeriesRef series = appender.Series(One);
            batch.AddMixed(series, 1000, 'h', 1);
            appender.Append(batch);
            batch.Clear();
            batch.AddMixed(series, 2000, 'f', 2);
            appender.Append(batch);
            batch.Clear();
            batch.AddMixed(series, 3000, 's', 3);
            appender.Append(batch);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        // The same appender, pooled: the float is the first sample of its transaction.
        await CommitAsync(store, One, "fh", firstSecond: 4);
        Assert.Equal("1000 h1, 2000 f2, 3000 stale f, 4000 f4, 5000 h5", await store.ReadMixedAsync(One));
        Assert.Equal("h(1) f(2 3) f(4) h(5)", MixedSamples.DescribeLog(_directory.File("wal")));
    }

    private static string Expected(string letters) =>
        MixedSamples.Describe(letters.Select((letter, i) => (1000L * (i + 1), letter, i + 1)));

    private static async Task CommitAsync(TsdbStore store, Labels labels, string letters, int firstSecond = 1)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        for (int i = 0; i < letters.Length; i++)
            batch.AddMixed(appender.Series(labels), 1000L * (firstSecond + i), letters[i], firstSecond + i);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    private Task<TsdbStore> OpenAsync() => TsdbStore.OpenAsync(new TsdbOptions { Path = _directory.Path });
}
