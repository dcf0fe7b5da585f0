using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed unsafe class PagedArrayTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly PagedArray<long> _array;

    public PagedArrayTests() => _array = new PagedArray<long>(_allocator, MemoryPurpose.SeriesState);

    public void Dispose()
    {
        _array.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void Elements_are_zero_at_first_and_do_not_move_while_the_array_grows()
    {
        _array.EnsureLength(1);
        long* first = _array.Pointer(0);
        for (uint i = 0; i < 20_000; i++)
        {
            _array.EnsureLength(i + 1);
            Assert.Equal(0, *_array.Pointer(i));
            *_array.Pointer(i) = i;
        }

        Assert.Equal((nint)first, (nint)_array.Pointer(0));
        for (uint i = 0; i < 20_000; i++)
            Assert.Equal(i, *_array.Pointer(i));
        Assert.Equal(20 * 1024 * sizeof(long), _allocator.TotalBytes);
    }

    [Fact]
    public void An_index_beyond_the_pages_is_caught()
    {
        _array.EnsureLength(1024);
        Assert.Throws<NativeMemoryException>(() => (nint)_array.Pointer(1024));
        Assert.Throws<NativeMemoryException>(() => (nint)_array.Pointer(uint.MaxValue));
    }
}
