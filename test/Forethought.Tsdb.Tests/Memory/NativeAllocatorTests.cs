using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Memory;

public sealed unsafe class NativeAllocatorTests
{
    [Fact]
    public void Tests_run_with_poisoned_memory() => Assert.True(PoisonMode.IsOn);

    [Fact]
    public void Counts_bytes_by_purpose()
    {
        var allocator = new NativeAllocator();
        byte* series = allocator.Allocate(4096, MemoryPurpose.SeriesState);
        byte* log = allocator.AllocateZeroed(100, MemoryPurpose.Wal);
        Assert.Equal(4096, allocator.BytesOf(MemoryPurpose.SeriesState));
        Assert.Equal(100, allocator.BytesOf(MemoryPurpose.Wal));
        Assert.Equal(0, allocator.BytesOf(MemoryPurpose.Postings));
        Assert.Equal(4196, allocator.TotalBytes);
        Assert.Equal(0UL, (ulong)series % 64);
        Assert.Equal(-1, new ReadOnlySpan<byte>(log, 100).IndexOfAnyExcept((byte)0));

        allocator.Free(series, 4096, MemoryPurpose.SeriesState);
        var error = Assert.Throws<NativeMemoryException>(allocator.AssertNothingOutstanding);
        Assert.Equal("native memory outstanding at shutdown: Wal 100", error.Message);
        allocator.Free(log, 100, MemoryPurpose.Wal);
        allocator.AssertNothingOutstanding();
    }
}
