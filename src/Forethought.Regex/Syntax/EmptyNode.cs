namespace Forethought.Regex.Syntax;

/// <summary>Matches the empty string.</summary>
internal sealed class EmptyNode : Node
{
    internal static EmptyNode Instance { get; } = new();

    internal override bool MatchesEmpty => true;
}
