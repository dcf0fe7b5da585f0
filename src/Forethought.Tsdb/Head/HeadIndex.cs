using Forethought.Encoding;
using Forethought.Model;
using Forethought.Tsdb.Index;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Which series exist: labels to series, reference to slot, and the inverted index. One lock orders all changes; finding a series
/// by its labels or its reference takes none, only a pinned epoch.
/// </summary>
/// <remarks>Lock order: index, then shard.</remarks>
internal sealed class HeadIndex : IDisposable
{
    private readonly EpochManager _epochs;
    private readonly HeadShard[] _shards;
    private readonly HashSlots _byLabels;
    private readonly PairNumbers _pairNumbers;
    private uint[] _interned = new uint[64];
    private int _internedCount;
    private byte[] _packed = new byte[256];
    private ulong _newestReference;
    private bool _defersPostings;

    // Dead series of the phase without postings: what they hold is given back once there are postings.
    private readonly List<uint> _removedBeforePostings = [];

    /// <summary>Makes an empty index.</summary>
    public HeadIndex(NativeAllocator allocator, EpochManager epochs, HeadShard[] shards)
    {
        _epochs = epochs;
        _shards = shards;
        Series = new SeriesTable(allocator);
        Pairs = new LabelPairTable(allocator, epochs);
        Postings = new PostingsIndex(allocator, epochs, Pairs);
        References = new SeriesRefMap(allocator, epochs);
        _byLabels = new HashSlots(allocator, epochs, MemoryPurpose.SeriesTables);
        _pairNumbers = new PairNumbers(allocator);
    }

    /// <summary>Orders changes; also held, briefly, for snapshots of postings and of a name's values.</summary>
    public Lock Lock { get; } = new();

    public SeriesTable Series { get; }

    public LabelPairTable Pairs { get; }

    public PostingsIndex Postings { get; }

    public SeriesRefMap References { get; }

    /// <summary>Series that exist.</summary>
    public int SeriesCount => _byLabels.Count;

    /// <summary>
    /// The slot of the series with these labels, creating it with <paramref name="reference"/>, or with the next one when that is 0.
    /// The series will not be collected before the caller's epoch is unpinned.
    /// </summary>
    /// <exception cref="TsdbCorruptionException">The reference given is that of another series.</exception>
    public uint GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, ulong reference, out bool created)
    {
        created = false;
        if (TryFind(packedLabels, hash, out uint slot))
            return slot;
        lock (Lock)
        {
            if (TryFind(packedLabels, hash, out slot))
                return slot;
            created = true;
            return Create(packedLabels, hash, reference == 0 ? _newestReference + 1 : Untaken(reference));
        }
    }

    /// <summary>Looks for the series with these labels and keeps it from being collected.</summary>
    public bool TryFind(ReadOnlySpan<byte> packedLabels, ulong hash, out uint slot)
    {
        HashSlots.Cursor candidates = _byLabels.Find(Fold(hash));
        while (candidates.Next(out slot))
        {
            if (Pairs.AreLabels(Series.Entry(slot).PairSpan, packedLabels) && TryTouch(slot))
                return true;
        }

        return false;
    }

    /// <summary>Keeps a series from being collected while the caller's epoch is pinned; false if it already is.</summary>
    public bool TryTouch(uint slot)
    {
        lock (_shards[HeadShard.IndexOf(slot)].Lock)
        {
            ref SeriesState state = ref Series.State(slot);
            if ((state.Flags & SeriesFlags.Dead) != 0)
                return false;
            state.Flags &= ~SeriesFlags.Idle;
            return true;
        }
    }

    /// <summary>
    /// Takes a dead series out of everything. The caller holds the index lock and afterwards sweeps the postings and recycles the
    /// slot.
    /// </summary>
    public void Remove(uint slot)
    {
        ref SeriesEntry entry = ref Series.Entry(slot);
        _byLabels.Remove(Fold(HashOf(entry.PairSpan)), slot);
        References.Remove(entry.Reference, _newestReference);
        Postings.MarkRemoved(entry.PairSpan);
    }

    /// <summary>Sweeps the postings after <see cref="Remove"/> calls and recycles slots and pairs once the epoch has drained.</summary>
    public void FinishRemoval(List<uint> slots)
    {
        _internedCount = 0;
        List<uint> pairs = Postings.Sweep(reference => References.TryGet(reference, out _));
        _epochs.Retire(() =>
        {
            lock (Lock)
            {
                Clear(slots);
                Series.Recycle(slots);
                Pairs.Recycle(pairs);
            }
        });
    }

    /// <summary>
    /// Begins a phase in which series may be created in any order of reference and are not in the inverted index, so that nothing
    /// may query or collect: replay, in whose log the order of references is only almost ascending.
    /// </summary>
    public void DeferPostings() => _defersPostings = true;

    /// <summary>
    /// Takes a dead series out during that phase, so that neither its labels nor its reference lead to it. The caller holds the index
    /// lock.
    /// </summary>
    public void RemoveBeforePostings(uint slot)
    {
        ref SeriesEntry entry = ref Series.Entry(slot);
        _byLabels.Remove(Fold(HashOf(entry.PairSpan)), slot);
        References.Remove(entry.Reference, _newestReference);
        _removedBeforePostings.Add(slot);
    }

    /// <summary>Ends that phase: enters all series into the inverted index.</summary>
    public void BuildPostings()
    {
        lock (Lock)
        {
            _defersPostings = false;
            var series = new (ulong Reference, uint Slot)[Series.Length];
            for (uint slot = 0; slot < series.Length; slot++)
                series[slot] = (Series.Entry(slot).Reference, slot);
            if (!IsAscending(series))
                Array.Sort(series);
            foreach ((ulong reference, uint slot) in series)
                Postings.Add(reference, Series.Entry(slot).PairSpan);
            foreach (uint slot in _removedBeforePostings)
                Postings.MarkRemoved(Series.Entry(slot).PairSpan);

            if (_removedBeforePostings.Count > 0)
                FinishRemoval([.. _removedBeforePostings]);
            _removedBeforePostings.Clear();
        }
    }

    /// <summary>The newest reference that was given out.</summary>
    public ulong NewestReference
    {
        get
        {
            lock (Lock)
                return _newestReference;
        }
    }

    /// <summary>Raises the newest reference, so that new series come after those of a log whose labels were not seen.</summary>
    public void ReserveReferences(ulong newest)
    {
        lock (Lock)
            _newestReference = Math.Max(_newestReference, newest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (uint slot = 0; slot < Series.Length; slot++)
            _pairNumbers.Free(Series.Entry(slot));
        Postings.Dispose();
        Pairs.Dispose();
        References.Dispose();
        _byLabels.Dispose();
        _pairNumbers.Dispose();
        Series.Dispose();
    }

    // Under the shard lock, because a truncation that walks over all slots must see a series either dead or not there at all.
    private void Clear(List<uint> slots)
    {
        using var lease = new ShardLease(_shards);
        foreach (uint slot in slots)
        {
            lease.MoveTo(slot);
            _pairNumbers.Free(Series.Entry(slot));
            Series.State(slot) = default;
            Series.Entry(slot) = default;
        }
    }

    private static bool IsAscending(ReadOnlySpan<(ulong Reference, uint Slot)> series)
    {
        for (int i = 1; i < series.Length; i++)
        {
            if (series[i].Reference < series[i - 1].Reference)
                return false;
        }

        return true;
    }

    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));

    private ulong HashOf(ReadOnlySpan<uint> pairs)
    {
        int length = Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[length * 2];
        Pairs.Pack(pairs, _packed);
        return XxHash64.Compute(_packed.AsSpan(0, length));
    }

    // Two series of one reference would be in each other's postings.
    private ulong Untaken(ulong reference)
    {
        if (References.TryGet(reference, out _))
            TsdbCorruptionException.Throw($"series reference {reference} is of two series", 0, "a reference of one series", $"{reference}");
        return reference;
    }

    // Everything is in place before the series can be found: by labels, by reference, through postings.
    private uint Create(ReadOnlySpan<byte> packedLabels, ulong hash, ulong reference)
    {
        ReadOnlySpan<uint> pairs = Intern(packedLabels);
        uint slot = Series.Allocate();
        ref SeriesEntry entry = ref Series.Entry(slot);
        entry.Reference = reference;
        _pairNumbers.Store(ref entry, pairs);
        References.Add(reference, slot);
        if (!_defersPostings)
            Postings.Add(reference, pairs);
        _byLabels.Insert(Fold(hash), slot);
        _newestReference = Math.Max(_newestReference, reference);
        return slot;
    }

    // Series that are created one after another share most of their labels: the pairs of the last one are looked at first.
    private ReadOnlySpan<uint> Intern(ReadOnlySpan<byte> packedLabels)
    {
        int count = 0;
        foreach (Label label in new LabelEnumerator(packedLabels))
        {
            if (count == _interned.Length)
                Array.Resize(ref _interned, count * 2);
            if (count >= _internedCount || !Pairs.IsPair(_interned[count], label.Name, label.Value))
                _interned[count] = Pairs.Intern(label.Name, label.Value);
            count++;
        }

        _internedCount = count;
        return _interned.AsSpan(0, count);
    }
}
