namespace Forethought.Regex.Syntax;

/// <summary>The flags that <c>(?imsU)</c> switches inside a pattern.</summary>
[Flags]
internal enum ParseFlags
{
    None = 0,
    FoldCase = 1,
    MultiLine = 2,
    DotMatchesNewline = 4,
    NonGreedy = 8,
}
