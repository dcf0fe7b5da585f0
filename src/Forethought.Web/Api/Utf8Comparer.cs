namespace Forethought.Web;

/// <summary>Orders texts by their UTF-8 bytes, which is the order of code points: that of Go, and not that of UTF-16.</summary>
internal sealed class Utf8Comparer : IComparer<string>
{
    public static Utf8Comparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        int common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        char a = left[common], b = right[common];
        // Surrogates stand for code points above every other UTF-16 unit.
        bool surrogateA = char.IsSurrogate(a), surrogateB = char.IsSurrogate(b);
        return surrogateA == surrogateB ? a.CompareTo(b) : surrogateA.CompareTo(surrogateB);
    }
}
