namespace Forethought.Regex.Syntax;

/// <summary>
/// A node of the syntax tree. Trees are at most <see cref="Parser.MaxHeight"/> high, so recursion over them is safe.
/// </summary>
internal abstract class Node
{
    /// <summary>Height of the tree below and including this node; a leaf has 1.</summary>
    internal int Height { get; private protected init; } = 1;

    /// <summary>Instructions the compiled node takes at most, by the counting rule of Go's parser: its limit must hit the same patterns.</summary>
    internal virtual long Size => 1;

    /// <summary>Greatest product of nested repeat counts on a path down from here.</summary>
    internal int RepeatProduct { get; private protected init; } = 1;

    /// <summary>Whether the node can match without consuming a rune.</summary>
    internal abstract bool MatchesEmpty { get; }
}
