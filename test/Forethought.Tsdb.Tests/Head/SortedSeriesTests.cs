using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.Head;

public sealed class SortedSeriesTests
{
    [Fact]
    public async Task Series_come_in_the_order_of_their_labels_whatever_the_order_of_creation()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        var random = new Random(11);
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        using (IAppender appender = store.OpenAppender())
        {
            for (int i = 0; i < 500; i++)
            {
                // Names and values of different lengths, so that an order of the packed bytes would be another one.
                string name = new('a', random.Next(1, 4)), value = new((char)('a' + random.Next(3)), random.Next(1, 6));
                appender.Series(Labels.FromStrings("__name__", "m", name, value));

                // The unit separator sorts before every letter: shorter names and values come first.
                expected.Add($"m\u001f{name}\u001f{value}");
            }
        }

        Assert.Equal(expected, Names(store.Head));
    }

    [Fact]
    public async Task A_series_whose_labels_begin_anothers_comes_before_it()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        using (IAppender appender = store.OpenAppender())
        {
            appender.Series(Labels.FromStrings("__name__", "m", "b", "1"));
            appender.Series(Labels.FromStrings("__name__", "m"));
        }

        Assert.Equal(["m", "m\u001fb\u001f1"], Names(store.Head));
    }

    [Fact]
    public async Task Collected_series_that_somebody_still_reads_are_left_out()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        await store.AppendAsync(Labels.FromStrings("__name__", "gone", "pod", "a"), (1000, 1));
        await store.AppendAsync(Labels.FromStrings("__name__", "stays"), (900_000, 1));
        using IQuerier reader = store.OpenQuerier(900_000, long.MaxValue);
        await store.TruncateHeadAsync(2000);
        reader.Dispose();
        using IQuerier later = store.OpenQuerier(900_000, long.MaxValue);
        await store.TruncateHeadAsync(3000);
        Assert.Equal(1, store.GetStatistics().Series);
        Assert.Equal(["stays"], Names(store.Head));
    }

    [Fact]
    public async Task Symbols_are_sorted_and_each_there_once()
    {
        await using TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions());
        using (IAppender appender = store.OpenAppender())
        {
            appender.Series(Labels.FromStrings("__name__", "job", "job", "z"));
            appender.Series(Labels.FromStrings("__name__", "up", "instance", "z", "job", "a"));
        }

        string[] symbols = [.. SortedSeries.Of(store.Head.Index).Symbols().Select(symbol => System.Text.Encoding.UTF8.GetString(symbol.Span))];
        Assert.Equal(["", "__name__", "a", "instance", "job", "up", "z"], symbols);
    }

    private static List<string> Names(HeadState head)
    {
        var names = new List<string>();
        foreach (uint slot in SortedSeries.Of(head.Index).Slots)
        {
            string[] parts = [.. head.Index.Series.Entry(slot).PairSpan.ToArray()
                .Select(pair => $"{head.Index.Pairs.NameOf(pair).Text}\u001f{System.Text.Encoding.UTF8.GetString(head.Index.Pairs[pair].ValueBytes)}")];
            names.Add(string.Join('\u001f', parts)["__name__\u001f".Length..]);
        }

        return names;
    }
}
