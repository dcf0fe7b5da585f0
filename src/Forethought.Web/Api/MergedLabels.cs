using Forethought.Storage;

namespace Forethought.Web;

/// <summary>
/// Walks the labels of several series sets as one, without duplicates; more than one set must be sorted. Owns the sets.
/// </summary>
internal sealed class MergedLabels : IDisposable
{
    private readonly List<(ISeriesSet Set, bool HasCurrent)> _sets = [];
    private byte[] _current = new byte[256];
    private int _length = -1;

    public ReadOnlySpan<byte> PackedLabels => _current.AsSpan(0, Math.Max(_length, 0));

    /// <summary>What the sets warned of so far, each text once.</summary>
    public IEnumerable<string> Warnings => _sets.SelectMany(entry => entry.Set.Warnings).Distinct();

    public void Add(ISeriesSet set) => _sets.Add((set, set.MoveNext()));

    public bool MoveNext()
    {
        while (Smallest() is >= 0 and var smallest)
        {
            ISeriesSet set = _sets[smallest].Set;
            bool isNew = _length < 0 || !set.PackedLabels.SequenceEqual(PackedLabels);
            if (isNew)
                Keep(set.PackedLabels);
            _sets[smallest] = (set, set.MoveNext());
            if (isNew)
                return true;
        }

        return false;
    }

    public void Dispose()
    {
        foreach ((ISeriesSet set, _) in _sets)
            set.Dispose();
    }

    private int Smallest()
    {
        int smallest = -1;
        for (int i = 0; i < _sets.Count; i++)
        {
            if (_sets[i].HasCurrent
                && (smallest < 0 || Model.PackedLabels.Compare(_sets[i].Set.PackedLabels, _sets[smallest].Set.PackedLabels) < 0))
            {
                smallest = i;
            }
        }

        return smallest;
    }

    private void Keep(ReadOnlySpan<byte> labels)
    {
        if (_current.Length < labels.Length)
            _current = new byte[2 * labels.Length];
        labels.CopyTo(_current);
        _length = labels.Length;
    }
}
