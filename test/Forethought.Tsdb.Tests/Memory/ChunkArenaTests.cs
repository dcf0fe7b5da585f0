using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed unsafe class ChunkArenaTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly ChunkArena _arena;

    public ChunkArenaTests() => _arena = new ChunkArena(_allocator, MemoryPurpose.SealedChunks);

    public void Dispose()
    {
        _arena.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void Pieces_of_every_size_keep_apart_and_do_not_move()
    {
        var random = new Random(3);
        var pieces = new List<(uint Handle, int Length, nint Address)>();
        for (int i = 0; i < 4000; i++)
        {
            int length = i % 500 == 499 ? 100_000 : random.Next(1, 1200);
            uint handle = _arena.Allocate(length);
            new Span<byte>(_arena.Pointer(handle), length).Fill((byte)i);
            pieces.Add((handle, length, (nint)_arena.Pointer(handle)));
        }

        for (int i = 0; i < pieces.Count; i++)
        {
            (uint handle, int length, nint address) = pieces[i];
            Assert.Equal(address, (nint)_arena.Pointer(handle));
            Assert.Equal(0, address % 8);
            Assert.Equal(-1, new ReadOnlySpan<byte>((void*)address, length).IndexOfAnyExcept((byte)i));
        }
    }

    [Fact]
    public void Pages_are_given_back_when_their_last_piece_is_freed()
    {
        var handles = new Queue<uint>();
        for (int i = 0; i < 1000; i++)
            handles.Enqueue(_arena.Allocate(1000));
        long full = _allocator.BytesOf(MemoryPurpose.SealedChunks);
        Assert.InRange(full, 1_000_000, 1_200_000);
        while (handles.Count > 500)
            _arena.Free(handles.Dequeue(), 1000);
        Assert.InRange(_allocator.BytesOf(MemoryPurpose.SealedChunks), 500_000, 650_000);
        while (handles.Count > 0)
            _arena.Free(handles.Dequeue(), 1000);
        Assert.Equal(65536, _allocator.BytesOf(MemoryPurpose.SealedChunks));
        Assert.Equal(0, _arena.PiecesInUse);
    }

    [Fact]
    public void A_piece_larger_than_a_page_gets_and_gives_back_its_own()
    {
        uint small = _arena.Allocate(10);
        uint large = _arena.Allocate(70_000);
        uint next = _arena.Allocate(10);
        Assert.True(_allocator.BytesOf(MemoryPurpose.SealedChunks) >= 65536 + 70_000);
        _arena.Free(large, 70_000);
        Assert.Equal(65536, _allocator.BytesOf(MemoryPurpose.SealedChunks));
        _arena.Free(small, 10);
        _arena.Free(next, 10);
    }

    [Fact]
    public void A_freed_piece_is_caught()
    {
        uint handle = _arena.Allocate(30);
        uint other = _arena.Allocate(30);
        byte* address = _arena.Pointer(handle);
        _arena.Free(handle, 30);
        Assert.Equal(PoisonMode.FreedByte, *address);
        Assert.Throws<NativeMemoryException>(() => (nint)_arena.Pointer(handle));
        Assert.Throws<NativeMemoryException>(() => _arena.Free(handle, 30));
        _arena.Free(other, 30);
    }
}
