namespace Forethought.Regex.Rewriting;

/// <summary><c>abc.*</c>, or <c>abc.+</c> if <paramref name="minimum"/> is 1.</summary>
internal sealed class PrefixMatcher(byte[] prefix, int minimum) : ValueMatcher
{
    internal override bool IsMatch(ReadOnlySpan<byte> value) => value.Length >= prefix.Length + minimum && value.StartsWith(prefix);
}
