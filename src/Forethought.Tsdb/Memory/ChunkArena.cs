using System.Runtime.CompilerServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// Exact-size, immutable pieces packed into pages: bytes of full chunks. Pieces are laid out in the order they come and a page is
/// given back when its last piece is freed; chunks are dropped roughly in the order in which they were closed, so pages empty as
/// a whole. Handles are 32-bit; 0 is none. Not thread-safe: used under the shard's lock. Addresses do not move, so a reader may
/// use one without the lock as long as its epoch keeps the piece from being freed.
/// </summary>
/// <remarks>Bounds: a handle names page and 8-byte unit within it as <see cref="Allocate"/> laid it out; a piece never crosses its
/// page. In poison mode every piece is preceded by a mark that is checked and overwritten, and page numbers are not reused.</remarks>
internal sealed unsafe class ChunkArena : IDisposable
{
    // A handle counts units of 8 bytes from 1: bits 0–12 the unit in the page, bits 13–31 the page.
    private const int UnitBytes = 8;
    private const int UnitBits = 13;
    private const int UnitsPerPage = 1 << UnitBits;
    private const int StandardPageBytes = UnitBytes * UnitsPerPage;
    private const uint MaxPages = 1u << (32 - UnitBits);
    private const ulong LiveMark = 0x4556494C_4B4E4843;

    private readonly NativeAllocator _allocator;
    private readonly MemoryPurpose _purpose;
    private readonly Stack<int> _emptyNumbers = new();
    private Page[] _pages = new Page[4];
    private int _pageCount;
    private int _current = -1;

    /// <summary>Makes an empty arena.</summary>
    public ChunkArena(NativeAllocator allocator, MemoryPurpose purpose)
    {
        _allocator = allocator;
        _purpose = purpose;
    }

    /// <summary>Pieces handed out and not freed.</summary>
    public int PiecesInUse { get; private set; }

    /// <summary>Takes a piece of <paramref name="bytes"/> bytes (at least 1) with unspecified content, aligned to 8 bytes.</summary>
    public uint Allocate(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        int units = (bytes + UnitBytes - 1) / UnitBytes + (PoisonMode.IsOn ? 1 : 0);
        int number = PageFor(units);
        ref Page page = ref _pages[number];
        int unit = page.UsedUnits;
        page.UsedUnits += units;
        page.LivePieces++;
        PiecesInUse++;
        if (PoisonMode.IsOn)
            *(ulong*)(page.Memory + (nint)unit++ * UnitBytes) = LiveMark;
        return (((uint)number << UnitBits) | (uint)unit) + 1;
    }

    /// <summary>The piece's address, valid until it is freed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Pointer(uint handle)
    {
        uint place = handle - 1;
        byte* memory = (byte*)_pages[place >> UnitBits].Memory + (place & (UnitsPerPage - 1)) * UnitBytes;
        if (PoisonMode.IsOn)
            CheckMark(handle, memory);
        return memory;
    }

    /// <summary>Gives a piece back; <paramref name="bytes"/> as at allocation.</summary>
    public void Free(uint handle, int bytes)
    {
        byte* memory = Pointer(handle);
        if (PoisonMode.IsOn)
        {
            Unsafe.InitBlock(memory, PoisonMode.FreedByte, (uint)bytes);
            *(ulong*)(memory - UnitBytes) = 0;
        }

        int number = (int)((handle - 1) >> UnitBits);
        PiecesInUse--;
        if (--_pages[number].LivePieces == 0 && number != _current)
            FreePage(number);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _pageCount; i++)
        {
            if (_pages[i].Memory != 0)
                _allocator.Free((void*)_pages[i].Memory, (nuint)_pages[i].Bytes, _purpose);
        }

        _pages = [];
        _pageCount = 0;
        _current = -1;
        PiecesInUse = 0;
    }

    private int PageFor(int units)
    {
        // A piece larger than a page gets one of its own, which starts at unit 0 and takes no second piece.
        if (units > UnitsPerPage)
            return AddPage(units);
        if (_current >= 0 && _pages[_current].UsedUnits + units <= UnitsPerPage)
            return _current;
        int previous = _current;
        _current = AddPage(UnitsPerPage);
        if (previous >= 0 && _pages[previous].LivePieces == 0)
            FreePage(previous);
        return _current;
    }

    private int AddPage(int units)
    {
        if (!_emptyNumbers.TryPop(out int number))
        {
            if (_pageCount == MaxPages)
                NativeMemoryException.ThrowFull(nameof(ChunkArena));
            if (_pageCount == _pages.Length)
                Array.Resize(ref _pages, _pageCount * 2);
            number = _pageCount++;
        }

        long bytes = (long)units * UnitBytes;
        _pages[number] = new Page { Memory = (nint)_allocator.Allocate((nuint)bytes, _purpose), Bytes = bytes };
        return number;
    }

    private void FreePage(int number)
    {
        _allocator.Free((void*)_pages[number].Memory, (nuint)_pages[number].Bytes, _purpose);
        _pages[number] = default;
        if (!PoisonMode.IsOn)
            _emptyNumbers.Push(number);
    }

    private void CheckMark(uint handle, byte* memory)
    {
        if (_pages[(handle - 1) >> UnitBits].Memory == 0 || *(ulong*)(memory - UnitBytes) != LiveMark)
            NativeMemoryException.ThrowStaleHandle(nameof(ChunkArena), handle);
    }

    private struct Page
    {
        public nint Memory;
        public long Bytes;
        public int UsedUnits;
        public int LivePieces;
    }
}
