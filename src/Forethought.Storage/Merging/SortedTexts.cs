namespace Forethought.Storage.Merging;

/// <summary>Label names and values of several sources as one list, in the order of their UTF-8 bytes.</summary>
internal static class SortedTexts
{
    /// <summary>Merges sorted lists two by two, each text once; after each step no list is longer than the limit, if there is one.</summary>
    public static IReadOnlyList<string> Merge(ReadOnlySpan<IReadOnlyList<string>> lists, int limit)
    {
        if (lists.Length == 0)
            return [];
        if (lists.Length == 1)
            return limit > 0 && lists[0].Count > limit ? [.. lists[0].Take(limit)] : lists[0];
        int half = lists.Length / 2;
        return Merge(Merge(lists[..half], limit), Merge(lists[half..], limit), limit);
    }

    /// <summary>
    /// Compares texts by their UTF-8 bytes, that is, by code points: surrogates, which stand for the highest ones, come after all
    /// other UTF-16 units.
    /// </summary>
    public static int Compare(string left, string right)
    {
        int same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        char x = left[same], y = right[same];
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? 1 : -1;
    }

    private static List<string> Merge(IReadOnlyList<string> left, IReadOnlyList<string> right, int limit)
    {
        int most = limit > 0 ? limit : int.MaxValue;
        var merged = new List<string>(Math.Min(most, Math.Max(left.Count, right.Count)));
        int i = 0, j = 0;
        while (merged.Count < most && (i < left.Count || j < right.Count))
        {
            int order = i == left.Count ? 1 : j == right.Count ? -1 : Compare(left[i], right[j]);
            merged.Add(order <= 0 ? left[i] : right[j]);
            if (order <= 0)
                i++;
            if (order >= 0)
                j++;
        }

        return merged;
    }
}
