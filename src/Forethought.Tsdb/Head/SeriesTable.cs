using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Head;

/// <summary>
/// The series' structs in native pages, addressed by slot. A slot is used again after its series was collected and the epoch has
/// drained. Slots are taken and returned under the index lock.
/// </summary>
/// <remarks>Bounds: slots come from <see cref="Allocate"/>, which has made room for them in both arrays.</remarks>
internal sealed unsafe class SeriesTable : IDisposable
{
    private readonly PagedArray<SeriesState> _states;
    private readonly PagedArray<SeriesEntry> _entries;
    private readonly Stack<uint> _free = new();
    private uint _length;

    /// <summary>Makes an empty table.</summary>
    public SeriesTable(NativeAllocator allocator)
    {
        _states = new PagedArray<SeriesState>(allocator, MemoryPurpose.SeriesState);
        _entries = new PagedArray<SeriesEntry>(allocator, MemoryPurpose.SeriesState);
    }

    /// <summary>Slots below this were handed out at least once.</summary>
    public uint Length => Volatile.Read(ref _length);

    /// <summary>The state of a slot, one cache line; read and changed under the shard's lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref SeriesState State(uint slot) => ref *_states.Pointer(slot);

    /// <summary>The rest of what is known of a slot's series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref SeriesEntry Entry(uint slot) => ref *_entries.Pointer(slot);

    /// <summary>Asks for the state's cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint slot)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(_states.Pointer(slot));
    }

    /// <summary>Takes a slot whose structs are all zero.</summary>
    public uint Allocate()
    {
        if (_free.TryPop(out uint slot))
            return slot;
        slot = _length;
        _states.EnsureLength(slot + 1);
        _entries.EnsureLength(slot + 1);
        Volatile.Write(ref _length, slot + 1);
        return slot;
    }

    /// <summary>Takes slots back of which nobody knows any more and whose structs were cleared.</summary>
    public void Recycle(IReadOnlyList<uint> slots)
    {
        // The lowest slot comes out first, so that series created together stand together.
        for (int i = slots.Count - 1; i >= 0; i--)
            _free.Push(slots[i]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _states.Dispose();
        _entries.Dispose();
    }
}
