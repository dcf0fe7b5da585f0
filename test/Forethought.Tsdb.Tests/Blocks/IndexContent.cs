using Forethought.Model;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Platform;
using Forethought.Tsdb.Tests.Platform;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>An index of forty series, and all that can be asked of an index.</summary>
internal static class IndexContent
{
    /// <summary>The bytes of the index.</summary>
    public static byte[] Write()
    {
        var disk = new MemoryDisk();
        using (var writer = new BlockIndexWriter(disk.Root))
        {
            Labels[] series = [.. Enumerable.Range(0, 40).Select(i => Labels.FromStrings("__name__", "m", "i", $"{i:D2}", "job", $"{i % 3}")).Order()];
            foreach (byte[] symbol in ChunkList.SymbolsOf(series.Select(labels => labels.Packed.ToArray())))
                writer.AddSymbol(symbol);
            for (int i = 0; i < series.Length; i++)
                writer.AddSeries(series[i].Packed, [new ChunkMeta((ulong)(8 + 20 * i), i, i + 5), new ChunkMeta((ulong)(18 + 20 * i), i + 6, i + 9)]);
            writer.Finish();
        }

        return disk.Root.File("index").Content;
    }

    /// <summary>Reads all sections of an index, and selects.</summary>
    public static void Read(byte[] bytes)
    {
        var disk = new MemoryDisk();
        disk.Root.Create("index").Dispose();
        disk.Root.File("index").Content = bytes;
        using BlockIndex index = BlockIndex.Open(disk.Root);
        var series = new BlockSeries();
        for (int i = 0; i < index.AllPostings().Count; i++)
            index.ReadSeries(index.AllPostings()[i], series);
        for (int name = 0; name < index.Pairs.NameCount; name++)
        {
            for (PostingsTable.ValueCursor values = index.Pairs.Values(name); values.MoveNext();)
                index.PostingsAt(values.PostingsOffset);
        }

        foreach (ReadOnlyMemory<byte> symbol in index.Symbols.All())
            index.Symbols.TryFind(symbol.Span, out _);
        var selector = new BlockSelector(index);
        selector.Select([new Matcher(MatchType.RegexMatch, "i", ".*3.*")]);
        selector.Select([new Matcher(MatchType.Equal, "job", "1"), new Matcher(MatchType.NotEqual, "i", "07")]);
        selector.Select([new Matcher(MatchType.RegexMatch, "i", "0.+"), new Matcher(MatchType.RegexNotMatch, "job", "1|2")]);
    }
}
