using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed class BlockSlabTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly BlockSlab _slab;

    public BlockSlabTests() => _slab = new BlockSlab(_allocator, MemoryPurpose.OpenChunks);

    public void Dispose()
    {
        _slab.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Fact]
    public void Blocks_are_zeroed_and_keep_apart_over_many_pages()
    {
        var handles = new uint[5000];
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = _slab.Allocate();
            Assert.NotEqual(0u, handles[i]);
            Assert.Equal(-1, _slab.Get(handles[i]).IndexOfAnyExcept((byte)0));
            _slab.Get(handles[i]).Fill((byte)i);
        }

        for (int i = 0; i < handles.Length; i++)
            Assert.Equal(-1, _slab.Get(handles[i]).IndexOfAnyExcept((byte)i));
        Assert.Equal(5000, _slab.BlocksInUse);
        Assert.Equal(5 * 65536, _allocator.BytesOf(MemoryPurpose.OpenChunks));
    }

    [Fact]
    public void A_freed_block_is_reused_zeroed_under_a_new_handle()
    {
        uint first = _slab.Allocate();
        _slab.Get(first).Fill(7);
        _slab.Free(first);
        Assert.Equal(0, _slab.BlocksInUse);
        uint second = _slab.Allocate();
        Assert.NotEqual(first, second);
        Assert.Equal(SlabHandle.IndexOf(first), SlabHandle.IndexOf(second));
        Assert.Equal(-1, _slab.Get(second).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Reading_or_freeing_a_freed_block_is_caught()
    {
        uint handle = _slab.Allocate();
        _slab.Free(handle);
        Assert.Throws<NativeMemoryException>(() => _slab.Get(handle).Length);
        Assert.Throws<NativeMemoryException>(() => _slab.Free(handle));
        _slab.Allocate();
        Assert.Throws<NativeMemoryException>(() => _slab.Get(handle).Length);
        Assert.Throws<NativeMemoryException>(() => _slab.Get(0).Length);
    }

    [Fact]
    public void Random_use_agrees_with_a_dictionary()
    {
        var random = new Random(1);
        var model = new Dictionary<uint, byte>();
        for (int step = 0; step < 20_000; step++)
        {
            if (model.Count == 0 || random.Next(100) < 52)
            {
                uint handle = _slab.Allocate();
                byte mark = (byte)random.Next(256);
                _slab.Get(handle).Fill(mark);
                model.Add(handle, mark);
            }
            else
            {
                (uint handle, byte mark) = model.ElementAt(random.Next(Math.Min(model.Count, 8)));
                Assert.Equal(-1, _slab.Get(handle).IndexOfAnyExcept(mark));
                _slab.Free(handle);
                model.Remove(handle);
            }
        }

        foreach ((uint handle, byte mark) in model)
            Assert.Equal(-1, _slab.Get(handle).IndexOfAnyExcept(mark));
        Assert.Equal(model.Count, _slab.BlocksInUse);
    }
}
