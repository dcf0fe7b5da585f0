using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Head;
using Forethought.Tsdb.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Head;

public sealed class BlockTimesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _blocks;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_blocks_every_time_is_valid()
    {
        Assert.Equal(long.MinValue, BlockTimes.FindMinValidTime(_directory.Path));
        Assert.Equal(long.MinValue, BlockTimes.FindMinValidTime(_directory.File("missing")));
        Assert.False(Directory.Exists(_directory.File("missing")));
    }

    [Fact]
    public void The_newest_end_of_a_block_from_the_whole_head_counts()
    {
        Write(100);
        Write(300);
        Write(200);
        Write(900, BlockHints.FromOutOfOrder);
        Write(901, BlockHints.FromStaleSeries);
        Write(902, BlockHints.FromSelectedSeries, "something-new");
        Assert.Equal(300, BlockTimes.FindMinValidTime(_directory.Path));
    }

    [Fact]
    public void What_is_no_block_or_cannot_be_read_does_not_count()
    {
        Write(100);
        string whole = Directory.GetDirectories(_directory.Path).Single();
        string unfinished = _directory.File("01M7WFPX44NQG5SY67SS3R2PB0.tmp-for-creation");
        Directory.CreateDirectory(unfinished);
        File.WriteAllText(
            Path.Combine(unfinished, "meta.json"),
            File.ReadAllText(Path.Combine(whole, "meta.json")).Replace("100", "500", StringComparison.Ordinal));
        Directory.CreateDirectory(_directory.File("01M7WFPX44NQG5SY67SS3R2PB1"));
        Directory.CreateDirectory(_directory.File("01M7WFPX44NQG5SY67SS3R2PB2"));
        File.WriteAllText(_directory.File("01M7WFPX44NQG5SY67SS3R2PB2/meta.json"), "{\"maxTime\":700");
        Assert.Equal(100, BlockTimes.FindMinValidTime(_directory.Path));
    }

    private void Write(long maxTimeMs, params string[] hints)
    {
        var ulid = Ulid.Create(DateTimeOffset.UnixEpoch, new Random(_blocks++));
        var meta = new BlockMeta { Ulid = ulid, MaxTimeMs = maxTimeMs, Compaction = new BlockCompaction { Level = 1, Hints = hints } };
        BlockMetaFile.Write(new FileSystemDirectory(_directory.File(ulid.ToString())), meta);
    }
}
