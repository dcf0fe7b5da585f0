using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Short forms for tests: append, and read everything back as plain values.</summary>
internal static class StoreModel
{
    public static SeriesRef Series(this IAppender appender, Labels labels) =>
        appender.GetOrCreate(labels.Packed, labels.Hash(), out _);

    public static async Task AppendAsync(this TsdbStore store, Labels labels, params (long TimeMs, double Value)[] samples)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        foreach ((long timeMs, double value) in samples)
            batch.Add(appender.Series(labels), timeMs, value);
        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<SortedDictionary<Labels, List<(long TimeMs, double Value)>>> ReadAsync(
        this TsdbStore store, long minTimeMs, long maxTimeMs, params Matcher[] matchers)
    {
        using IQuerier querier = store.OpenQuerier(minTimeMs, maxTimeMs);
        return await querier.ReadAsync(matchers);
    }

    public static async Task<SortedDictionary<Labels, List<(long TimeMs, double Value)>>> ReadAsync(
        this IQuerier querier, params Matcher[] matchers)
    {
        var all = new SortedDictionary<Labels, List<(long, double)>>();
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue, SortSeries = true };
        if (matchers.Length == 0)
            matchers = [new Matcher(Forethought.Model.MatchType.RegexMatch, "__name__", ".+")];
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        Labels previous = default;
        while (set.MoveNext())
        {
            Labels labels = Labels.FromPacked(set.PackedLabels);
            Assert.True(previous.CompareTo(labels) < 0, "series out of order");
            previous = labels;
            all.Add(labels, ReadSamples(set, batch));
        }

        return all;
    }

    public static List<(long TimeMs, double Value)> ReadSamples(ISeriesSet set, SampleBatch batch)
    {
        var samples = new List<(long, double)>();
        batch.Clear();
        while (set.Read(batch))
        {
        }

        for (int i = 0; i < batch.Count; i++)
            samples.Add((batch.TimesMs[i], batch.Values[i]));
        return samples;
    }
}
