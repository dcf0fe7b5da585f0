namespace Forethought.Regex.Rewriting;

/// <summary><c>.*abc</c>, or <c>.+abc</c> if <paramref name="minimum"/> is 1.</summary>
internal sealed class SuffixMatcher(byte[] suffix, int minimum) : ValueMatcher
{
    internal override bool IsMatch(ReadOnlySpan<byte> value) => value.Length >= suffix.Length + minimum && value.EndsWith(suffix);
}
