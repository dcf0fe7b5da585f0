using Forethought.Model;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>
/// Symbols and values of which every 32nd is kept in memory: all are found, and nothing else, however many there are.
/// </summary>
public sealed class IndexLookupTests : IDisposable
{
    private BlockIndex? _index;

    public static TheoryData<int> Counts() => [1, 2, 31, 32, 33, 63, 64, 65, 97, 500];

    public void Dispose() => _index?.Dispose();

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_value_is_found_and_none_between(int count)
    {
        BlockIndex index = Write(count);
        int name = index.Pairs.Find("value"u8);
        Assert.Equal(count, index.Pairs.ValueCount(name));
        for (int i = 0; i < count; i++)
        {
            Assert.True(index.Pairs.TryFind(name, Value(i), out long offset));
            BlockPostings postings = index.PostingsAt(offset);
            Assert.Equal(1, postings.Count);
            Assert.Equal(index.AllPostings()[i], postings[0]);
            Assert.False(index.Pairs.TryFind(name, [.. Value(i), (byte)'!'], out _));
        }

        Assert.False(index.Pairs.TryFind(name, ""u8, out _));
        Assert.False(index.Pairs.TryFind(name, "zzz"u8, out _));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Values_are_walked_from_a_little_before_the_one_asked_for(int count)
    {
        BlockIndex index = Write(count);
        int name = index.Pairs.Find("value"u8);
        for (int from = 0; from <= count; from++)
        {
            var walked = new List<string>();
            for (PostingsTable.ValueCursor values = index.Pairs.ValuesFrom(name, Value(from)); values.MoveNext();)
                walked.Add(System.Text.Encoding.UTF8.GetString(values.Value));
            string[] demanded = [.. Enumerable.Range(from, count - from).Select(i => System.Text.Encoding.UTF8.GetString(Value(i)))];
            Assert.Equal(demanded, walked.TakeLast(demanded.Length));
            Assert.InRange(walked.Count - demanded.Length, 0, 32);
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_symbol_is_found_by_its_text_and_by_its_number(int count)
    {
        BlockSymbols symbols = Write(count).Symbols;
        uint number = 0;
        string previous = "";
        foreach (ReadOnlyMemory<byte> symbol in symbols.All())
        {
            string text = System.Text.Encoding.UTF8.GetString(symbol.Span);
            Assert.True(string.CompareOrdinal(previous, text) < 0);
            previous = text;
            Assert.Equal(text, System.Text.Encoding.UTF8.GetString(symbols[number]));
            Assert.True(symbols.TryFind(symbol.Span, out uint found));
            Assert.Equal(number++, found);
            Assert.False(symbols.TryFind([.. symbol.Span, (byte)'!'], out _));
        }

        // The values, the names __name__ and value, and the metric's name.
        Assert.Equal((uint)count + 3, number);
        Assert.Equal(symbols.Count, (int)number);
        Assert.False(symbols.TryFind(""u8, out _));
        TsdbCorruptionException unknown = Assert.Throws<TsdbCorruptionException>(() => symbols.PlaceOf(number));
        Assert.Equal($"unknown symbol offset {number}", unknown.Message);
    }

    [Fact]
    public void Little_of_the_tables_is_in_memory()
    {
        BlockIndex index = Write(32_000);
        Assert.InRange(index.Symbols.MemoryBytes, 4_000, 4_100);
        Assert.InRange(index.Pairs.MemoryBytes, 4_000, 4_100);
    }

    [Fact]
    public void Names_are_in_order_behind_the_one_of_all_series()
    {
        BlockIndex index = Write(3);
        string[] names = [.. Enumerable.Range(0, index.Pairs.NameCount).Select(i => System.Text.Encoding.UTF8.GetString(index.Pairs.Name(i)))];
        Assert.Equal(["", "__name__", "value"], names);
        Assert.Equal(-1, index.Pairs.Find("nothing"u8));
        Assert.Equal(0, index.Postings("nothing"u8, "x"u8).Count);
        Assert.Equal(0, index.Postings("value"u8, "x"u8).Count);
        Assert.Equal(3, index.Postings("__name__"u8, "m"u8).Count);
    }

    [Fact]
    public void An_index_without_series_is_read()
    {
        var disk = new MemoryDisk();
        using (var writer = new BlockIndexWriter(disk.Root))
            writer.Finish();
        _index = BlockIndex.Open(disk.Root);
        Assert.Equal(0, _index.AllPostings().Count);
        Assert.Equal(0, _index.Symbols.Count);
        Assert.Empty(new BlockSelector(_index).Select([]));
        Assert.Empty(new BlockSelector(_index).Select([new Matcher(Model.MatchType.RegexMatch, "a", ".+")]));
        Assert.Empty(new BlockSelector(_index).Select([new Matcher(Model.MatchType.NotEqual, "a", "b")]));
    }

    [Fact]
    public void Symbols_cannot_follow_series()
    {
        using var writer = new BlockIndexWriter(new MemoryDisk().Root);
        writer.AddSymbol("a"u8);
        writer.AddSymbol("b"u8);
        writer.AddSeries(Labels.FromStrings("a", "b").Packed, []);
        Assert.Throws<InvalidOperationException>(() => writer.AddSymbol("c"u8));
    }

    [Fact]
    public void A_set_of_references_holds_what_lists_have()
    {
        BlockIndex index = Write(200);
        var set = new ReferenceSet(index);
        int name = index.Pairs.Find("value"u8);
        var expected = new List<uint>();
        for (int i = 0; i < 200; i += 3)
        {
            index.Pairs.TryFind(name, Value(i), out long offset);
            set.Add(index.PostingsAt(offset));
            set.Add(index.PostingsAt(offset));
            expected.Add(index.AllPostings()[i]);
        }

        var held = new List<uint>();
        set.CopyTo(held);
        Assert.Equal(expected, held);
        for (int i = 0; i < 200; i++)
            Assert.Equal(i % 3 == 0, set.Contains(index.AllPostings()[i]));
        Assert.False(set.Contains(0));
        Assert.False(set.Contains(uint.MaxValue));
    }

    [Fact]
    public void A_list_with_a_reference_outside_the_series_is_damage()
    {
        BlockIndex index = Write(2);
        byte[] references = [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        Assert.Throws<TsdbCorruptionException>(() => new ReferenceSet(index).Add(new BlockPostings(references.AsSpan(0, 4))));
        TsdbCorruptionException found =
            Assert.Throws<TsdbCorruptionException>(() => new ReferenceSet(index).Add(new BlockPostings(references.AsSpan(4))));
        Assert.Equal("series reference 4294967295 is out of range", found.Message);
    }

    private static byte[] Value(int i) => System.Text.Encoding.UTF8.GetBytes($"v{i:D6}");

    private BlockIndex Write(int values)
    {
        var disk = new MemoryDisk();
        using (var writer = new BlockIndexWriter(disk.Root))
        {
            writer.AddSymbol("__name__"u8);
            writer.AddSymbol("m"u8);
            for (int i = 0; i < values; i++)
                writer.AddSymbol(Value(i));
            writer.AddSymbol("value"u8);
            for (int i = 0; i < values; i++)
                writer.AddSeries(Labels.FromStrings("__name__", "m", "value", System.Text.Encoding.UTF8.GetString(Value(i))).Packed, []);
            writer.Finish();
        }

        return _index = BlockIndex.Open(disk.Root);
    }
}
