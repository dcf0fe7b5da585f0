using System.Globalization;
using Forethought.Tsdb.Blocks;

namespace Forethought.Tsdb.Tests.Compaction;

/// <summary>
/// Blocks out of one line of text: <c>first-end</c> each, in order of being made, and behind it in any order <c>!</c> compacting it
/// failed, <c>s</c>, <c>o</c> and <c>c</c> hints (stale, out of order, chosen series), and <c>tN/M</c>, N deletions in M series.
/// </summary>
internal static class PlannedBlocks
{
    public static List<BlockMeta> Parse(string text)
    {
        var blocks = new List<BlockMeta>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            blocks.Add(ParseOne(word, blocks.Count + 1));
        return blocks;
    }

    /// <summary>The ranges again, without what else is known of the blocks.</summary>
    public static string Describe(IEnumerable<BlockMeta> blocks) =>
        string.Join(' ', blocks.Select(block => $"{block.MinTimeMs}-{block.MaxTimeMs}"));

    public static Ulid Number(int number) => Ulid.Create(DateTimeOffset.FromUnixTimeMilliseconds(number), new Random(number));

    private static BlockMeta ParseOne(string word, int number)
    {
        int split = word.IndexOf('-', 1);
        int end = word.AsSpan(split + 2).IndexOfAny("!soct") is var found and >= 0 ? split + 2 + found : word.Length;
        string marks = word[end..];
        int deletions = marks.IndexOf('t', StringComparison.Ordinal);
        long[] counts = deletions < 0 ? [0, 0] : [.. marks[(deletions + 1)..].Split('/').Select(Number)];
        string flags = deletions < 0 ? marks : marks[..deletions];
        var hints = new List<string>();
        if (flags.Contains('c'))
            hints.Add(BlockHints.FromSelectedSeries);
        if (flags.Contains('o'))
            hints.Add(BlockHints.FromOutOfOrder);
        if (flags.Contains('s'))
            hints.Add(BlockHints.FromStaleSeries);
        return new BlockMeta
        {
            Ulid = Number(number),
            MinTimeMs = Number(word[..split]),
            MaxTimeMs = Number(word[(split + 1)..end]),
            Stats = new BlockStats { Tombstones = (ulong)counts[0], Series = (ulong)counts[1] },
            Compaction = new BlockCompaction { Level = 1, HasFailed = flags.Contains('!'), Hints = hints },
        };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
