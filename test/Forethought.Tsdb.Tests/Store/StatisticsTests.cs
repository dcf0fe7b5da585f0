using Forethought.Model;

namespace Forethought.Tsdb.Tests.Store;

public sealed class StatisticsTests : IAsyncDisposable
{
    private readonly TsdbStore _store = TsdbStore.OpenAsync(new TsdbOptions()).GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void An_empty_head_has_no_times()
    {
        HeadStatistics statistics = _store.GetStatistics();
        Assert.Equal((0, 0, 0L), (statistics.Series, statistics.LabelPairs, statistics.Chunks));
        Assert.Equal((long.MaxValue, long.MinValue), (statistics.MinTimeMs, statistics.MaxTimeMs));
        Assert.Empty(_store.GetCardinality(10).SeriesByPair);
    }

    [Fact]
    public async Task Stale_series_are_those_whose_newest_sample_is_a_stale_marker()
    {
        Labels floats = Labels.FromStrings("__name__", "floats"), histograms = Labels.FromStrings("__name__", "histograms");
        await _store.AppendAsync(floats, (1000, 1), (2000, StaleMarker.Value));
        using (var appender = _store.OpenAppender())
        {
            var batch = new Forethought.Storage.AppendBatch();
            batch.Add(appender.Series(histograms), 1000, new Histogram());
            appender.Append(batch);
            await appender.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, _store.Head.Counters.StaleSeries);
        await _store.AppendAsync(histograms, (2000, StaleMarker.Value));
        await _store.AppendAsync(floats, (3000, StaleMarker.Value));
        Assert.Equal(2, _store.Head.Counters.StaleSeries);
        await _store.AppendAsync(floats, (4000, 1));
        Assert.Equal(1, _store.Head.Counters.StaleSeries);
        await _store.TruncateHeadAsync(5000);
        Assert.Equal(0, _store.Head.Counters.StaleSeries);
        Assert.Equal(0, _store.GetStatistics().Series);
    }

    [Fact]
    public async Task Counts_series_pairs_chunks_and_bytes()
    {
        for (int i = 0; i < 12; i++)
            await _store.AppendAsync(Labels.FromStrings("__name__", i < 8 ? "a" : "bb", "i", $"{i:d2}"), (i * 1000, i));
        HeadStatistics statistics = _store.GetStatistics();
        Assert.Equal((12, 14, 12L), (statistics.Series, statistics.LabelPairs, statistics.Chunks));
        Assert.Equal((0, 11_000), (statistics.MinTimeMs, statistics.MaxTimeMs));

        HeadCardinality cardinality = _store.GetCardinality(3);
        Assert.Equal([new NamedCount("a", 8), new NamedCount("bb", 4)], cardinality.SeriesByValue);
        Assert.Equal([new NamedCount("i", 12), new NamedCount("__name__", 2)], cardinality.ValuesByName);
        Assert.Equal(3, cardinality.SeriesByPair.Count);
        Assert.Equal([new NamedCount("__name__=a", 8), new NamedCount("__name__=bb", 4)], cardinality.SeriesByPair.Take(2));

        // Upstream's labels.SizeOfLabels: name, value and a length byte of each, per series.
        Assert.Equal(
            [new NamedCount("__name__", 8 * (8 + 1 + 2) + 4 * (8 + 2 + 2)), new NamedCount("i", 12 * (1 + 2 + 2))],
            cardinality.BytesByName);
        Assert.Equal(12, _store.GetCardinality(20, "i").SeriesByValue.Count);
    }
}
