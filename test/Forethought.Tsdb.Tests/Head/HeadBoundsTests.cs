using Forethought.Testing;
using Forethought.Tsdb.Head;

namespace Forethought.Tsdb.Tests.Head;

public sealed class HeadBoundsTests
{
    private static readonly long NowMs = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly FakeTimeProvider _clock = new();
    private readonly HeadBounds _bounds;

    public HeadBoundsTests() => _bounds = new HeadBounds(chunkRangeMs: 7_200_000, _clock);

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
    public void What_is_appended_while_a_truncation_looks_for_the_oldest_sample_stays_within_the_bounds()
    {
        _bounds.Include(1000, 90_000);
        _bounds.BeginTruncation();
        _bounds.Include(40_000, 95_000);
        _bounds.EndTruncation(50_000);
        Assert.Equal((40_000, 95_000), (_bounds.MinTimeMs, _bounds.MaxTimeMs));
        _bounds.BeginTruncation();
        _bounds.EndTruncation(60_000);
        Assert.Equal(60_000, _bounds.MinTimeMs);
        _bounds.Include(55_000, 55_000);
        Assert.Equal(55_000, _bounds.MinTimeMs);
    }

    [Fact]
    public void The_extremes_of_time_do_not_overflow()
    {
        _bounds.Include(long.MinValue, long.MinValue);
        Assert.Equal(long.MinValue, _bounds.AppendableMinTimeMs(long.MinValue));
        Assert.False(_bounds.IsCompactable);
        _bounds.Include(long.MaxValue, long.MaxValue);
        Assert.Equal(NowMs - 3_600_000, _bounds.AppendableMinTimeMs(0));
        Assert.True(_bounds.IsCompactable);
    }

    [Fact]
    public void A_sample_far_ahead_does_not_make_samples_of_today_too_old()
    {
        _bounds.Include(NowMs - 1000, NowMs - 1000);
        _bounds.Include(NowMs + 3_600_000, NowMs + 3_600_000);
        Assert.Equal(NowMs, _bounds.AppendableMinTimeMs(0));
        _bounds.Include(NowMs + 3_600_001, NowMs + 3_600_001);
        Assert.Equal(NowMs - 3_600_000, _bounds.AppendableMinTimeMs(0));
        Assert.Equal(NowMs + 3_600_001, _bounds.MaxTimeMs);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(NowMs + 1, _bounds.AppendableMinTimeMs(0));
    }

    [Fact]
    public void A_far_first_sample_leaves_room_for_samples_of_today() =>
        Assert.Equal(NowMs - 3_600_000, _bounds.AppendableMinTimeMs(NowMs + 1_000_000_000_000));

    [Fact]
    public void The_head_is_compactable_once_it_spans_more_than_one_and_a_half_ranges()
    {
        Assert.False(_bounds.IsCompactable);
        _bounds.Include(1_000, 1_000);
        Assert.False(_bounds.IsCompactable);
        _bounds.Include(1_000, 10_801_000);
        Assert.False(_bounds.IsCompactable);
        _bounds.Include(1_000, 10_801_001);
        Assert.True(_bounds.IsCompactable);
    }

    [Fact]
    public void A_sample_far_ahead_does_not_make_the_head_compactable()
    {
        _bounds.Include(NowMs - 10_800_000, NowMs + 1_000_000_000_000);
        Assert.False(_bounds.IsCompactable);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_bounds.IsCompactable);
    }
}
