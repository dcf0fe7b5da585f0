using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Memory;

/// <summary>
/// Blocks of 64 bytes, one cache line each, addressed by 32-bit handles; 0 is no block. Freed blocks are reused newest first;
/// pages are kept until the slab is disposed. Not thread-safe: a slab belongs to one head shard and is used under its lock.
/// </summary>
/// <remarks>
/// Bounds: a handle comes only from <see cref="Allocate"/>, its index is below <c>_places</c>, every page below
/// <c>_places / BlocksPerPage</c> exists, and a block never leaves its page. In poison mode each access also compares the
/// handle's generation with the block's.
/// </remarks>
internal sealed unsafe class BlockSlab : IDisposable
{
    /// <summary>Bytes in a block.</summary>
    public const int BlockBytes = 64;

    private const int PageShift = 10;
    private const uint BlocksPerPage = 1 << PageShift;
    private const nuint PageBytes = BlockBytes * BlocksPerPage;

    private readonly NativeAllocator _allocator;
    private readonly MemoryPurpose _purpose;
    private nint[] _pages = new nint[16];
    private byte[] _generations = [];
    private int _pageCount;
    private uint _places;
    private uint _firstFree;

    /// <summary>Makes an empty slab.</summary>
    public BlockSlab(NativeAllocator allocator, MemoryPurpose purpose)
    {
        _allocator = allocator;
        _purpose = purpose;
    }

    /// <summary>Blocks handed out and not freed.</summary>
    public int BlocksInUse { get; private set; }

    /// <summary>Takes a zeroed block.</summary>
    public uint Allocate()
    {
        uint handle = _firstFree;
        if (handle != 0)
        {
            // A free block's first four bytes link to the next free one.
            byte* reused = Pointer(handle);
            _firstFree = *(uint*)reused;
            Unsafe.InitBlock(reused, 0, BlockBytes);
        }
        else
        {
            handle = AddBlock();
        }

        BlocksInUse++;
        return handle;
    }

    /// <summary>Makes sure that the next <see cref="Allocate"/> does not fail.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory left; nothing has changed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReserveBlock()
    {
        if (_firstFree == 0 && _places == (uint)_pageCount << PageShift)
            AddPage();
    }

    /// <summary>Gives a block back. No reader may hold its address (readers copy blocks under the shard's lock).</summary>
    public void Free(uint handle)
    {
        byte* block = Pointer(handle);
        if (PoisonMode.IsOn)
        {
            Unsafe.InitBlock(block, PoisonMode.FreedByte, BlockBytes);
            uint index = SlabHandle.IndexOf(handle);
            _generations[index] = SlabHandle.NextGeneration(_generations[index]);
            handle = SlabHandle.Make(index, _generations[index]);
        }

        *(uint*)block = _firstFree;
        _firstFree = handle;
        BlocksInUse--;
    }

    /// <summary>The block's 64 bytes, valid until it is freed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Get(uint handle) => new(Pointer(handle), BlockBytes);

    /// <summary>The block's address, valid until it is freed; pages do not move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Pointer(uint handle)
    {
        uint index = SlabHandle.IndexOf(handle);
        if (PoisonMode.IsOn && (index >= _places || _generations[index] != SlabHandle.GenerationOf(handle)))
            NativeMemoryException.ThrowStaleHandle(nameof(BlockSlab), handle);
        return (byte*)_pages[index >> PageShift] + (index & (BlocksPerPage - 1)) * BlockBytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _pageCount; i++)
            _allocator.Free((void*)_pages[i], PageBytes, _purpose);
        _pageCount = 0;
        _places = 0;
        _firstFree = 0;
        BlocksInUse = 0;
    }

    private uint AddBlock()
    {
        if (_places == (uint)_pageCount << PageShift)
            AddPage();
        uint handle = SlabHandle.Make(_places++, 0);
        NativeMemory.Clear(Pointer(handle), BlockBytes);
        return handle;
    }

    private void AddPage()
    {
        if (_places + BlocksPerPage > SlabHandle.MaxPlaces)
            NativeMemoryException.ThrowFull(nameof(BlockSlab));
        if (_pageCount == _pages.Length)
            Array.Resize(ref _pages, _pageCount * 2);
        _pages[_pageCount++] = (nint)_allocator.Allocate(PageBytes, _purpose);
        if (PoisonMode.IsOn)
            Array.Resize(ref _generations, _pageCount << PageShift);
    }
}
