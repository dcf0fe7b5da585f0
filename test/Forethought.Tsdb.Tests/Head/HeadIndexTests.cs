using Forethought.Model;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Index;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Head;

public sealed class HeadIndexTests : IDisposable
{
    private readonly HeadFixture _fixture = new(chunkRangeMs: 7_200_000);

    private HeadIndex Index => _fixture.Head.Index;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Threads_that_create_the_same_series_get_the_same_slots()
    {
        Labels[] labels = [.. Enumerable.Range(0, 3000).Select(i => Labels.FromStrings("__name__", $"m{i % 9}", "i", $"{i}"))];
        var results = new uint[4][];
        int created = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            var slots = new uint[labels.Length];
            int[] order = [.. Enumerable.Range(0, labels.Length)];
            new Random(thread).Shuffle(order);
            foreach (int i in order)
            {
                slots[i] = Index.GetOrCreate(labels[i].Packed, labels[i].Hash(), 0, out bool isNew);
                if (isNew)
                    Interlocked.Increment(ref created);
            }

            results[thread] = slots;
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(labels.Length, created);
        Assert.Equal(labels.Length, Index.SeriesCount);
        Assert.All(results, slots => Assert.Equal(results[0], slots));
        Assert.Equal(labels.Length, results[0].Distinct().Count());
        Assert.Equal(labels.Length, Select().Count);
    }

    [Fact]
    public void Series_with_any_number_of_labels_are_kept_apart()
    {
        foreach (int count in new[] { 1, 2, 63, 64, 65, 200 })
        {
            string[] texts = [.. Enumerable.Range(0, count).SelectMany(i => new[] { $"l{i:d3}", $"v{i}" })];
            Labels labels = Labels.FromStrings(texts);
            uint slot = Index.GetOrCreate(labels.Packed, labels.Hash(), 0, out bool created);
            Assert.True(created);
            Assert.True(Index.TryFind(labels.Packed, labels.Hash(), out uint found));
            Assert.Equal(slot, found);
        }

        Assert.Equal(6, Index.SeriesCount);
    }

    [Fact]
    public void Deferred_postings_are_built_in_order_of_reference()
    {
        Index.DeferPostings();
        var random = new Random(31);
        ulong[] references = [.. Enumerable.Range(1, 5000).Select(i => (ulong)i * 3)];
        random.Shuffle(references);
        foreach (ulong reference in references)
        {
            Labels labels = Labels.FromStrings("__name__", "m", "parity", $"{reference % 2}", "r", $"{reference}");
            Index.ReserveReferences(reference);
            Index.GetOrCreate(labels.Packed, labels.Hash(), reference, out _);
        }

        Assert.Empty(Select());
        Index.BuildPostings();
        Assert.Equal(references.Order(), Select());
        Assert.Equal(references.Where(r => r % 2 == 1).Order(), Select(new Matcher(MatchType.Equal, "parity", "1")));
        Labels next = Labels.FromStrings("a", "next");
        uint slot = Index.GetOrCreate(next.Packed, next.Hash(), 0, out _);
        Assert.Equal(15_001UL, Select(new Matcher(MatchType.Equal, "a", "next")).Single());
        Assert.True(Index.References.TryGet(15_001, out uint found));
        Assert.Equal(slot, found);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_matchers_select_what_trying_them_on_every_series_selects(int seed)
    {
        var random = new Random(seed);
        var series = new List<Labels>();
        for (int i = 0; i < 3000; i++)
        {
            var texts = new List<string> { "__name__", $"m{random.Next(5)}", "id", $"{i}" };
            if (random.Next(3) > 0)
                texts.AddRange(["job", $"j{random.Next(12)}"]);
            if (random.Next(4) == 0)
                texts.AddRange(["rare", $"r{random.Next(400)}"]);
            Labels labels = Labels.FromStrings([.. texts]);
            series.Add(labels);
            Index.GetOrCreate(labels.Packed, labels.Hash(), 0, out bool created);
            Assert.True(created);
        }

        string[] names = ["__name__", "job", "rare", "id", "absent"];
        string[] values = ["", "m1", "j3", "r17", "77", "m.*", "j(1|2|3)", "r1.+", "[0-9]*5", ".*", ".+", "j1|j2|", "nothing"];
        for (int round = 0; round < 400; round++)
        {
            Matcher[] matchers = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Matcher(
                (MatchType)random.Next(4), names[random.Next(names.Length)], values[random.Next(values.Length)]))];
            var expected = series.Select((labels, i) => (labels, Reference: (ulong)i + 1))
                .Where(entry => matchers.All(matcher => matcher.Matches(entry.labels.Get(matcher.NameUtf8))))
                .Select(entry => entry.Reference);
            Assert.Equal(expected, Select(matchers));
        }
    }

    private List<ulong> Select(params Matcher[] matchers) => new SeriesSelector(Index).Select(matchers);
}
