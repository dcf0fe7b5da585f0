using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>Reads a store as plain values.</summary>
internal static class HistoryReader
{
    public static async Task<FoundSamples> ReadAsync(this TsdbStore store, long minMs, long maxMs, SeriesChoice choice)
    {
        using IQuerier querier = store.OpenQuerier(minMs, maxMs);
        return await querier.ReadAsync(choice);
    }

    public static async Task<FoundSamples> ReadAsync(this IQuerier querier, SeriesChoice choice)
    {
        var all = new FoundSamples();
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue, SortSeries = true };
        using ISeriesSet set = await querier.SelectAsync(hints, choice.Matchers, TestContext.Current.CancellationToken);
        var batch = new SampleBatch();
        Labels previous = default;
        while (set.MoveNext())
        {
            Labels labels = Labels.FromPacked(set.PackedLabels);
            Assert.True(previous.CompareTo(labels) < 0, "series out of order");
            previous = labels;
            StoreModel.ReadSamples(set, batch);
            all.Add(
                labels["job"],
                [.. Enumerable.Range(0, batch.Count).Select(row => (batch.TimesMs[row], TextOf(MixedSamples.Describe(batch, row))))]);
        }

        return all;
    }

    // Whether a marker is one of a histogram depends on what the head remembers.
    private static string TextOf(string sample) => sample.StartsWith("stale", StringComparison.Ordinal) ? "stale" : sample;
}
