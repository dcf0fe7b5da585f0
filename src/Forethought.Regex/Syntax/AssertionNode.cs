namespace Forethought.Regex.Syntax;

/// <summary>Matches the empty string where one condition holds.</summary>
internal sealed class AssertionNode(AssertionKinds kind) : Node
{
    internal AssertionKinds Kind => kind;

    internal override bool MatchesEmpty => true;
}
