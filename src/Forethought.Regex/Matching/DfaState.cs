using Forethought.Regex.Programs;

namespace Forethought.Regex.Matching;

/// <summary>A state of the deterministic automaton: the places reached, sorted, and what was before if an assertion waits for it.</summary>
internal sealed class DfaState : IEquatable<DfaState>
{
    private readonly int _hash;

    internal DfaState(ReadOnlySpan<int> places, RuneContext before)
    {
        Places = places.ToArray();
        Array.Sort(Places);
        Before = before;
        var hash = new HashCode();
        hash.Add(before);
        foreach (int pc in Places)
            hash.Add(pc);
        _hash = hash.ToHashCode();
    }

    internal int[] Places { get; }

    internal RuneContext Before { get; }

    public bool Equals(DfaState? other) =>
        other is not null && _hash == other._hash && Before == other.Before && Places.AsSpan().SequenceEqual(other.Places);

    public override bool Equals(object? obj) => Equals(obj as DfaState);

    public override int GetHashCode() => _hash;
}
