using System.Runtime.CompilerServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// Native pieces of a few bytes up to any size, by address: label values, pair numbers of series, short postings. Pieces up to
/// <see cref="LargestClass"/> bytes come from pages, rounded up to 8 bytes, and are reused by size; larger ones come straight from
/// the allocator. Addresses do not move. Thread-safe.
/// </summary>
/// <remarks>Bounds: a piece is as long as was asked for and never crosses its page; pages live until disposal, so that stale
/// addresses read poison, not foreign memory.</remarks>
internal sealed unsafe class SmallHeap : IDisposable
{
    /// <summary>The largest piece that is cut from a page.</summary>
    public const int LargestClass = 1024;

    private const int UnitBytes = 8;
    private const int PageBytes = 64 * 1024;

    private readonly NativeAllocator _allocator;
    private readonly MemoryPurpose _purpose;
    private readonly Lock _lock = new();
    private readonly List<nint> _pages = [];

    // First free piece of each size in units; a free piece's first eight bytes link to the next.
    private readonly nint[] _free = new nint[LargestClass / UnitBytes + 1];
    private byte* _next;
    private byte* _end;

    /// <summary>Makes an empty heap.</summary>
    public SmallHeap(NativeAllocator allocator, MemoryPurpose purpose)
    {
        _allocator = allocator;
        _purpose = purpose;
    }

    /// <summary>Takes a piece with unspecified content, aligned to 8 bytes.</summary>
    public byte* Allocate(int bytes)
    {
        if (bytes > LargestClass)
            return _allocator.Allocate((nuint)bytes, _purpose);
        int units = UnitsOf(bytes);
        lock (_lock)
        {
            byte* piece = (byte*)_free[units];
            if (piece == null)
                return Cut(units * UnitBytes);
            _free[units] = *(nint*)piece;
            return piece;
        }
    }

    /// <summary>Gives a piece back; <paramref name="bytes"/> as at allocation. Null is ignored.</summary>
    public void Free(void* piece, int bytes)
    {
        if (piece == null)
            return;
        if (bytes > LargestClass)
        {
            _allocator.Free(piece, (nuint)bytes, _purpose);
            return;
        }

        int units = UnitsOf(bytes);
        if (PoisonMode.IsOn)
            Unsafe.InitBlock(piece, PoisonMode.FreedByte, (uint)(units * UnitBytes));
        lock (_lock)
        {
            *(nint*)piece = _free[units];
            _free[units] = (nint)piece;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint page in _pages)
            _allocator.Free((void*)page, PageBytes, _purpose);
        _pages.Clear();
        Array.Clear(_free);
        _next = _end = null;
    }

    private static int UnitsOf(int bytes) => (Math.Max(bytes, 1) + UnitBytes - 1) / UnitBytes;

    private byte* Cut(int bytes)
    {
        if (_end - _next < bytes)
        {
            KeepRest();
            _next = _allocator.Allocate(PageBytes, _purpose);
            _end = _next + PageBytes;
            _pages.Add((nint)_next);
        }

        byte* piece = _next;
        _next += bytes;
        return piece;
    }

    // What is left of a page that is too short for the piece asked for serves a shorter one.
    private void KeepRest()
    {
        int units = (int)(_end - _next) / UnitBytes;
        if (units == 0)
            return;
        *(nint*)_next = _free[units];
        _free[units] = (nint)_next;
    }
}
