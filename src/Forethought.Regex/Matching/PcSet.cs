namespace Forethought.Regex.Matching;

/// <summary>
/// A set of places in a program that is cheap to clear. Places that only lead on are remembered as visited but are no members.
/// </summary>
internal sealed class PcSet(int programLength)
{
    /// <summary>A place was visited since the last clearing if its mark is the current one.</summary>
    private readonly int[] _marks = new int[programLength];

    private readonly int[] _members = new int[programLength];
    private int _mark = 1;

    internal int Count { get; private set; }

    internal ReadOnlySpan<int> Members => _members.AsSpan(0, Count);

    internal void Clear()
    {
        Count = 0;
        if (++_mark == int.MaxValue)
        {
            Array.Clear(_marks);
            _mark = 1;
        }
    }

    /// <summary>False if the place was visited before.</summary>
    internal bool Visit(int pc)
    {
        if (_marks[pc] == _mark)
            return false;
        _marks[pc] = _mark;
        return true;
    }

    internal bool HasVisited(int pc) => _marks[pc] == _mark;

    /// <summary>Makes a place just visited a member.</summary>
    internal void Keep(int pc) => _members[Count++] = pc;
}
