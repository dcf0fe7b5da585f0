namespace Forethought.Tsdb.Memory;

/// <summary>
/// Decides when memory that was unlinked may be freed: readers and appenders pin the epoch they start in, and what is retired in
/// an epoch is freed when every pin of that epoch or an older one is gone. Thread-safe; pinning does not lock or allocate.
/// </summary>
/// <remarks>
/// Protocol of a writer: unlink, so that nobody new can find the memory; then retire it. Pins belong to no thread: they may be
/// held across awaits and given back elsewhere.
/// </remarks>
internal sealed unsafe class EpochManager : IDisposable
{
    private const int PlacesPerSegment = 256;

    // A queue that held more, after a great many series were collected say, is let go when it is empty.
    private const int MaxKeptQueue = 1024;

    private readonly NativeAllocator _allocator;
    private readonly Lock _growLock = new();
    private readonly Lock _retiredLock = new();
    private readonly Queue<Retired> _retired = new();

    // Each place holds the epoch pinned there, 0 when free. Segments are only ever added.
    private long[][] _segments = [new long[PlacesPerSegment]];
    private long _epoch = 1;
    private int _retiredCount;

    /// <summary>Makes a manager that frees through <paramref name="allocator"/>.</summary>
    public EpochManager(NativeAllocator allocator) => _allocator = allocator;

    /// <summary>Pieces and callbacks that wait for their epoch to drain.</summary>
    public int RetiredCount => Volatile.Read(ref _retiredCount);

    /// <summary>Pins the current epoch: what is reachable from now on is not freed until <see cref="Unpin"/>.</summary>
    public EpochPin Pin()
    {
        int hint = Environment.CurrentManagedThreadId * 7;
        while (true)
        {
            long[][] segments = Volatile.Read(ref _segments);
            for (int s = 0; s < segments.Length; s++)
            {
                int place = TryPin(segments[s], hint);
                if (place >= 0)
                    return new EpochPin(s * PlacesPerSegment + place + 1);
            }

            AddSegment(segments);
        }
    }

    /// <summary>Gives a pin back and frees what nobody can see any more.</summary>
    public void Unpin(EpochPin pin)
    {
        if (pin.IsNone)
            return;
        Volatile.Write(ref _segments[pin.Place / PlacesPerSegment][pin.Place % PlacesPerSegment], 0);
        if (RetiredCount > 0)
            Drain();
    }

    /// <summary>Frees native memory once no present pin is left.</summary>
    public void RetireMemory(void* memory, nuint bytes, MemoryPurpose purpose)
    {
        if (memory != null)
            Enqueue(new Retired { Memory = (nint)memory, Bytes = bytes, Purpose = purpose });
    }

    /// <summary>Gives a piece back to its heap once no present pin is left.</summary>
    public void RetirePiece(SmallHeap heap, void* piece, int bytes)
    {
        if (piece != null)
            Enqueue(new Retired { Memory = (nint)piece, Bytes = (nuint)bytes, Heap = heap });
    }

    /// <summary>
    /// Runs <paramref name="free"/> once no present pin is left, on whichever thread notices, which may hold locks of the head only
    /// in their order; it must not throw.
    /// </summary>
    public void Retire(Action free) => Enqueue(new Retired { Callback = free });

    /// <summary>Ends the present epoch and returns its number, for <see cref="HasDrained"/>.</summary>
    public long Advance() => Interlocked.Increment(ref _epoch) - 1;

    /// <summary>Whether every pin of an epoch or an older one is gone.</summary>
    public bool HasDrained(long epoch) => epoch < OldestPinned();

    /// <summary>Frees what has drained. Called by <see cref="Unpin"/>; only tests and shutdown need to call it otherwise.</summary>
    public void Drain()
    {
        long drained = DrainedBelow();
        while (TryDequeue(drained, out Retired item))
            Release(item);
    }

    /// <summary>Frees everything that was retired.</summary>
    /// <exception cref="NativeMemoryException">A pin is still held.</exception>
    public void Dispose()
    {
        if (OldestPinned() != long.MaxValue)
            throw new NativeMemoryException("an epoch is still pinned at shutdown");
        while (RetiredCount > 0)
            Drain();
    }

    private int TryPin(long[] segment, int hint)
    {
        for (int i = 0; i < PlacesPerSegment; i++)
        {
            int place = (hint + i) & (PlacesPerSegment - 1);
            ref long slot = ref segment[place];
            long epoch = Volatile.Read(ref _epoch);
            if (Volatile.Read(ref slot) != 0 || Interlocked.CompareExchange(ref slot, epoch, 0) != 0)
                continue;

            // A writer may have retired and looked at the places between our reading of the epoch and our writing it here. If the
            // epoch still is the same now, it cannot have, and will see this pin; otherwise pin the newer one, in which
            // what it unlinked can no longer be found.
            long current;
            while ((current = Volatile.Read(ref _epoch)) != epoch)
            {
                epoch = current;
                Interlocked.Exchange(ref slot, epoch);
            }

            return place;
        }

        return -1;
    }

    private void AddSegment(long[][] seen)
    {
        lock (_growLock)
        {
            if (_segments != seen)
                return;
            Volatile.Write(ref _segments, [.. seen, new long[PlacesPerSegment]]);
        }
    }

    private void Enqueue(Retired item)
    {
        lock (_retiredLock)
        {
            // The tag is the epoch in which the item could still be found; every later pin is of a newer one.
            item.Epoch = _epoch;
            _retired.Enqueue(item);
            Volatile.Write(ref _retiredCount, _retired.Count);
            Interlocked.Increment(ref _epoch);
        }
    }

    // Items of older epochs than this one were all retired before the pins are looked at below, so that whoever pins later cannot find
    // what they name: one look is enough for all of them.
    private long DrainedBelow()
    {
        long present = Volatile.Read(ref _epoch);
        return Math.Min(present, OldestPinned());
    }

    private bool TryDequeue(long drainedBelow, out Retired item)
    {
        lock (_retiredLock)
        {
            if (!_retired.TryPeek(out item) || item.Epoch >= drainedBelow)
                return false;
            _retired.Dequeue();
            if (_retired.Count == 0 && _retired.Capacity > MaxKeptQueue)
                _retired.TrimExcess();
            Volatile.Write(ref _retiredCount, _retired.Count);
            return true;
        }
    }

    private long OldestPinned()
    {
        long oldest = long.MaxValue;
        foreach (long[] segment in Volatile.Read(ref _segments))
        {
            for (int i = 0; i < segment.Length; i++)
            {
                long epoch = Volatile.Read(ref segment[i]);
                if (epoch != 0 && epoch < oldest)
                    oldest = epoch;
            }
        }

        return oldest;
    }

    private void Release(in Retired item)
    {
        if (item.Heap is not null)
            item.Heap.Free((void*)item.Memory, (int)item.Bytes);
        else if (item.Callback is null)
            _allocator.Free((void*)item.Memory, item.Bytes, item.Purpose);
        else
            item.Callback();
    }

    private struct Retired
    {
        public long Epoch;
        public nint Memory;
        public nuint Bytes;
        public MemoryPurpose Purpose;
        public SmallHeap? Heap;
        public Action? Callback;
    }
}
