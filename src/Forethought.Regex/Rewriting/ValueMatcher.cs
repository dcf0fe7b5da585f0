namespace Forethought.Regex.Rewriting;

/// <summary>Decides by comparisons whether a whole value matches. Immutable, thread-safe.</summary>
internal abstract class ValueMatcher
{
    internal abstract bool IsMatch(ReadOnlySpan<byte> value);
}
