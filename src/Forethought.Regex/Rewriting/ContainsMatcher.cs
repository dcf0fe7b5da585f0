namespace Forethought.Regex.Rewriting;

/// <summary><c>.*abc.*</c>, with at least so many runes before and after.</summary>
/// <remarks>
/// A literal is found at the beginning of a rune and ends at the end of one, so a byte left over beside it is a whole rune.
/// </remarks>
internal sealed class ContainsMatcher(byte[] literal, int before, int after) : ValueMatcher
{
    internal override bool IsMatch(ReadOnlySpan<byte> value) =>
        value.Length >= before + literal.Length + after && value[before..^after].IndexOf(literal) >= 0;
}
