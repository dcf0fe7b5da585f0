namespace Forethought.Regex.Unicode;

/// <summary>Simple case folding as Go's <c>unicode.SimpleFold</c>: runes that differ only by case form a ring.</summary>
internal static class CaseFolding
{
    /// <summary>Code points outside the span have no other case.</summary>
    private const int FirstFolding = 'A';

    private const int LastFolding = 0x1E943;

    /// <summary>The next rune of the ring; the rune itself if it has no other case.</summary>
    internal static int Next(int rune)
    {
        if (rune is < FirstFolding or > LastFolding)
            return rune;
        ReadOnlySpan<int> entries = CaseOrbits.Entries;
        int index = FirstEntryUpTo(entries, rune);
        return index < entries.Length && rune >= entries[index] ? Next(entries, index, rune) : rune;
    }

    /// <summary>The smallest rune of the ring: equal for two runes exactly if they differ at most by case.</summary>
    internal static int Smallest(int rune)
    {
        if (rune < 128)
            return rune is >= 'a' and <= 'z' ? rune - 32 : rune;

        int smallest = rune;
        for (int other = Next(rune); other != rune; other = Next(other))
            smallest = Math.Min(smallest, other);
        return smallest;
    }

    /// <summary>Calls <paramref name="add"/> with every other case of the runes of a range.</summary>
    internal static void AddFoldings(int first, int last, Action<int> add)
    {
        // A range over all letters with case has nothing to gain.
        if (first <= FirstFolding && last >= LastFolding)
            return;

        ReadOnlySpan<int> entries = CaseOrbits.Entries;
        for (int i = FirstEntryUpTo(entries, first); i < entries.Length && entries[i] <= last; i += 3)
        {
            int end = Math.Min(last, entries[i + 1]);
            for (int rune = Math.Max(first, entries[i]); rune <= end; rune++)
            {
                for (int other = Next(entries, i, rune); other != rune; other = Next(other))
                    add(other);
            }
        }
    }

    /// <summary>The index of the first entry that ends at or after <paramref name="rune"/>.</summary>
    private static int FirstEntryUpTo(ReadOnlySpan<int> entries, int rune)
    {
        int low = 0, high = entries.Length / 3;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[3 * middle + 1] < rune)
                low = middle + 1;
            else
                high = middle;
        }

        return 3 * low;
    }

    private static int Next(ReadOnlySpan<int> entries, int index, int rune)
    {
        int difference = entries[index + 2];
        if (difference != CaseOrbits.NeighbourPairs)
            return rune + difference;
        return ((rune - entries[index]) & 1) == 0 ? rune + 1 : rune - 1;
    }
}
