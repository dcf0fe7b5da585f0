using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

public sealed class ChunkLimitsTests
{
    /// <summary>The table of upstream's <c>TestComputeChunkEndTime</c>.</summary>
    [Theory]
    [InlineData(0, 250, 1000, 4, 1000)]
    [InlineData(100, 200, 1000, 4, 550)]
    [InlineData(5000, 5110, 10000, 4.2, 5500)]
    [InlineData(0, 500, 1000, 4, 1000)]
    [InlineData(100, 100, 1000, 4, 104)]
    public void Predicts_the_end_as_upstream_does(long start, long now, long latest, double ratio, long expected) =>
        Assert.Equal(expected, ChunkLimits.PredictEnd(start, now, latest, ratio));

    [Theory]
    [InlineData(0, 7200)]
    [InlineData(7199, 7200)]
    [InlineData(7200, 14400)]
    [InlineData(-1, 7200)]
    public void A_range_ends_at_the_next_multiple(long time, long expected) =>
        Assert.Equal(expected, new ChunkLimits(7200, 120).RangeEnd(time));

    [Fact]
    public void The_state_of_a_series_is_one_cache_line()
    {
        Assert.Equal(64, System.Runtime.CompilerServices.Unsafe.SizeOf<SeriesState>());
        Assert.Equal(40, System.Runtime.CompilerServices.Unsafe.SizeOf<SeriesEntry>());
        Assert.Equal(20, System.Runtime.CompilerServices.Unsafe.SizeOf<SealedChunk>());
    }
}
