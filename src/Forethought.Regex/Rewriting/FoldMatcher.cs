using Forethought.Regex.Matching;
using Forethought.Regex.Unicode;

namespace Forethought.Regex.Rewriting;

/// <summary>A literal regardless of case, alone or followed by a gap.</summary>
internal sealed class FoldMatcher : ValueMatcher
{
    private readonly int[] _literal;
    private readonly int _minimumRest;
    private readonly int _maximumRest;

    /// <param name="literal">The literal in any case.</param>
    /// <param name="minimumRest">The least bytes after it.</param>
    /// <param name="maximumRest">The most bytes after it.</param>
    internal FoldMatcher(string literal, int minimumRest, int maximumRest)
    {
        _literal = [.. literal.EnumerateRunes().Select(rune => CaseFolding.Smallest(rune.Value))];
        _minimumRest = minimumRest;
        _maximumRest = maximumRest;
    }

    internal override bool IsMatch(ReadOnlySpan<byte> value)
    {
        int position = 0;
        foreach (int expected in _literal)
        {
            if (position == value.Length)
                return false;
            int folded, length = 1;
            if (value[position] is < 128 and var ascii)
                folded = ascii is >= (byte)'a' and <= (byte)'z' ? ascii - 32 : ascii;
            else
                folded = CaseFolding.Smallest(Utf8Runes.Read(value, position, out length));
            if (folded != expected)
                return false;
            position += length;
        }

        int rest = value.Length - position;
        return rest >= _minimumRest && rest <= _maximumRest;
    }
}
