using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed unsafe class SmallHeapTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly SmallHeap _heap;

    public SmallHeapTests() => _heap = new SmallHeap(_allocator, MemoryPurpose.Symbols);

    public void Dispose()
    {
        _heap.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void Pieces_of_all_sizes_keep_apart_under_random_use()
    {
        var random = new Random(12);
        var pieces = new List<(nint Address, int Length, byte Mark)>();
        for (int step = 0; step < 30_000; step++)
        {
            if (pieces.Count > 0 && random.Next(100) < 45)
            {
                int i = random.Next(pieces.Count);
                (nint address, int length, byte mark) = pieces[i];
                Assert.Equal(-1, new ReadOnlySpan<byte>((void*)address, length).IndexOfAnyExcept(mark));
                _heap.Free((void*)address, length);
                pieces[i] = pieces[^1];
                pieces.RemoveAt(pieces.Count - 1);
                continue;
            }

            int size = random.Next(20) == 0 ? random.Next(1, 5000) : random.Next(1, 100);
            byte* piece = _heap.Allocate(size);
            Assert.Equal(0, (nint)piece % 8);
            new Span<byte>(piece, size).Fill((byte)step);
            pieces.Add(((nint)piece, size, (byte)step));
        }

        foreach ((nint address, int length, byte mark) in pieces)
        {
            Assert.Equal(-1, new ReadOnlySpan<byte>((void*)address, length).IndexOfAnyExcept(mark));
            _heap.Free((void*)address, length);
        }
    }

    [Fact]
    public void Freed_pieces_are_poisoned_and_used_again()
    {
        byte* piece = _heap.Allocate(40);
        _heap.Free(piece, 40);
        Assert.Equal(PoisonMode.FreedByte, piece[39]);
        Assert.Equal((nint)piece, (nint)_heap.Allocate(37));
        Assert.Equal(65536, _allocator.TotalBytes);
    }

    [Fact]
    public void Large_pieces_come_from_the_allocator_and_go_back_to_it()
    {
        byte* piece = _heap.Allocate(100_000);
        Assert.Equal(100_000, _allocator.TotalBytes);
        _heap.Free(piece, 100_000);
        Assert.Equal(0, _allocator.TotalBytes);
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(mark => new Thread(() =>
        {
            var random = new Random(mark);
            for (int i = 0; i < 20_000; i++)
            {
                int size = random.Next(1, 64);
                byte* piece = _heap.Allocate(size);
                new Span<byte>(piece, size).Fill((byte)mark);
                if (new ReadOnlySpan<byte>(piece, size).ContainsAnyExcept((byte)mark))
                    throw new InvalidOperationException("a piece was handed out twice");
                _heap.Free(piece, size);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }
}
