using System.Runtime.CompilerServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// A growing array of fixed-size structs in native pages of 1,024, zeroed when a page is made. Addresses do not move. One writer at
/// a time grows it; readers need no lock for indexes they were handed.
/// </summary>
/// <remarks>Bounds: an index is below the length that <see cref="EnsureLength"/> was last told; in poison mode that is checked.</remarks>
internal sealed unsafe class PagedArray<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Indexes with the same value above this shift share a page.</summary>
    public const int PageShift = 10;

    private const int PerPage = 1 << PageShift;

    private readonly NativeAllocator _allocator;
    private readonly MemoryPurpose _purpose;
    private nint[] _pages = [];
    private int _pageCount;

    /// <summary>Makes an empty array.</summary>
    public PagedArray(NativeAllocator allocator, MemoryPurpose purpose)
    {
        _allocator = allocator;
        _purpose = purpose;
    }

    private static nuint PageBytes => (nuint)(PerPage * sizeof(T));

    /// <summary>The element's address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Pointer(uint index)
    {
        nint[] pages = Volatile.Read(ref _pages);
        if (PoisonMode.IsOn && (index >> PageShift >= (uint)pages.Length || pages[index >> PageShift] == 0))
            NativeMemoryException.ThrowStaleHandle(nameof(PagedArray<T>), index);
        return (T*)pages[index >> PageShift] + (index & (PerPage - 1));
    }

    /// <summary>Makes room for indexes below <paramref name="length"/>.</summary>
    public void EnsureLength(uint length)
    {
        while ((uint)_pageCount << PageShift < length)
            AddPage();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _pageCount; i++)
            _allocator.Free((void*)_pages[i], PageBytes, _purpose);
        _pages = [];
        _pageCount = 0;
    }

    private void AddPage()
    {
        nint page = (nint)_allocator.AllocateZeroed(PageBytes, _purpose);
        if (_pageCount == _pages.Length)
        {
            // Readers may hold the old directory: it stays as it is.
            nint[] grown = new nint[Math.Max(4, _pageCount * 2)];
            _pages.CopyTo(grown, 0);
            grown[_pageCount++] = page;
            Volatile.Write(ref _pages, grown);
            return;
        }

        Volatile.Write(ref _pages[_pageCount++], page);
    }
}
