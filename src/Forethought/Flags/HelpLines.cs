namespace Forethought.Flags;

/// <summary>
/// Breaks a help text into lines as the reference's command line library does, which leaves that to Go's documentation printer: the sum of
/// the squares of the room left over is the least, and lines rather end at punctuation (Go's go/doc/comment, <c>wrap</c>).
/// </summary>
internal static class HelpLines
{
    // Eight blanks at the end of a line are worth ending it at punctuation.
    private const long NoPunctuation = 64;

    /// <summary>The lines of a text.</summary>
    /// <param name="text">Words, separated by single spaces.</param>
    /// <param name="width">The most characters of a line, unless one word has more.</param>
    public static IReadOnlyList<string> Break(string text, int width)
    {
        string[] words = text.Split(' ');
        // The least cost of the words before each, and where its last line begins: of equals, the earlier.
        var costs = new (long Excess, long Room)[words.Length + 1];
        int[] starts = new int[words.Length + 1];
        for (int end = 1; end <= words.Length; end++)
        {
            costs[end] = (long.MaxValue, long.MaxValue);
            int length = -1;
            for (int start = end - 1; start >= 0; start--)
            {
                length += words[start].Length + 1;
                (long excess, long room) = Cost(words[end - 1], length, width, end == words.Length);
                (long Excess, long Room) cost = (costs[start].Excess + excess, costs[start].Room + room);
                if (cost.CompareTo(costs[end]) <= 0)
                    (costs[end], starts[end]) = (cost, start);
                if (length > width)
                    break;
            }
        }

        var lines = new List<string>();
        for (int end = words.Length; end > 0; end = starts[end])
            lines.Insert(0, string.Join(' ', words[starts[end]..end]));
        return lines;
    }

    private static (long Excess, long Room) Cost(string lastWord, int length, int width, bool isLast)
    {
        if (isLast && length <= width)
            return (0, 0);
        long square = (long)(width - length) * (width - length);
        long penalty = lastWord is [.., '.' or ',' or ':' or ';'] ? 0 : NoPunctuation;
        return length > width ? (square, penalty) : (0, square + penalty);
    }
}
