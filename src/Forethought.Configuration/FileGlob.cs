using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>
/// Expands the patterns of file names that configuration uses: <c>*</c>, <c>?</c> and <c>[…]</c> in the last path element.
/// </summary>
public static class FileGlob
{
    /// <summary>
    /// The files a pattern names, in ordinal order. A pattern without special characters names itself if it exists; a directory that
    /// cannot be read holds nothing.
    /// </summary>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        int slash = pattern.LastIndexOf('/');
        string name = pattern[(slash + 1)..];
        if (name.AsSpan().IndexOfAny("*?[\\") < 0)
        {
            return Path.Exists(pattern) ? [pattern] : [];
        }

        string prefix = pattern[..(slash + 1)];
        try
        {
            string[] matches =
            [
                .. Directory.EnumerateFileSystemEntries(prefix.Length == 0 ? "." : prefix)
                    .Select(static entry => Path.GetFileName(entry))
                    .Where(entry => IsMatch(entry, name))
                    .Select(entry => prefix.Length == 0 ? entry : ConfiguredPath.Join(prefix, entry)),
            ];
            Array.Sort(matches, StringComparer.Ordinal);
            return matches;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Whether a name matches a pattern; stars are tried shortest first and only the last one is retried.</summary>
    internal static bool IsMatch(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        int n = 0;
        int p = 0;
        int starPattern = -1;
        int starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = ++p;
                starName = n;
            }
            else if (p < pattern.Length && MatchesOne(name[n], pattern[p..], out int length))
            {
                p += length;
                n++;
            }
            else if (starPattern >= 0)
            {
                p = starPattern;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool MatchesOne(char c, ReadOnlySpan<char> pattern, out int length)
    {
        length = 1;
        switch (pattern[0])
        {
            case '?':
                return true;
            case '\\' when pattern.Length > 1:
                length = 2;
                return pattern[1] == c;
            case '[':
                return MatchesClass(c, pattern, out length);
            default:
                return pattern[0] == c;
        }
    }

    private static bool MatchesClass(char c, ReadOnlySpan<char> pattern, out int length)
    {
        int i = 1;
        bool negated = i < pattern.Length && pattern[i] == '^';
        i += negated ? 1 : 0;
        bool found = false;
        int first = i;
        while (i < pattern.Length && (pattern[i] != ']' || i == first))
        {
            char low = pattern[i];
            char high = low;
            if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
            {
                high = pattern[i + 2];
                i += 2;
            }

            found |= c >= low && c <= high;
            i++;
        }

        length = Math.Min(i + 1, pattern.Length);
        return i < pattern.Length && found != negated;
    }
}
