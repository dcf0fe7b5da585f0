namespace Forethought.Regex.Rewriting;

/// <summary>A choice.</summary>
internal sealed class EitherMatcher(ValueMatcher[] choices) : ValueMatcher
{
    internal override bool IsMatch(ReadOnlySpan<byte> value)
    {
        foreach (ValueMatcher choice in choices)
        {
            if (choice.IsMatch(value))
                return true;
        }

        return false;
    }
}
