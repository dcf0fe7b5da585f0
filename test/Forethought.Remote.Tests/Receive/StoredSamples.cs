using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Remote.Tests.Receive;

/// <summary>Reads back what a store holds.</summary>
internal static class StoredSamples
{
    /// <summary>All samples of a metric, as <c>{labels} value@time</c>, sorted by series.</summary>
    public static async Task<List<string>> OfAsync(TsdbStore store, string metric)
    {
        using IQuerier querier = store.OpenQuerier(long.MinValue, long.MaxValue);
        var hints = new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue, SortSeries = true };
        using ISeriesSet set = await querier.SelectAsync(
            hints, [new Matcher(MatchType.Equal, "__name__", metric)], TestContext.Current.CancellationToken);
        var found = new List<string>();
        var samples = new SampleBatch();
        while (set.MoveNext())
        {
            string labels = Labels.FromPacked(set.PackedLabels).ToString();
            samples.Clear();
            while (set.Read(samples))
            {
            }

            for (int i = 0; i < samples.Count; i++)
                found.Add(FormattableString.Invariant($"{labels} {samples.Values[i]:R}@{samples.TimesMs[i]}"));
        }

        return found;
    }
}
