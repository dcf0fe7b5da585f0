using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed class BufferTableTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly BufferTable _table;

    public BufferTableTests() => _table = new BufferTable(_allocator, MemoryPurpose.OpenHistograms);

    public void Dispose()
    {
        _table.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void A_buffer_grows_and_keeps_handle_and_content()
    {
        uint handle = _table.Allocate(10);
        _table.Get(handle).Fill(9);
        _table.EnsureCapacity(handle, 11);
        Assert.Equal(15, _table.Get(handle).Length);
        Assert.Equal(-1, _table.Get(handle)[..10].IndexOfAnyExcept((byte)9));
        Assert.Equal(-1, _table.Get(handle)[10..].IndexOfAnyExcept((byte)0));
        _table.EnsureCapacity(handle, 1000);
        Assert.Equal(1000, _allocator.BytesOf(MemoryPurpose.OpenHistograms));
        _table.EnsureCapacity(handle, 5);
        Assert.Equal(1000, _table.Get(handle).Length);
    }

    [Fact]
    public void A_freed_buffer_is_caught_and_its_bytes_are_given_back()
    {
        uint kept = _table.Allocate(64);
        uint handle = _table.Allocate(100);
        _table.Free(handle);
        Assert.Equal(64, _allocator.BytesOf(MemoryPurpose.OpenHistograms));
        Assert.Throws<NativeMemoryException>(() => _table.Get(handle).Length);
        uint reused = _table.Allocate(200);
        Assert.Equal(SlabHandle.IndexOf(handle), SlabHandle.IndexOf(reused));
        Assert.Throws<NativeMemoryException>(() => _table.Free(handle));
        Assert.Equal(2, _table.BuffersInUse);
        Assert.Equal(64, _table.Get(kept).Length);
    }

    [Fact]
    public void Many_buffers_keep_apart()
    {
        var random = new Random(2);
        var handles = new List<(uint Handle, int Length)>();
        for (int i = 0; i < 3000; i++)
        {
            int length = random.Next(1, 300);
            uint handle = _table.Allocate(length);
            _table.Get(handle).Fill((byte)i);
            handles.Add((handle, length));
        }

        for (int i = 0; i < 3000; i += 3)
            _table.Free(handles[i].Handle);
        for (int i = 0; i < 3000; i++)
        {
            if (i % 3 == 0)
                continue;
            Assert.Equal(handles[i].Length, _table.Get(handles[i].Handle).Length);
            Assert.Equal(-1, _table.Get(handles[i].Handle).IndexOfAnyExcept((byte)i));
        }
    }
}
