using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

public sealed class LeveledPlannerTests
{
    [Theory]
    // Cases and results of upstream's TestLeveledCompactor.
    [InlineData("0-20", "", "one block is nothing to compact")]
    [InlineData("0-20 20-40", "", "the range is not full")]
    [InlineData("0-20 20-40 40-60", "", "the newest block waits")]
    [InlineData("0-20 20-40 40-60 60-80", "0-20 20-40 40-60", "the range is full and followed by a block")]
    [InlineData("0-20 20-40 60-80", "", "a gap, but the newest block does not tell yet")]
    [InlineData("0-20 20-40 60-80 80-100", "0-20 20-40", "the gap will not be filled any more")]
    [InlineData("0-20 20-40 40-60 60-120 120-180", "0-20 20-40 40-60", "smaller ranges first")]
    [InlineData("20-40 60-120 960-980 120-180 720-960", "20-40 60-120 120-180", "gaps within a larger range")]
    [InlineData("0-540t3/10", "", "many deletions, but it is the newest")]
    [InlineData("0-540t3/10 540-560", "0-540", "many deletions in a large block")]
    [InlineData("0-60t3/10 60-80", "", "many deletions in a small block")]
    [InlineData("0-540t0/0 540-560", "", "no series and no deletions")]
    [InlineData("0-360 540-560 360-420 420-540", "360-420 420-540", "the newest is the one with the latest samples")]
    [InlineData("0-20 19-40 40-60", "0-20 19-40", "overlap of the first two")]
    [InlineData("0-20 20-40 30-50", "20-40 30-50", "overlap with the newest")]
    [InlineData("0-20 10-40 30-50", "0-20 10-40 30-50", "a chain of overlaps")]
    [InlineData("0-360 340-560 360-420 420-540", "0-360 340-560 360-420 420-540", "overlaps with an earlier one than the last")]
    [InlineData("0-10 9-20 30-40 39-50", "0-10 9-20", "the first of two overlaps")]
    public void Picks_what_upstream_picks(string blocks, string plan, string because) =>
        Assert.Equal((plan, because), (Plan(blocks, 20, 60, 180, 540, 1620), because));

    [Fact]
    public void A_range_whose_beginning_is_gone_is_compacted_once_a_block_follows_it()
    {
        // Retention took 0-20. What is settled reaches to 80, so nothing more comes before 60.
        Assert.Equal("20-40 40-60", Plan("20-40 40-60 60-80 80-100", 20, 60, 180));
        Assert.Equal("", Plan("20-40 40-60 60-80", 20, 60, 180));
    }

    [Theory]
    // TestPlanDoesNotMergeStaleAndNonStaleBlocks.
    [InlineData("0-20 0-20s 20-40 40-60 60-80", "0-20 20-40 40-60")]
    [InlineData("0-20s 20-40s 40-60s 60-80s", "0-20 20-40 40-60")]
    [InlineData("0-20 0-20s 20-40s 40-60s 60-80s", "0-20 20-40 40-60")]
    // By the rules stated there: chosen series likewise, after the stale ones, and never with each other.
    [InlineData("0-20c 20-40c 40-60c 60-80c 0-30s 20-40s", "0-30 20-40")]
    [InlineData("0-20c 0-20s 0-20", "")]
    [InlineData("0-20c 10-20c 0-20s 0-20", "0-20 10-20")]
    // Out-of-order blocks are merged with what they overlap.
    [InlineData("0-20 20-40 5-15o", "0-20 5-15")]
    public void Keeps_parts_of_the_head_apart(string blocks, string plan) => Assert.Equal(plan, Plan(blocks, 20, 60, 180));

    [Theory]
    // TestRangeWithFailedCompactionWontGetSelected.
    [InlineData("0-20 20-40! 40-60 60-80")]
    [InlineData("0-20 20-40! 60-80 80-100")]
    [InlineData("0-20 20-40! 40-60 60-120 120-180 180-200")]
    public void Leaves_a_range_alone_in_which_compacting_failed(string blocks) =>
        Assert.Equal("", Plan(blocks, 20, 60, 240, 720, 2160));

    [Theory]
    // Upstream would pick the overlapping ones for ever and nothing else any more.
    [InlineData("0-20 10-30! 40-60", "")]
    [InlineData("0-20 10-30! 40-60 50-70 80-100", "40-60 50-70")]
    [InlineData("0-20! 10-30 60-80 80-100 100-120 120-140", "60-80 80-100 100-120")]
    [InlineData("0-540!t9/10 540-560", "")]
    [InlineData("0-540t9/10 540-1080!t9/10 1080-1100", "0-540")]
    [InlineData("0-20!t2/2 20-40", "")]
    public void What_failed_does_not_hold_up_the_rest(string blocks, string plan) => Assert.Equal(plan, Plan(blocks, 20, 60, 180, 540, 1620));

    [Theory]
    [InlineData("0-20t2/2 20-40", "0-20")]
    [InlineData("0-20t1/2 20-40", "")]
    // 5 percent of 100 + 1 series.
    [InlineData("0-540t5/100 540-560", "")]
    [InlineData("0-540t6/100 540-560", "0-540")]
    // The newest large block with too many goes first, and a small one ends the search.
    [InlineData("0-540t9/10 540-1080t9/10 1080-1100", "540-1080")]
    [InlineData("0-540t9/10 540-560 560-580", "")]
    public void Writes_a_block_anew_for_its_deletions(string blocks, string plan) => Assert.Equal(plan, Plan(blocks, 20, 60, 180, 540, 1620));

    [Fact]
    public void Never_joins_blocks_when_there_is_only_one_range()
    {
        // TestNoPanicFor0Tombstones, and four blocks that would fill a larger range.
        Assert.Equal("", Plan("0-100 101-200", 50));
        Assert.Equal("", Plan("0-20 20-40 40-60 60-80", 20));
        Assert.Equal("", Plan("", 20, 60));
    }

    [Theory]
    // Cases and results of upstream's TestSplitByRange; groups are parted by a bar.
    [InlineData(60, "0-10", "0-10")]
    [InlineData(60, "0-60", "0-60")]
    [InlineData(60, "0-10 9-15 30-60", "0-10 9-15 30-60")]
    [InlineData(60, "70-90 125-130 130-180 1000-1001", "70-90|125-130 130-180|1000-1001")]
    [InlineData(60, "50-70 70-80", "70-80")]
    [InlineData(72, "0-144 144-216 216-288", "144-216|216-288")]
    [InlineData(60, "-10--5", "-10--5")]
    [InlineData(60, "-60--50 -10--5", "-60--50 -10--5")]
    [InlineData(60, "-60--50 -10--5 0-15", "-60--50 -10--5|0-15")]
    public void Divides_blocks_among_aligned_ranges(long range, string blocks, string groups) =>
        Assert.Equal(groups, string.Join('|', LeveledPlanner.SplitByRange(PlannedBlocks.Parse(blocks), range).Select(PlannedBlocks.Describe)));

    [Fact]
    public void A_year_of_two_hour_blocks_ends_in_blocks_of_the_longest_range_and_no_sample_is_counted_twice()
    {
        // What compaction does over and over: merges the plan and drops its parts. The longest range is 54.
        var planner = new LeveledPlanner([2, 6, 18, 54]);
        var blocks = new List<BlockMeta>();
        for (int hour = 0; hour < 24 * 365; hour += 2)
        {
            blocks.Add(Block(hour, hour + 2, blocks.Count));
            while (planner.Plan(blocks) is { Count: > 0 } plan)
            {
                Assert.True(plan.Count > 1);
                blocks.RemoveAll(plan.Contains);
                blocks.Add(Block(plan[0].MinTimeMs, plan[^1].MaxTimeMs, blocks.Count));
            }
        }

        blocks.Sort((left, right) => left.MinTimeMs.CompareTo(right.MinTimeMs));
        Assert.Equal(0, blocks[0].MinTimeMs);
        Assert.Equal(24 * 365, blocks[^1].MaxTimeMs);
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(pair.First.MaxTimeMs, pair.Second.MinTimeMs));
        Assert.Equal(24 * 365 / 54, blocks.Count(block => block.MaxTimeMs - block.MinTimeMs == 54));
        Assert.InRange(blocks.Count(block => block.MaxTimeMs - block.MinTimeMs < 54), 1, 12);
    }

    [Fact]
    public void Any_blocks_come_to_rest()
    {
        Random random = Fuzz.Random(61);
        for (int round = 0; round < Fuzz.Rounds(300); round++)
        {
            var planner = new LeveledPlanner([20, 60, 180]);
            var blocks = new List<BlockMeta>();
            for (int i = random.Next(12); i > 0; i--)
            {
                long first = random.Next(-300, 300);
                blocks.Add(Block(first, first + 1 + random.Next(60), i));
            }

            for (int steps = 0; planner.Plan(blocks) is { Count: > 0 } plan; steps++)
            {
                Assert.True(steps < 20, PlannedBlocks.Describe(blocks));
                Assert.All(plan, block => Assert.Contains(block, blocks));
                BlockMeta merged = Block(plan.Min(b => b.MinTimeMs), plan.Max(b => b.MaxTimeMs), 1000 + steps);
                blocks.RemoveAll(plan.Contains);
                blocks.Add(merged);
            }

            blocks.Sort((left, right) => left.MinTimeMs.CompareTo(right.MinTimeMs));
            Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.True(pair.First.MaxTimeMs <= pair.Second.MinTimeMs));
        }
    }

    [Theory]
    // Hours: the defaults, 15 days by size alone (31 days), the least, and a longest range below the shortest.
    [InlineData(2, 36, "2 6 18")]
    [InlineData(2, 744, "2 6 18 54 162 486")]
    [InlineData(2, 54, "2 6 18 54")]
    [InlineData(2, 2, "2")]
    [InlineData(6, 2, "6")]
    [InlineData(1, 1_000_000, "1 3 9 27 81 243 729 2187 6561 19683")]
    public void Ranges_grow_by_threes_up_to_the_longest(int min, int max, string ranges)
    {
        long[] hours = [.. BlockRanges.Exponential(TimeSpan.FromHours(min), TimeSpan.FromHours(max)).Select(ms => ms / 3_600_000)];
        Assert.Equal(ranges, string.Join(' ', hours));
    }

    private static string Plan(string blocks, params long[] ranges) =>
        PlannedBlocks.Describe(new LeveledPlanner(ranges).Plan(PlannedBlocks.Parse(blocks)));

    private static BlockMeta Block(long min, long max, int number) =>
        new() { Ulid = PlannedBlocks.Number(number), MinTimeMs = min, MaxTimeMs = max };
}
