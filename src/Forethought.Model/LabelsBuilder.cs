namespace Forethought.Model;

/// <summary>
/// Assembles a label set: start empty or from a set, set and remove labels, then pack. Reusable and meant to be reused: after
/// the first rounds nothing is allocated except the packed result that <see cref="ToLabels"/> returns. Not thread-safe.
/// </summary>
public sealed class LabelsBuilder
{
    private const int MaxInsertionSort = 64;

    private byte[] _arena = new byte[256];
    private Entry[] _entries = new Entry[16];
    private byte[] _packed = [];
    private int _arenaLength;
    private int _count;
    private bool _sorted = true;

    /// <summary>The number of labels, those with an empty value not counted.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _count; i++)
            {
                if (_entries[i].ValueLength > 0)
                    count++;
            }

            return count;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _arenaLength = 0;
        _count = 0;
        _sorted = true;
    }

    /// <summary>Starts over from <paramref name="labels"/>.</summary>
    public void Reset(Labels labels) => Reset(labels.Packed);

    /// <summary>Starts over from a packed set, which is copied.</summary>
    public void Reset(ReadOnlySpan<byte> packed)
    {
        Clear();
        for (int offset = 0; offset < packed.Length;)
        {
            ReadOnlySpan<byte> name = PackedLabels.ReadString(packed, ref offset);
            Append(name, PackedLabels.ReadString(packed, ref offset));
        }
    }

    /// <summary>
    /// Adds a label without looking whether its name is there already: for callers that have checked, or that ask
    /// <see cref="HasDuplicateNames"/> afterwards.
    /// </summary>
    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        _sorted = _sorted && (_count == 0 || NameOf(_entries[_count - 1]).SequenceCompareTo(name) < 0);
        int nameOffset = Store(name);
        _entries[_count++] = new Entry(nameOffset, name.Length, Store(value), value.Length);
    }

    /// <summary>Sets a label, replacing its value if it exists; an empty value removes it. The spans may point into this builder.</summary>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int index = Find(name);
        if (index < 0)
        {
            if (!value.IsEmpty)
                Append(name, value);
            return;
        }

        _entries[index] = _entries[index] with { ValueOffset = Store(value), ValueLength = value.Length };
    }

    /// <summary>Sets a label given as text.</summary>
    public void Set(string name, string value) =>
        Set(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value));

    /// <summary>Removes a label; nothing happens when it is absent.</summary>
    public void Remove(ReadOnlySpan<byte> name) => Set(name, default);

    /// <summary>The value of a label, empty when absent; valid until the next change.</summary>
    public ReadOnlySpan<byte> Get(scoped ReadOnlySpan<byte> name)
    {
        int index = Find(name);
        return index < 0 ? default : ValueOf(_entries[index]);
    }

    /// <summary>The label at <paramref name="index"/> in no particular order; its value may be empty (removed). For walking while
    /// setting: indexes of labels that exist do not move until the set is packed, and labels set anew come last.</summary>
    public Label At(int index) => new(NameOf(_entries[index]), ValueOf(_entries[index]));

    /// <summary>The number of indexes that <see cref="At"/> takes, removed labels included.</summary>
    public int Slots => _count;

    /// <summary>Whether two labels share a name, after <see cref="Append"/> calls; the name is given.</summary>
    public bool HasDuplicateNames(out ReadOnlySpan<byte> name)
    {
        Sort();
        for (int i = 1; i < _count; i++)
        {
            name = NameOf(_entries[i]);
            if (name.SequenceEqual(NameOf(_entries[i - 1])))
                return true;
        }

        name = default;
        return false;
    }

    /// <summary>Packs the labels, sorted, without those whose value is empty. The bytes are valid until the next change.</summary>
    public ReadOnlySpan<byte> Pack()
    {
        Sort();
        int size = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].ValueLength > 0)
                size += PackedLabels.SizeOf(_entries[i].NameLength) + PackedLabels.SizeOf(_entries[i].ValueLength);
        }

        if (_packed.Length < size)
            _packed = new byte[Math.Max(size, 2 * _packed.Length)];
        int length = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].ValueLength == 0)
                continue;
            length += PackedLabels.WriteString(_packed.AsSpan(length), NameOf(_entries[i]));
            length += PackedLabels.WriteString(_packed.AsSpan(length), ValueOf(_entries[i]));
        }

        return _packed.AsSpan(0, length);
    }

    /// <summary>Packs the labels into a set of their own.</summary>
    public Labels ToLabels() => Labels.FromPacked(Pack());

    private int Find(scoped ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _count; i++)
        {
            if (NameOf(_entries[i]).SequenceEqual(name))
                return i;
        }

        return -1;
    }

    private ReadOnlySpan<byte> NameOf(in Entry entry) => _arena.AsSpan(entry.NameOffset, entry.NameLength);

    private ReadOnlySpan<byte> ValueOf(in Entry entry) => _arena.AsSpan(entry.ValueOffset, entry.ValueLength);

    // The text may lie in the arena itself: the old array stays alive in the span while it is copied to the grown one.
    private int Store(ReadOnlySpan<byte> text)
    {
        int offset = _arenaLength;
        if (_arena.Length - offset < text.Length)
        {
            byte[] grown = new byte[Math.Max(2 * _arena.Length, offset + text.Length)];
            _arena.AsSpan(0, offset).CopyTo(grown);
            _arena = grown;
        }

        text.CopyTo(_arena.AsSpan(offset));
        _arenaLength = offset + text.Length;
        return offset;
    }

    // Equal names stay in order. Insertion sort, because sets are small and nearly sorted; what is larger may be an attempt to
    // make it take for ever.
    private void Sort()
    {
        if (_sorted)
            return;
        if (_count > MaxInsertionSort)
            _entries.AsSpan(0, _count).Sort(CompareNames);
        else
            InsertionSort();
        _sorted = true;
    }

    // Names lie in the arena in the order in which they were added.
    private int CompareNames(Entry left, Entry right)
    {
        int order = NameOf(left).SequenceCompareTo(NameOf(right));
        return order != 0 ? order : left.NameOffset.CompareTo(right.NameOffset);
    }

    private void InsertionSort()
    {
        for (int i = 1; i < _count; i++)
        {
            Entry entry = _entries[i];
            int j = i - 1;
            while (j >= 0 && NameOf(_entries[j]).SequenceCompareTo(NameOf(entry)) > 0)
            {
                _entries[j + 1] = _entries[j];
                j--;
            }

            _entries[j + 1] = entry;
        }
    }

    private readonly record struct Entry(int NameOffset, int NameLength, int ValueOffset, int ValueLength);
}
