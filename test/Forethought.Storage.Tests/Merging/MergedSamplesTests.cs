using Forethought.Model;
using static Forethought.Model.CounterResetHint;

namespace Forethought.Storage.Tests.Merging;

/// <summary>
/// What becomes of the samples of one series in several sources. The cases are those of upstream's <c>storage/merge_test.go</c>
/// (TestChainSampleIterator, TestChainSampleIteratorHistogramCounterResetHint, TestMergeQuerierWithChainMerger), so that the rule for
/// samples of equal time and for hints is upstream's.
/// </summary>
public sealed class MergedSamplesTests
{
    private static readonly Labels Series = Labels.FromStrings("__name__", "up");

    [Theory]
    [InlineData("0 1 | 2 3", "0 1 2 3")]
    [InlineData("5 6 | 1 2 3", "1 2 3 5 6")]
    [InlineData("0 3 | 1 4 | 2 5", "0 1 2 3 4 5")]
    [InlineData("0 1 | 0 2 | 2 3 | | |", "0 1 2 3")]
    [InlineData("| | 7", "7")]
    [InlineData("| ", "")]
    public async Task Every_time_comes_once_and_in_order(string sources, string expected)
    {
        foreach (bool isHistogram in (bool[])[false, true])
        {
            foreach (int runLength in (int[])[1, 2, 100])
            {
                IQuerier[] queriers =
                    [.. sources.Split('|').Select(times => new ListQuerier { RunLength = runLength }.Add(Series, Samples(times, isHistogram)))];
                Assert.Equal(Samples(expected, isHistogram), await Merged.SamplesAsync(queriers));
            }
        }
    }

    [Fact]
    public async Task Of_two_values_at_one_time_upstreams_choice_is_kept()
    {
        List<StoredSample> samples = await Merged.SamplesAsync(
            new ListQuerier().Add(Series, new(2, 21), new(3, 31), new(5, 5), new(6, 6)),
            new ListQuerier().Add(Series, new(1, 1), new(2, 22), new(3, 32)));
        Assert.Equal([new(1, 1), new(2, 21), new(3, 31), new(5, 5), new(6, 6)], samples);
    }

    [Fact]
    public async Task A_nan_stays_a_sample()
    {
        List<StoredSample> samples = await Merged.SamplesAsync(
            new ListQuerier().Add(Series, new StoredSample(0, double.NaN)), new ListQuerier().Add(Series, new StoredSample(1, 1)));
        Assert.Equal([new(0, double.NaN), new(1, 1)], samples);
    }

    // u: unknown, r: reset, n: no reset, g: gauge.
    [Theory]
    [InlineData("0g 1g 2g 4g | 0g 1g 3g 5g", "0g 1g 2g 3g 4g 5g")]
    [InlineData("0r 1u | 2r 3r", "0u 1u 2u 3r")]
    [InlineData("0r 3u 5r | 1u 2r 4r", "0u 1u 2r 3u 4u 5u")]
    [InlineData("0r 1r 2r | 0r 1r 2r", "0u 1u 2u")]
    [InlineData("0r 1n 2n 3n | 9n 10n", "0u 1n 2n 3n 9u 10n")]
    public async Task Nothing_is_known_of_resets_where_the_source_changes(string sources, string expected)
    {
        foreach (int runLength in (int[])[1, 2, 100])
        {
            IQuerier[] queriers =
                [.. sources.Split('|').Select(samples => new ListQuerier { RunLength = runLength }.Add(Series, Hinted(samples)))];
            Assert.Equal(Hinted(expected), await Merged.SamplesAsync(queriers));
        }
    }

    [Fact]
    public async Task A_series_of_one_source_keeps_its_hints()
    {
        List<StoredSample> samples = await Merged.SamplesAsync(
            new ListQuerier().Add(Series, Hinted("0r 1n")), new ListQuerier());
        Assert.Equal(Hinted("0r 1n"), samples);
    }

    [Fact]
    public async Task Start_timestamps_stay_with_their_samples()
    {
        List<StoredSample> samples = await Merged.SamplesAsync(
            new ListQuerier().Add(Series, new(1, 1, StartMs: -5), new(4, 4, true, StartMs: -6)),
            new ListQuerier().Add(Series, new(2, 2), new(3, 3, StartMs: -7)),
            new ListQuerier().Add(Series, new StoredSample(5, 5)));
        Assert.Equal([new(1, 1, StartMs: -5), new(2, 2), new(3, 3, StartMs: -7), new(4, 4, true, StartMs: -6), new(5, 5)], samples);
    }

    [Fact]
    public async Task Sources_are_read_by_runs_and_not_to_their_ends()
    {
        const int Samples = 100_000;
        var sources = new ListQuerier[10];
        for (int s = 0; s < sources.Length; s++)
        {
            sources[s] = new ListQuerier { RunLength = 120 };
            int first = s * Samples;
            sources[s].Add(Series, Enumerable.Range(first, Samples).Select(time => new StoredSample(time, time)));
        }

        using ISeriesSet set = await Merged.SelectAsync(sources);
        Assert.True(set.MoveNext());
        var batch = new SampleBatch();
        Assert.True(set.Read(batch));
        Assert.InRange(batch.Count, 120, 10_000);
        Assert.All(sources[1..], source => Assert.Equal(120, source.Sets[0].SamplesRead));
        Assert.InRange(sources[0].Sets[0].SamplesRead, batch.Count, batch.Count + 120);
    }

    [Fact]
    public async Task An_unread_series_reads_nothing()
    {
        ListQuerier[] sources = [Two(), Two()];
        using ISeriesSet set = await Merged.SelectAsync(sources);
        while (set.MoveNext())
        {
        }

        Assert.All(sources, source => Assert.Equal(0, source.Sets[0].SamplesRead));

        static ListQuerier Two() => new ListQuerier().Add(Series, new StoredSample(1, 1)).Add(Labels.Empty, new StoredSample(1, 1));
    }

    [Fact]
    public async Task Merging_a_series_like_the_last_one_allocates_nothing()
    {
        ListQuerier[] sources = [.. Enumerable.Range(0, 8).Select(_ => new ListQuerier { RunLength = 50 })];
        for (int series = 0; series < 20; series++)
        {
            Labels labels = Labels.FromStrings("n", $"{series:D3}");
            for (int s = 0; s < sources.Length; s++)
                sources[s].Add(labels, Enumerable.Range(s * 300, 500).Select(time => new StoredSample(time, time, time % 3 == 0)));
        }

        using ISeriesSet set = await Merged.SelectAsync(sources);
        var batch = new SampleBatch();
        for (int series = 0; series < 5; series++)
            Drain(set, batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int series = 5; series < 20; series++)
            Drain(set, batch);

        // What the sources of this test allocate: spans and buckets of each histogram.
        long perHistogram = 2 * (24 + 8);
        long histograms = 15L * sources.Length * 500 / 3;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, histograms * perHistogram + 50_000);
    }

    private static void Drain(ISeriesSet set, SampleBatch batch)
    {
        Assert.True(set.MoveNext());
        batch.Clear();
        while (set.Read(batch))
            batch.Clear();
    }

    private static List<StoredSample> Samples(string times, bool isHistogram) =>
        [.. Words(times).Select(word => new StoredSample(long.Parse(word), long.Parse(word) + 1, isHistogram))];

    private static List<StoredSample> Hinted(string samples) => [.. Words(samples).Select(word =>
    {
        CounterResetHint hint = word[^1] switch { 'r' => CounterReset, 'n' => NotCounterReset, 'g' => Gauge, _ => Unknown };
        return new StoredSample(long.Parse(word[..^1]), 7, true, hint);
    })];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
