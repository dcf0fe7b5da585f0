using Forethought.Encoding;
using Forethought.Model;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Index;

/// <summary>
/// Interned label pairs: each name and value that occur together get a 32-bit number and are stored once. Changes happen under
/// the index lock; names and values of a known number may be read without it while an epoch is pinned.
/// </summary>
/// <remarks>
/// Bounds: numbers come from <see cref="Intern"/>, which has made room for them; a value's pointer and length are set together.
/// </remarks>
internal sealed unsafe class LabelPairTable : IDisposable
{
    private readonly SmallHeap _values;
    private readonly EpochManager _epochs;
    private readonly PagedArray<LabelPair> _pairs;
    private readonly HashSlots _byHash;
    private readonly Dictionary<byte[], LabelName> _names = new(Utf8Comparer.Instance);
    private readonly Stack<uint> _freeNumbers = new();
    private LabelName[] _namesById = [];
    private int _nameCount;
    private uint _length;

    /// <summary>Makes an empty table.</summary>
    public LabelPairTable(NativeAllocator allocator, EpochManager epochs)
    {
        _epochs = epochs;
        _values = new SmallHeap(allocator, MemoryPurpose.Symbols);
        _pairs = new PagedArray<LabelPair>(allocator, MemoryPurpose.Symbols);
        _byHash = new HashSlots(allocator, epochs, MemoryPurpose.Symbols);
    }

    /// <summary>Interned pairs.</summary>
    public int Count => _byHash.Count;

    /// <summary>Names that have or had a value; under the index lock. A name stays when its last value goes: names are few.</summary>
    public IReadOnlyCollection<LabelName> Names => _names.Values;

    /// <summary>The pair behind a number.</summary>
    public ref LabelPair this[uint pair] => ref *_pairs.Pointer(pair);

    /// <summary>The name of a pair.</summary>
    public LabelName NameOf(uint pair) => Volatile.Read(ref _namesById)[_pairs.Pointer(pair)->Name];

    /// <summary>Looks a name up; under the index lock.</summary>
    public LabelName? FindName(ReadOnlySpan<byte> name) =>
        _names.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out LabelName? found) ? found : null;

    /// <summary>Looks a pair up; under the index lock.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out uint pair) =>
        TryFind(Hash(name, value), name, value, out pair);

    /// <summary>The pair's number, new if it did not occur yet; under the index lock.</summary>
    public uint Intern(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        uint hash = Hash(name, value);
        return TryFind(hash, name, value, out uint pair) ? pair : Add(hash, name, value);
    }

    /// <summary>Whether a number is that of a pair; under the index lock.</summary>
    public bool IsPair(uint number, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        LabelPair* pair = _pairs.Pointer(number);
        return pair->ValueBytes.SequenceEqual(value) && _namesById[pair->Name].Utf8.AsSpan().SequenceEqual(name);
    }

    /// <summary>Whether a series' pairs are exactly these labels; needs no lock, only a pinned epoch.</summary>
    public bool AreLabels(ReadOnlySpan<uint> pairs, ReadOnlySpan<byte> packed)
    {
        int offset = 0;
        LabelName[] names = Volatile.Read(ref _namesById);
        foreach (uint number in pairs)
        {
            if (offset >= packed.Length)
                return false;
            LabelPair* pair = _pairs.Pointer(number);
            if (!PackedLabels.ReadString(packed, ref offset).SequenceEqual(names[pair->Name].Utf8)
                || !PackedLabels.ReadString(packed, ref offset).SequenceEqual(pair->ValueBytes))
                return false;
        }

        return offset == packed.Length;
    }

    /// <summary>Bytes that <see cref="Pack"/> writes.</summary>
    public int PackedLength(ReadOnlySpan<uint> pairs)
    {
        int length = 0;
        LabelName[] names = Volatile.Read(ref _namesById);
        foreach (uint number in pairs)
        {
            LabelPair* pair = _pairs.Pointer(number);
            length += PackedLabels.SizeOf(names[pair->Name].Utf8.Length) + PackedLabels.SizeOf(pair->ValueLength);
        }

        return length;
    }

    /// <summary>Writes a series' labels in packed form and returns the bytes written; needs no lock, only a pinned epoch.</summary>
    public int Pack(ReadOnlySpan<uint> pairs, Span<byte> destination)
    {
        int length = 0;
        LabelName[] names = Volatile.Read(ref _namesById);
        foreach (uint number in pairs)
        {
            LabelPair* pair = _pairs.Pointer(number);
            length += PackedLabels.WriteString(destination[length..], names[pair->Name].Utf8);
            length += PackedLabels.WriteString(destination[length..], pair->ValueBytes);
        }

        return length;
    }

    /// <summary>Orders two series by their labels as Prometheus does; needs no lock, only a pinned epoch.</summary>
    public int Compare(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right)
    {
        int common = Math.Min(left.Length, right.Length);
        for (int i = 0; i < common; i++)
        {
            if (left[i] == right[i])
                continue;
            LabelPair* a = _pairs.Pointer(left[i]);
            LabelPair* b = _pairs.Pointer(right[i]);
            int order = a->Name == b->Name ? 0 : NameOf(left[i]).Utf8.AsSpan().SequenceCompareTo(NameOf(right[i]).Utf8);
            return order != 0 ? order : a->ValueBytes.SequenceCompareTo(b->ValueBytes);
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>
    /// Forgets a pair that no series carries any more; its number and bytes are used again once the epoch has drained. Under the
    /// index lock.
    /// </summary>
    public void Remove(uint number)
    {
        ref LabelPair pair = ref this[number];
        _byHash.Remove(pair.Hash, number);
        LabelName name = _namesById[pair.Name];
        uint moved = name.RemoveAt(pair.PlaceInName);
        this[moved].PlaceInName = pair.PlaceInName;
        _epochs.RetirePiece(_values, pair.Value, pair.ValueLength);
    }

    /// <summary>Lets numbers be used again, after their epoch has drained; under the index lock.</summary>
    public void Recycle(IEnumerable<uint> numbers)
    {
        foreach (uint number in numbers)
            _freeNumbers.Push(number);
    }

    /// <summary>All numbers that were ever handed out, for disposal of what they own.</summary>
    public uint Length => _length;

    /// <inheritdoc/>
    public void Dispose()
    {
        FreeLongValues();
        _byHash.Dispose();
        _pairs.Dispose();
        _values.Dispose();
    }

    // Values that fit a page of the heap go with it. Those of removed pairs were handed to the epochs, which free them.
    private void FreeLongValues()
    {
        foreach (LabelName name in _names.Values)
        {
            foreach (uint number in name.Pairs)
            {
                LabelPair* pair = _pairs.Pointer(number);
                if (pair->ValueLength > SmallHeap.LargestClass)
                    _values.Free(pair->Value, pair->ValueLength);
            }
        }
    }

    private static uint Hash(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        (uint)((XxHash64.Compute(name) * 0x9E3779B97F4A7C15 ^ XxHash64.Compute(value)) >> 32);

    private bool TryFind(uint hash, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out uint pair)
    {
        HashSlots.Cursor candidates = _byHash.Find(hash);
        while (candidates.Next(out pair))
        {
            if (IsPair(pair, name, value))
                return true;
        }

        return false;
    }

    private uint Add(uint hash, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!_freeNumbers.TryPop(out uint number))
        {
            number = _length;
            _pairs.EnsureLength(number + 1);
            _length++;
        }

        LabelName owner = FindName(name) ?? AddName(name);
        byte* bytes = _values.Allocate(value.Length);
        value.CopyTo(new Span<byte>(bytes, value.Length));
        this[number] = new LabelPair
        {
            Value = bytes,
            ValueLength = value.Length,
            Name = owner.Id,
            Hash = hash,
            PlaceInName = owner.Add(number),
        };
        _byHash.Insert(hash, number);
        return number;
    }

    private LabelName AddName(ReadOnlySpan<byte> utf8)
    {
        var name = new LabelName((uint)_nameCount, utf8.ToArray());
        if (_nameCount == _namesById.Length)
        {
            var grown = new LabelName[Math.Max(16, _nameCount * 2)];
            _namesById.CopyTo(grown, 0);
            grown[_nameCount++] = name;
            Volatile.Write(ref _namesById, grown);
        }
        else
        {
            _namesById[_nameCount++] = name;
        }

        _names.Add(name.Utf8, name);
        return name;
    }
}
