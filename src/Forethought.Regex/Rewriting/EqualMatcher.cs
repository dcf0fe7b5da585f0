namespace Forethought.Regex.Rewriting;

/// <summary>A literal.</summary>
internal sealed class EqualMatcher(byte[] literal) : ValueMatcher
{
    internal override bool IsMatch(ReadOnlySpan<byte> value) => value.SequenceEqual(literal);
}
