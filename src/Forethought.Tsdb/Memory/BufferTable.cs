using System.Runtime.CompilerServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// Native buffers of any size behind 32-bit handles; 0 is no buffer. A buffer can grow and keeps its handle, but moves. For state
/// that varies in size and is changed in place, such as open histogram chunks. Not thread-safe: a table belongs to one head shard
/// and is used under its lock.
/// </summary>
/// <remarks>Bounds: spans carry the capacity that was allocated; handles come only from <see cref="Allocate"/> and in poison mode
/// their generation is compared on each access.</remarks>
internal sealed unsafe class BufferTable : IDisposable
{
    private readonly NativeAllocator _allocator;
    private readonly MemoryPurpose _purpose;
    private Entry[] _entries = [];
    private uint _places;
    private uint _firstFree;

    /// <summary>Makes an empty table.</summary>
    public BufferTable(NativeAllocator allocator, MemoryPurpose purpose)
    {
        _allocator = allocator;
        _purpose = purpose;
    }

    /// <summary>Buffers handed out and not freed.</summary>
    public int BuffersInUse { get; private set; }

    /// <summary>Takes a buffer of exactly <paramref name="capacity"/> zeroed bytes (at least 1).</summary>
    public uint Allocate(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        uint index = TakePlace();
        ref Entry entry = ref _entries[index];
        entry.Memory = (nint)_allocator.AllocateZeroed((nuint)capacity, _purpose);
        entry.Capacity = capacity;
        BuffersInUse++;
        return SlabHandle.Make(index, entry.Generation);
    }

    /// <summary>
    /// Makes a buffer at least <paramref name="capacity"/> bytes long, at least half as long again as it was; the content is kept,
    /// the rest zeroed. Spans taken before are invalid afterwards.
    /// </summary>
    public void EnsureCapacity(uint handle, int capacity)
    {
        ref Entry entry = ref Find(handle);
        if (entry.Capacity >= capacity)
            return;
        int grown = Math.Max(capacity, entry.Capacity + entry.Capacity / 2);
        byte* memory = _allocator.AllocateZeroed((nuint)grown, _purpose);
        new ReadOnlySpan<byte>((void*)entry.Memory, entry.Capacity).CopyTo(new Span<byte>(memory, grown));
        _allocator.Free((void*)entry.Memory, (nuint)entry.Capacity, _purpose);
        entry.Memory = (nint)memory;
        entry.Capacity = grown;
    }

    /// <summary>The whole buffer, valid until it grows or is freed.</summary>
    public Span<byte> Get(uint handle)
    {
        ref Entry entry = ref Find(handle);
        return new Span<byte>((void*)entry.Memory, entry.Capacity);
    }

    /// <summary>Gives a buffer back.</summary>
    public void Free(uint handle)
    {
        ref Entry entry = ref Find(handle);
        _allocator.Free((void*)entry.Memory, (nuint)entry.Capacity, _purpose);
        uint index = SlabHandle.IndexOf(handle);
        entry.Memory = 0;
        // A free entry links to the next free place (index plus one).
        entry.Capacity = (int)_firstFree;
        if (PoisonMode.IsOn)
            entry.Generation = SlabHandle.NextGeneration(entry.Generation);
        _firstFree = index + 1;
        BuffersInUse--;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (uint i = 0; i < _places; i++)
        {
            if (_entries[i].Memory != 0)
                _allocator.Free((void*)_entries[i].Memory, (nuint)_entries[i].Capacity, _purpose);
        }

        _entries = [];
        _places = 0;
        _firstFree = 0;
        BuffersInUse = 0;
    }

    private uint TakePlace()
    {
        if (_firstFree != 0)
        {
            uint index = _firstFree - 1;
            _firstFree = (uint)_entries[index].Capacity;
            return index;
        }

        if (_places == SlabHandle.MaxPlaces)
            NativeMemoryException.ThrowFull(nameof(BufferTable));
        if (_places == _entries.Length)
            Array.Resize(ref _entries, Math.Max(16, _entries.Length * 2));
        return _places++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry Find(uint handle)
    {
        uint index = SlabHandle.IndexOf(handle);
        if (index >= _places || _entries[index].Memory == 0 || _entries[index].Generation != SlabHandle.GenerationOf(handle))
            NativeMemoryException.ThrowStaleHandle(nameof(BufferTable), handle);
        return ref _entries[index];
    }

    private struct Entry
    {
        public nint Memory;
        public int Capacity;
        public byte Generation;
    }
}
