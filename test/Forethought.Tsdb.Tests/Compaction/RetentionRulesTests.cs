using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Compaction;
using Xunit;

namespace Forethought.Tsdb.Tests.Compaction;

public sealed class RetentionRulesTests
{
    private static readonly RetentionLimits None = new(TimeSpan.Zero, 0, 0);

    [Theory]
    // Cases and results of upstream's TestTimeRetention.
    [InlineData("500-900 1000-1500 1500-2000", 1000, "1000-1500 1500-2000")]
    [InlineData("500-900 1000-1500 1500-2000", 500, "1500-2000")]
    // The newest block's end counts, however long ago that is, and a block that reaches to within the limit stays whole.
    [InlineData("0-10", 1, "0-10")]
    [InlineData("0-100 100-110", 11, "0-100 100-110")]
    [InlineData("0-100 100-110", 10, "100-110")]
    [InlineData("0-100 100-110", 0, "0-100 100-110")]
    public void Old_blocks_go_by_their_end(string blocks, int milliseconds, string kept)
    {
        RetentionVerdict verdict = Apply(blocks, None with { Duration = TimeSpan.FromMilliseconds(milliseconds) });
        Assert.Equal(kept, Kept(blocks, verdict));
        Assert.Equal(blocks != kept, verdict.IsTimeExceeded);
        Assert.False(verdict.IsSizeExceeded);
    }

    [Theory]
    // Blocks of 100 bytes; as TestSizeRetention has it, one byte too many takes the oldest.
    [InlineData(500, 0, "100-200 200-300 300-400 400-500 500-600")]
    [InlineData(499, 0, "200-300 300-400 400-500 500-600")]
    [InlineData(500, 1, "200-300 300-400 400-500 500-600")]
    [InlineData(500, 200, "300-400 400-500 500-600")]
    [InlineData(500, 10_000, "")]
    [InlineData(0, 10_000, "100-200 200-300 300-400 400-500 500-600")]
    [InlineData(-1, 10_000, "100-200 200-300 300-400 400-500 500-600")]
    public void Too_many_bytes_take_the_oldest_and_the_head_counts(long maxBytes, long headBytes, string kept)
    {
        const string blocks = "100-200 200-300 300-400 400-500 500-600";
        RetentionVerdict verdict = Apply(blocks, None with { MaxBytes = maxBytes }, headBytes);
        Assert.Equal(kept, Kept(blocks, verdict));
        Assert.Equal(kept != blocks, verdict.IsSizeExceeded);
        Assert.False(verdict.IsTimeExceeded);
    }

    [Fact]
    public void A_percentage_of_the_disk_is_a_limit_of_bytes()
    {
        // TestBeyondSizeRetentionWithPercentage: ten blocks are ten percent of the disk, the eleventh is too much.
        string ten = string.Join(' ', Enumerable.Range(1, 10).Select(i => $"{i}-{i + 1}"));
        RetentionLimits limits = None with { MaxPercentage = 10 };
        Assert.Empty(Apply(ten, limits, diskBytes: 10_000).Deletable);
        Assert.Equal([PlannedBlocks.Number(1)], Apply($"{ten} 11-12", limits, diskBytes: 10_000).Deletable);
    }

    [Fact]
    public void A_percentage_goes_before_a_number_of_bytes_unless_the_disk_s_size_is_unknown()
    {
        var limits = new RetentionLimits(TimeSpan.Zero, 100, 50);
        RetentionVerdict verdict = Apply("0-10 10-20 20-30", limits, diskBytes: 600);
        Assert.Empty(verdict.Deletable);
        Assert.False(verdict.IsDiskSizeMissing);
        verdict = Apply("0-10 10-20 20-30", limits, diskBytes: 0);
        Assert.Equal(2, verdict.Deletable.Count);
        Assert.True(verdict.IsDiskSizeMissing);
        Assert.False(Apply("0-10", None, diskBytes: 0).IsDiskSizeMissing);
    }

    [Fact]
    public void Percentages_may_be_fractions() =>
        Assert.Equal("10-20 20-30", Kept("0-10 10-20 20-30", Apply("0-10 10-20 20-30", None with { MaxPercentage = 0.25 }, diskBytes: 80_000)));

    [Fact]
    public void Either_limit_takes_blocks_and_both_are_told()
    {
        var limits = new RetentionLimits(TimeSpan.FromMilliseconds(15), 200, 0);
        RetentionVerdict verdict = Apply("0-10 10-20 20-30 30-40", limits);
        Assert.Equal("20-30 30-40", Kept("0-10 10-20 20-30 30-40", verdict));
        Assert.True(verdict.IsTimeExceeded);
        Assert.True(verdict.IsSizeExceeded);
    }

    [Fact]
    public void What_was_compacted_goes_and_so_does_what_is_empty_after_it()
    {
        Ulid gone = PlannedBlocks.Number(99);
        List<BlockMeta> blocks = PlannedBlocks.Parse("0-10 10-20 0-20 20-30");
        blocks[2] = blocks[2] with
        {
            Compaction = new BlockCompaction
            {
                Level = 2,
                Sources = [blocks[0].Ulid, blocks[1].Ulid],
                Parents = [new(blocks[0].Ulid, 0, 10), new(blocks[1].Ulid, 10, 20), new(gone, 0, 20)],
            },
        };
        blocks[3] = blocks[3] with { Compaction = new BlockCompaction { IsDeletable = true } };
        RetentionVerdict verdict = RetentionRules.Apply([.. blocks.Select(meta => new RetainedBlock(meta, 100))], None, 0, 0);
        Assert.Equal([blocks[0].Ulid, blocks[1].Ulid, blocks[3].Ulid, gone], verdict.Deletable.Order());
        Assert.False(verdict.IsTimeExceeded || verdict.IsSizeExceeded);
    }

    [Fact]
    public void Sources_alone_do_not_delete_a_block()
    {
        // Upstream deletes direct parents: a source may be one that a block still to come is made of.
        List<BlockMeta> blocks = PlannedBlocks.Parse("0-10 0-20");
        blocks[1] = blocks[1] with { Compaction = new BlockCompaction { Level = 3, Sources = [blocks[0].Ulid] } };
        Assert.Empty(RetentionRules.Apply([.. blocks.Select(meta => new RetainedBlock(meta, 100))], None, 0, 0).Deletable);
    }

    [Fact]
    public void No_blocks_are_nothing_to_delete() =>
        Assert.Empty(Apply("", new RetentionLimits(TimeSpan.FromDays(1), 1, 1), headBytes: 5).Deletable);

    private static RetentionVerdict Apply(string blocks, RetentionLimits limits, long headBytes = 0, long diskBytes = 0) =>
        RetentionRules.Apply([.. PlannedBlocks.Parse(blocks).Select(meta => new RetainedBlock(meta, 100))], limits, headBytes, diskBytes);

    private static string Kept(string blocks, RetentionVerdict verdict) =>
        PlannedBlocks.Describe(PlannedBlocks.Parse(blocks).Where(block => !verdict.Deletable.Contains(block.Ulid)));
}
