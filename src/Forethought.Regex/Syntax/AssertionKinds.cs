namespace Forethought.Regex.Syntax;

/// <summary>Conditions on a position between two runes: one of them is what an assertion demands, a set of them what holds there.</summary>
[Flags]
internal enum AssertionKinds
{
    None = 0,
    BeginText = 1,
    EndText = 2,
    BeginLine = 4,
    EndLine = 8,
    WordBoundary = 16,
    NotWordBoundary = 32,
}
