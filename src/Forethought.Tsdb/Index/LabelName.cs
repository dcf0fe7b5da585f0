namespace Forethought.Tsdb.Index;

/// <summary>
/// A label name that occurs in the head, with its values. Names are few, so they may be objects. Used under the index lock.
/// </summary>
internal sealed class LabelName(uint id, byte[] utf8)
{
    private uint[] _pairs = new uint[4];

    /// <summary>The number by which pairs refer to the name.</summary>
    public uint Id { get; } = id;

    /// <summary>The name as UTF-8.</summary>
    public byte[] Utf8 { get; } = utf8;

    /// <summary>The name as text.</summary>
    public string Text { get; } = System.Text.Encoding.UTF8.GetString(utf8);

    /// <summary>The name's values: their pair numbers, in no order.</summary>
    public int Count { get; private set; }

    /// <summary>The pair numbers; valid under the index lock.</summary>
    public ReadOnlySpan<uint> Pairs => _pairs.AsSpan(0, Count);

    /// <summary>Adds a value and returns its place.</summary>
    public int Add(uint pair)
    {
        if (Count == _pairs.Length)
            Array.Resize(ref _pairs, Count * 2);
        _pairs[Count] = pair;
        return Count++;
    }

    /// <summary>Removes the value at a place; the last one moves there, and its pair number is returned.</summary>
    public uint RemoveAt(int place)
    {
        uint moved = _pairs[--Count];
        _pairs[place] = moved;
        if (_pairs.Length > 64 && Count < _pairs.Length / 4)
            Array.Resize(ref _pairs, _pairs.Length / 2);
        return moved;
    }
}
