using Forethought.Model;
using Forethought.Storage.Merging;

namespace Forethought.Storage.Tests.Merging;

/// <summary>Selects everything from sources as one.</summary>
internal static class Merged
{
    public static readonly SelectHints AnyHints = new() { StartMs = 0, EndMs = long.MaxValue };

    public static readonly Matcher[] AnyMatchers = [new(Model.MatchType.NotEqual, "__name__", "")];

    public static ValueTask<ISeriesSet> SelectAsync(params IReadOnlyList<IQuerier> sources) => SelectAsync(sources, AnyHints);

    public static ValueTask<ISeriesSet> SelectAsync(IReadOnlyList<IQuerier> sources, SelectHints hints) =>
        MergedQuerier.Of(sources).SelectAsync(hints, AnyMatchers, TestContext.Current.CancellationToken);

    /// <summary>The series in the order in which they come, each with its samples, read in batches that are used again.</summary>
    public static List<(Labels Labels, List<StoredSample> Samples)> ReadAll(ISeriesSet set)
    {
        List<(Labels, List<StoredSample>)> all = [];
        var batch = new SampleBatch(1);
        while (set.MoveNext())
        {
            List<StoredSample> samples = [];
            batch.Clear();
            while (set.Read(batch))
            {
                for (int i = 0; i < batch.Count; i++)
                    samples.Add(StoredSample.From(batch, i));
                batch.Clear();
            }

            all.Add((Labels.FromPacked(set.PackedLabels), samples));
        }

        return all;
    }

    /// <summary>The samples of the one series that all sources have.</summary>
    public static async Task<List<StoredSample>> SamplesAsync(params IReadOnlyList<IQuerier> sources)
    {
        using ISeriesSet set = await SelectAsync(sources);
        return Assert.Single(ReadAll(set)).Samples;
    }
}
