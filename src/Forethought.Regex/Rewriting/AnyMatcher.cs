namespace Forethought.Regex.Rewriting;

/// <summary><c>.*</c>, or <c>.+</c> if <paramref name="minimum"/> is 1.</summary>
internal sealed class AnyMatcher(int minimum) : ValueMatcher
{
    internal override bool IsMatch(ReadOnlySpan<byte> value) => value.Length >= minimum;
}
