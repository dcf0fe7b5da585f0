namespace Forethought.Regex.Rewriting;

/// <summary>A prefix, literals in order and a suffix with gaps between: <c>ab.*c.+d.*ef</c>.</summary>
/// <remarks>The first place of each literal leaves the most room for the next, so no other has to be tried.</remarks>
internal sealed class GapMatcher : ValueMatcher
{
    private readonly byte[] _prefix;
    private readonly byte[] _suffix;
    private readonly (int Gap, byte[] Literal)[] _middle;
    private readonly int _lastGap;

    /// <param name="prefix">The beginning, perhaps empty.</param>
    /// <param name="middle">Literals with the least runes before each.</param>
    /// <param name="lastGap">The least runes before the suffix.</param>
    /// <param name="suffix">The end, perhaps empty.</param>
    internal GapMatcher(byte[] prefix, (int Gap, byte[] Literal)[] middle, int lastGap, byte[] suffix)
    {
        _prefix = prefix;
        _middle = middle;
        _lastGap = lastGap;
        _suffix = suffix;
    }

    internal override bool IsMatch(ReadOnlySpan<byte> value)
    {
        if (value.Length < _prefix.Length + _suffix.Length || !value.StartsWith(_prefix) || !value.EndsWith(_suffix))
            return false;

        ReadOnlySpan<byte> rest = value[_prefix.Length..^_suffix.Length];
        foreach ((int gap, byte[] literal) in _middle)
        {
            if (rest.Length < gap)
                return false;
            int found = rest[gap..].IndexOf(literal);
            if (found < 0)
                return false;
            rest = rest[(gap + found + literal.Length)..];
        }

        return rest.Length >= _lastGap;
    }
}
