using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Storage.Tests.Merging;

/// <summary>Random series, dealt out at random over overlapping sources, against a dictionary of what was dealt.</summary>
public sealed class MergedModelTests
{
    [Fact]
    public async Task The_union_of_the_sources_is_read()
    {
        for (int round = 0; round < Fuzz.Rounds(200); round++)
        {
            Random random = Fuzz.Random(round);
            SortedDictionary<Labels, SortedDictionary<long, StoredSample>> model = RandomSeries(random);
            ListQuerier[] sources = Deal(model, random);
            int limit = random.Next(4) == 0 ? random.Next(1, 20) : 0;
            using ISeriesSet set = await Merged.SelectAsync(sources, Merged.AnyHints with { Limit = limit });
            AssertSame(limit == 0 ? model : model.Take(limit), Merged.ReadAll(set));
        }
    }

    [Fact]
    public async Task A_hundred_and_fifty_sources_with_the_same_series_are_one()
    {
        Labels[] labels = [.. Enumerable.Range(0, 50).Select(n => Labels.FromStrings("__name__", "m", "n", $"{n:D2}"))];
        ListQuerier[] sources = [.. Enumerable.Range(0, 150).Select(_ => new ListQuerier())];
        for (int s = 0; s < sources.Length; s++)
        {
            foreach (Labels series in labels)
                sources[s].Add(series, Enumerable.Range(s * 10, 10).Select(time => new StoredSample(time, time)));
        }

        Fuzz.Random(1).Shuffle(sources);
        using ISeriesSet set = await Merged.SelectAsync(sources);
        List<(Labels Labels, List<StoredSample> Samples)> all = Merged.ReadAll(set);
        Assert.Equal(labels, all.Select(series => series.Labels));
        Assert.All(all, series => Assert.Equal(Enumerable.Range(0, 1500).Select(time => new StoredSample(time, time)), series.Samples));
    }

    private static SortedDictionary<Labels, SortedDictionary<long, StoredSample>> RandomSeries(Random random)
    {
        SortedDictionary<Labels, SortedDictionary<long, StoredSample>> model = [];
        for (int i = random.Next(30); i > 0; i--)
        {
            // Values of different lengths, so that packed bytes and labels are ordered differently.
            Labels labels = Labels.FromStrings("__name__", new string('a', random.Next(1, 4)), "n", new string((char)random.Next('a', 'e'), random.Next(1, 300)));
            var samples = new SortedDictionary<long, StoredSample>();
            long time = random.Next(100);
            for (int n = random.Next(80); n > 0; n--, time += random.Next(1, 5))
                samples[time] = new StoredSample(time, random.Next(1000), random.Next(4) == 0, StartMs: random.Next(5) == 0 ? time - 1 : 0);
            model[labels] = samples;
        }

        return model;
    }

    // Each sample goes to one source or more; some sources get stretches of time, as blocks do, others single samples.
    private static ListQuerier[] Deal(SortedDictionary<Labels, SortedDictionary<long, StoredSample>> model, Random random)
    {
        ListQuerier[] sources = [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => new ListQuerier { RunLength = random.Next(1, 20) })];
        foreach ((Labels labels, SortedDictionary<long, StoredSample> samples) in model)
        {
            bool isDealtByTime = random.Next(2) == 0;
            sources[random.Next(sources.Length)].Add(labels);
            foreach (StoredSample sample in samples.Values)
            {
                int home = isDealtByTime ? (int)(sample.TimeMs / 40) : random.Next(sources.Length);
                sources[home % sources.Length].Add(labels, sample);
                if (random.Next(5) == 0)
                    sources[(home + 1) % sources.Length].Add(labels, sample);
            }
        }

        return sources;
    }

    // Hints are another test's: here all are unknown.
    private static void AssertSame(
        IEnumerable<KeyValuePair<Labels, SortedDictionary<long, StoredSample>>> expected, List<(Labels Labels, List<StoredSample> Samples)> actual)
    {
        Assert.Equal(expected.Select(series => series.Key), actual.Select(series => series.Labels));
        foreach (((_, SortedDictionary<long, StoredSample> samples), (_, List<StoredSample> read)) in expected.Zip(actual))
            Assert.Equal(samples.Values, read);
    }
}
