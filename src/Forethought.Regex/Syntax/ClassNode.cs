namespace Forethought.Regex.Syntax;

/// <summary>Matches one rune of a set; <c>.</c> is one too.</summary>
internal sealed class ClassNode(RuneSet set) : Node
{
    internal RuneSet Set => set;

    internal override bool MatchesEmpty => false;
}
