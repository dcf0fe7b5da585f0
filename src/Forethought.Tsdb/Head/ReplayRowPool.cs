using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The buffers of float samples in replay, as many as replay may have at most. One thread takes them, another one gives them back.
/// </summary>
/// <remarks>Bounds: a slab holds <see cref="BuffersPerSlab"/> buffers, each of which is handed out once.</remarks>
internal sealed unsafe class ReplayRowPool(NativeAllocator allocator, ReplayLimits limits) : IDisposable
{
    private const int BuffersPerSlab = 16;

    // Monitor, not Lock: the thread that takes waits for the other one.
    private readonly object _gate = new();
    private readonly Stack<ReplayRows> _free = new();
    private readonly List<nint> _slabs = [];
    private int _made;

    private nuint SlabBytes => (nuint)(BuffersPerSlab * limits.BufferRows * sizeof(ReplayRow));

    /// <summary>Buffers that can be taken without waiting.</summary>
    public int Available
    {
        get
        {
            lock (_gate)
                return _free.Count + limits.Buffers - _made;
        }
    }

    /// <summary>Takes an empty buffer; waits for one.</summary>
    public ReplayRows Take()
    {
        lock (_gate)
        {
            while (_free.Count == 0 && _made == limits.Buffers)
                Monitor.Wait(_gate);
            return _free.TryPop(out ReplayRows? rows) ? rows : Make();
        }
    }

    /// <summary>Gives a chain of buffers back.</summary>
    public void GiveBack(ReplayRows? chain)
    {
        lock (_gate)
        {
            while (chain is not null)
            {
                ReplayRows? next = chain.Next;
                chain.Clear();
                _free.Push(chain);
                chain = next;
            }

            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Frees all buffers, taken or not.</summary>
    public void Dispose()
    {
        foreach (nint slab in _slabs)
            allocator.Free((void*)slab, SlabBytes, MemoryPurpose.Wal);
        _slabs.Clear();
    }

    private ReplayRows Make()
    {
        int place = _made % BuffersPerSlab;
        if (place == 0)
            _slabs.Add((nint)allocator.Allocate(SlabBytes, MemoryPurpose.Wal));
        _made++;
        return new ReplayRows((ReplayRow*)_slabs[^1] + place * limits.BufferRows, limits.BufferRows);
    }
}
