using System.Runtime.CompilerServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// An open-addressing table from 32-bit hashes to 32-bit values in native memory, eight bytes an entry, at most 13/16 full. Equal
/// hashes may occur: the caller compares what the values name. One writer at a time; readers need no lock but must have pinned an
/// epoch, and find every value that was there when they began and was not removed since.
/// </summary>
/// <remarks>Bounds: the header holds the mask; positions are masked, so no probe leaves the table, and at least one entry is
/// always empty, so every probe ends.</remarks>
internal sealed unsafe class HashSlots : IDisposable
{
    private const uint Removed = uint.MaxValue;

    private readonly NativeAllocator _allocator;
    private readonly EpochManager _epochs;
    private readonly MemoryPurpose _purpose;
    private nint _published;
    private int _used;

    /// <summary>Makes an empty table.</summary>
    public HashSlots(NativeAllocator allocator, EpochManager epochs, MemoryPurpose purpose)
    {
        _allocator = allocator;
        _epochs = epochs;
        _purpose = purpose;
        _published = (nint)NewTable(64);
    }

    /// <summary>Values in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a search for the values with a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Cursor Find(uint hash) => new((Header*)Volatile.Read(ref _published), hash);

    /// <summary>Adds a value, which must be below 0xFFFFFFFE.</summary>
    public void Insert(uint hash, uint value)
    {
        if ((_used + 1) * 16L > Table->Capacity * 13L)
            Rebuild();
        uint mask = Table->Mask;
        ulong* entries = Table->Entries;
        uint place = hash & mask;
        while (entries[place] != 0)
            place = (place + 1) & mask;
        Volatile.Write(ref entries[place], Entry(hash, value));
        _used++;
        Count++;
    }

    /// <summary>Removes a value; nothing happens when it is not there.</summary>
    public void Remove(uint hash, uint value)
    {
        uint mask = Table->Mask;
        ulong* entries = Table->Entries;
        ulong wanted = Entry(hash, value);
        for (uint place = hash & mask; entries[place] != 0; place = (place + 1) & mask)
        {
            if (entries[place] != wanted)
                continue;
            Volatile.Write(ref entries[place], ((ulong)hash << 32) | Removed);
            Count--;
            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Table != null)
            _allocator.Free(Table, BytesOf(Table->Capacity), _purpose);
        _published = 0;
    }

    private Header* Table => (Header*)_published;

    // The low half is the value plus one, so that an empty entry is all zero.
    private static ulong Entry(uint hash, uint value) => ((ulong)hash << 32) | (value + 1);

    private static nuint BytesOf(uint capacity) => (nuint)(sizeof(Header) + (long)capacity * sizeof(ulong));

    private Header* NewTable(uint capacity)
    {
        var table = (Header*)_allocator.AllocateZeroed(BytesOf(capacity), _purpose);
        table->Mask = capacity - 1;
        return table;
    }

    // Doubles when live values need it; otherwise only sweeps out removed entries.
    private void Rebuild()
    {
        Header* old = Table;
        uint capacity = old->Capacity;
        while ((Count + 1) * 16L > capacity * 10L)
            capacity *= 2;
        Header* table = NewTable(capacity);
        for (uint i = 0; i < old->Capacity; i++)
        {
            ulong entry = old->Entries[i];
            if (entry == 0 || (uint)entry == Removed)
                continue;
            uint place = (uint)(entry >> 32) & table->Mask;
            while (table->Entries[place] != 0)
                place = (place + 1) & table->Mask;
            table->Entries[place] = entry;
        }

        _used = Count;
        Volatile.Write(ref _published, (nint)table);
        _epochs.RetireMemory(old, BytesOf(old->Capacity), _purpose);
    }

    /// <summary>Walks the values with one hash.</summary>
    internal struct Cursor
    {
        private readonly Header* _table;
        private readonly uint _hash;
        private uint _place;

        internal Cursor(Header* table, uint hash)
        {
            _table = table;
            _hash = hash;
            _place = hash & table->Mask;
        }

        /// <summary>The next value; false at the end.</summary>
        public bool Next(out uint value)
        {
            while (true)
            {
                ulong entry = Volatile.Read(ref _table->Entries[_place]);
                if (entry == 0)
                {
                    value = 0;
                    return false;
                }

                _place = (_place + 1) & _table->Mask;
                if ((uint)(entry >> 32) == _hash && (uint)entry != Removed)
                {
                    value = (uint)entry - 1;
                    return true;
                }
            }
        }
    }

    internal struct Header
    {
        public uint Mask;
        private fixed byte _padding[60];

        public readonly uint Capacity => Mask + 1;

        public ulong* Entries => (ulong*)((byte*)Unsafe.AsPointer(ref this) + 64);
    }
}
