using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

public sealed class HeadBoundsTests
{
    private readonly HeadBounds _bounds = new(chunkRangeMs: 7_200_000);

    [Fact]
    public void An_empty_head_takes_samples_from_half_a_range_before_its_first_one()
    {
        Assert.Equal((long.MaxValue, long.MinValue), (_bounds.MinTimeMs, _bounds.MaxTimeMs));
        Assert.Equal(10_000_000 - 3_600_000, _bounds.AppendableMinTimeMs(10_000_000));
        _bounds.RaiseMinValid(9_000_000);
        Assert.Equal(9_000_000, _bounds.AppendableMinTimeMs(10_000_000));
    }

    [Fact]
    public void Bounds_widen_and_never_narrow()
    {
        _bounds.Include(50, 60);
        _bounds.Include(55, 58);
        Assert.Equal((50, 60), (_bounds.MinTimeMs, _bounds.MaxTimeMs));
        _bounds.Include(-5, 70);
        Assert.Equal((-5, 70), (_bounds.MinTimeMs, _bounds.MaxTimeMs));
        Assert.Equal(70 - 3_600_000, _bounds.AppendableMinTimeMs(0));
        _bounds.RaiseMinValid(10);
        _bounds.RaiseMinValid(5);
        Assert.Equal(10, _bounds.MinValidTimeMs);
    }

    [Fact]
    public void The_extremes_of_time_do_not_overflow()
    {
        _bounds.Include(long.MinValue, long.MinValue);
        Assert.Equal(long.MinValue, _bounds.AppendableMinTimeMs(long.MinValue));
        _bounds.Include(long.MaxValue, long.MaxValue);
        Assert.Equal(long.MaxValue - 3_600_000, _bounds.AppendableMinTimeMs(0));
    }
}
