using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>Numbers label sets in the order in which they first come: groups, join signatures, result series. Not thread-safe.</summary>
internal sealed class LabelIndex
{
    private readonly Dictionary<Labels, int> _numbers = new(PackedLabelsComparer.Instance);
    private readonly Dictionary<Labels, int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<Labels> _labels = [];

    public LabelIndex() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _labels.Count;

    public Labels this[int number] => _labels[number];

    /// <summary>The number of a packed set, a new one if it has not come before.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> packed)
    {
        if (_lookup.TryGetValue(packed, out int number))
            return number;
        Labels labels = Labels.FromPacked(packed);
        number = _labels.Count;
        _numbers.Add(labels, number);
        _labels.Add(labels);
        return number;
    }

    /// <summary>The number of a packed set, −1 if it has not come before.</summary>
    public int Find(ReadOnlySpan<byte> packed) => _lookup.TryGetValue(packed, out int number) ? number : -1;
}
