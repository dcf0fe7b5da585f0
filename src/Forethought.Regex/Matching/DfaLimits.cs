namespace Forethought.Regex.Matching;

/// <summary>The bounds of a deterministic automaton's memory.</summary>
/// <param name="Transitions">Entries of the transition table, 4 bytes each.</param>
/// <param name="Places">Places in all states together, 4 bytes each.</param>
/// <param name="FlushesPerText">How often one text may fill the cache before it is finished without the automaton.</param>
/// <param name="Flushes">How often the cache may be filled in all before the automaton is given up for this pattern.</param>
internal sealed record DfaLimits(int Transitions, int Places, int FlushesPerText, int Flushes)
{
    internal static DfaLimits Default { get; } = new(Transitions: 1 << 17, Places: 1 << 18, FlushesPerText: 2, Flushes: 64);
}
