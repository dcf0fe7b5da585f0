using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Platform;
using Xunit;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>What queries find in a block, against asking every series in turn.</summary>
public sealed class BlockSelectTests : IDisposable
{
    private static readonly string[] Patterns =
        ["", ".*", ".+", "a|b|c|nothing", "inst-1.*", "inst-(1|2)5", "inst-19[0-9]", "[a-c]+", ".*9", "(inst-7|b)?", "\u00e9.*", "inst-0|a"];

    private readonly Block _block;
    private readonly Labels[] _series;

    public BlockSelectTests()
    {
        Random random = Fuzz.Random(50);
        _series = [.. Enumerable.Range(0, 900).Select(i => RandomLabels(random, i)).Distinct().Order()];
        var list = new ChunkList();
        for (int i = 0; i < _series.Length; i++)
            list.Add(_series[i], ListedChunk.Of((i, i), (i + 10, -i)));
        var disk = new MemoryDisk();
        BlockMeta meta = new BlockWriter(disk.Root).Write(list, new BlockMeta { Ulid = Ulid.Parse("01M7WFPX44NQG5SY67SS3R2PA8"), MaxTimeMs = 10_000 });
        _block = Block.Open(disk.Root.GetDirectory(meta.Ulid.ToString()));
    }

    public void Dispose() => _block.Close();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Finds_the_series_that_all_matchers_accept(bool remembers)
    {
        PostingsCache? cache = remembers ? new PostingsCache(maxBytes: 50_000) : null;
        using BlockQuerier querier = BlockQuerier.TryOpen(_block, long.MinValue, long.MaxValue, cache)!;
        Random random = Fuzz.Random(51);
        int found = 0;
        for (int round = 0; round < Fuzz.Rounds(1500); round++)
        {
            Matcher[] matchers = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => RandomMatcher(random))];
            Labels[] expected = [.. _series.Where(labels => matchers.All(matcher => matcher.Matches(labels.Get(matcher.NameUtf8))))];
            List<Labels> actual = [];
            for (int asked = 0; asked < (remembers ? 2 : 1); asked++)
                actual = await SelectAsync(querier, new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue }, matchers);
            string selector = string.Join(',', matchers.Select(matcher => matcher.ToString()));
            Assert.True(expected.SequenceEqual(actual), $"{selector}: {actual.Count} of {expected.Length}");
            found += actual.Count;
        }

        Assert.True(found > 10_000);
        Assert.True(cache is null || (cache.Hits > 50 && cache.Evictions > 0), $"{cache?.Hits} hits, {cache?.Evictions} evictions");
    }

    [Fact]
    public async Task Names_and_values_are_those_on_the_series_that_matchers_accept()
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(_block, 0, 0)!;
        Random random = Fuzz.Random(52);
        for (int round = 0; round < Fuzz.Rounds(400); round++)
        {
            Matcher[] matchers = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => RandomMatcher(random))];
            int limit = random.Next(3) == 0 ? random.Next(1, 40) : 0;
            Labels[] matching = [.. _series.Where(labels => matchers.All(matcher => matcher.Matches(labels.Get(matcher.NameUtf8))))];
            string[] names = [.. matching.SelectMany(Names).Distinct().Order(StringComparer.Ordinal)];
            AssertLimited(names, limit, await querier.LabelNamesAsync(matchers, limit, default));
            string name = (string[])["instance", "job", "zone", "missing", "\u00e9"] is var all ? all[random.Next(all.Length)] : "";
            string[] values = [.. matching.Select(labels => labels[name]).Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];
            AssertLimited(values, limit, await querier.LabelValuesAsync(name, matchers, limit, default));
        }
    }

    [Fact]
    public async Task Series_without_chunks_in_the_time_range_are_left_out()
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(_block, 100, 119)!;
        var hints = new SelectHints { StartMs = 0, EndMs = 1000 };

        // Series i has samples at i and i + 10.
        Assert.Equal(_series[90..120], await SelectAsync(querier, hints));
        Assert.Equal(_series[100..116], await SelectAsync(querier, hints with { StartMs = 110, EndMs = 115 }));
        Assert.Equal(_series[90..95], await SelectAsync(querier, hints with { Limit = 5 }));
        Assert.Empty(await SelectAsync(querier, hints with { StartMs = 500 }));
    }

    [Fact]
    public async Task With_labels_only_no_samples_are_read()
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(_block, 0, 1000)!;
        using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = 0, EndMs = 1000, LabelsOnly = true }, [], default);
        var batch = new SampleBatch();
        Assert.True(set.MoveNext());
        Assert.False(set.Read(batch));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public async Task Samples_go_behind_those_that_a_batch_has()
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(_block, 0, 1000)!;
        using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = 0, EndMs = 1000 }, [], default);
        var batch = new SampleBatch(1);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(set.MoveNext());
            Assert.True(set.Read(batch));
            Assert.False(set.Read(batch));
        }

        Assert.Equal([0, 10, 1, 11, 2, 12], batch.TimesMs[..batch.Count]);
        Assert.Equal([0, 0, 1, -1, 2, -2], batch.Values[..batch.Count]);
        Assert.Empty(set.Warnings);
    }

    [Fact]
    public async Task Walking_series_and_samples_allocates_nothing_for_each()
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(_block, 0, 10_000)!;
        var hints = new SelectHints { StartMs = 0, EndMs = 10_000 };
        var batch = new SampleBatch();
        long allocated = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            using ISeriesSet set = await querier.SelectAsync(hints, [], default);
            Walk(set, batch, 50);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(_series.Length - 50, Walk(set, batch, int.MaxValue));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // A label of 300 bytes may still let a buffer grow once.
        Assert.InRange(allocated, 0, 2048);
    }

    [Fact]
    public void Postings_are_sought_by_steps_that_double()
    {
        Random random = Fuzz.Random(53);
        for (int round = 0; round < Fuzz.Rounds(300); round++)
        {
            uint[] references = [.. Enumerable.Range(0, random.Next(0, 200)).Select(_ => (uint)random.Next(500)).Distinct().Order()];
            byte[] bytes = new byte[references.Length * 4];
            for (int i = 0; i < references.Length; i++)
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), references[i]);
            var postings = new BlockPostings(bytes);
            int from = 0;
            foreach (uint wanted in Enumerable.Range(0, 20).Select(_ => (uint)random.Next(520)).Order())
            {
                from = postings.Seek(from, wanted);
                Assert.Equal(references.Count(reference => reference < wanted), from);
            }
        }
    }

    private static void AssertLimited(string[] expected, int limit, LabelQueryResult actual)
    {
        bool isCut = limit > 0 && expected.Length > limit;
        Assert.Equal(isCut ? expected[..limit] : expected, actual.Texts);
        Assert.Equal(isCut, actual.IsTruncated);
        Assert.Empty(actual.Warnings);
    }

    private static async Task<List<Labels>> SelectAsync(BlockQuerier querier, SelectHints hints, params Matcher[] matchers)
    {
        using ISeriesSet set = await querier.SelectAsync(hints, matchers, default);
        var found = new List<Labels>();
        while (set.MoveNext())
            found.Add(Labels.FromPacked(set.PackedLabels));
        return found;
    }

    private static int Walk(ISeriesSet set, SampleBatch batch, int limit)
    {
        int series = 0;
        while (series < limit && set.MoveNext())
        {
            series++;
            batch.Clear();
            while (set.Read(batch))
            {
            }
        }

        return series;
    }

    private static List<string> Names(Labels labels)
    {
        var names = new List<string>();
        foreach (Label label in labels)
            names.Add(label.NameText);
        return names;
    }

    private static Labels RandomLabels(Random random, int i) => Labels.FromStrings(
        "__name__", random.Next(4) == 0 ? "other" : "metric",
        "instance", random.Next(8) == 0 ? "" : $"inst-{random.Next(250)}",
        "job", random.Next(3) == 0 ? "" : $"{"abc"[random.Next(3)]}",
        "zone", random.Next(2) == 0 ? "" : (string[])["\u00e9t\u00e9", "b", "c\n\"", new string('z', 300)] is var zones ? zones[i % 4] : "",
        "\u00e9", random.Next(20) == 0 ? "x" : "");

    private static Matcher RandomMatcher(Random random)
    {
        string name = ((string[])["__name__", "instance", "job", "zone", "\u00e9", "missing", ""])[random.Next(7)];
        var type = (MatchType)random.Next(4);
        bool isRegex = type is MatchType.RegexMatch or MatchType.RegexNotMatch;
        string[] values = ["", "metric", "other", "a", "b", "inst-3", "inst-77", "zz", "\u00e9t\u00e9"];
        return new Matcher(type, name, isRegex ? Patterns[random.Next(Patterns.Length)] : values[random.Next(values.Length)]);
    }
}
