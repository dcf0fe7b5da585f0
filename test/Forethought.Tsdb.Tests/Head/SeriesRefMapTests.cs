using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;

namespace Forethought.Tsdb.Tests.Head;

public sealed class SeriesRefMapTests : IDisposable
{
    private readonly NativeAllocator _allocator = new();
    private readonly EpochManager _epochs;
    private readonly SeriesRefMap _map;

    public SeriesRefMapTests()
    {
        _epochs = new EpochManager(_allocator);
        _map = new SeriesRefMap(_allocator, _epochs);
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _map.Dispose();
        _allocator.AssertNothingOutstanding();
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(4095UL)]
    [InlineData(4096UL)]
    [InlineData(1UL << 26)]
    [InlineData((1UL << 40) - 1)]
    public void Finds_what_was_added_and_nothing_else(ulong reference)
    {
        _map.Add(reference, 0);
        Assert.True(_map.TryGet(reference, out uint slot));
        Assert.Equal(0u, slot);
        Assert.False(_map.TryGet(reference + 1, out _));
        Assert.False(_map.TryGet(reference - 1, out _));
        Assert.False(_map.TryGet(ulong.MaxValue, out _));
    }

    [Fact]
    public void Refuses_a_reference_that_a_log_should_never_hold() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _map.Add(SeriesRefMap.Limit, 1));

    [Fact]
    public void A_page_whose_references_are_all_removed_is_given_back()
    {
        for (ulong reference = 1; reference < 4096; reference++)
            _map.Add(reference, (uint)reference);
        _map.Add(4096, 7);
        Assert.Equal(2 * 16384, _allocator.TotalBytes);
        for (ulong reference = 1; reference < 4096; reference++)
        {
            _map.Remove(reference, newestReference: 4096);
            Assert.False(_map.TryGet(reference, out _));
        }

        _epochs.Drain();
        Assert.Equal(16384, _allocator.TotalBytes);
        _map.Remove(4096, newestReference: 4096);
        _epochs.Drain();
        Assert.Equal(16384, _allocator.TotalBytes);
        _map.Add(4097, 8);
        Assert.True(_map.TryGet(4097, out uint slot));
        Assert.Equal(8u, slot);
    }
}
