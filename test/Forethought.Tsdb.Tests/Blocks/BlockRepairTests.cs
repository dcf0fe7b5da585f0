using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Tests.Platform;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>The block of upstream's TestRepairBadIndexVersion, and what that test finds in it afterwards.</summary>
public sealed class BlockRepairTests
{
    private const string Golden = "tsdb/repair_index_version/01BZJ9WJQPWHGNC2W4J9TA62KC";

    [Fact]
    public void A_block_of_release_2_1_is_mended()
    {
        MemoryDisk disk = Broken();
        Assert.Throws<TsdbCorruptionException>(() => Read(disk));
        Assert.True(BlockRepair.MendVersion(disk.Root));
        Assert.Equal(["{a=\"1\", b=\"1\"}", "{a=\"2\", b=\"1\"}"], Read(disk));
        BlockMeta meta = BlockMetaFile.Read(disk.Root, out _);
        Assert.Equal(88_910UL, meta.Stats.Series);
        Assert.Equal(["index", "meta.json"], disk.Root.List().Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.False(BlockRepair.MendVersion(disk.Root));
    }

    [Fact]
    public void After_a_power_loss_at_any_operation_it_can_still_be_mended()
    {
        for (int n = 0; ; n++)
        {
            int at = n;
            MemoryDisk disk = Broken();
            int before = disk.Operations;
            disk.Fault = (number, _) => number == at + before ? new DiskFault(2, Crashes: true) : null;
            Exception? failure = Record.Exception(() => BlockRepair.MendVersion(disk.Root));
            disk.Restart(losesUnsynced: true);
            BlockRepair.MendVersion(disk.Root);
            Assert.Equal(["{a=\"1\", b=\"1\"}", "{a=\"2\", b=\"1\"}"], Read(disk));
            if (failure is null)
                return;
        }
    }

    [Fact]
    public void Versions_that_nobody_wrote_are_refused()
    {
        var disk = new MemoryDisk();
        disk.Root.Create("meta.json").Write("""{"version":3,"ulid":"01BZJ9WJQPWHGNC2W4J9TA62KC"}"""u8, 0);
        TsdbCorruptionException found = Assert.Throws<TsdbCorruptionException>(() => BlockRepair.MendVersion(disk.Root));
        Assert.Equal("unexpected meta file version 3", found.Message);
    }

    private static MemoryDisk Broken()
    {
        var disk = new MemoryDisk();
        foreach (string name in (string[])["index", "meta.json"])
        {
            var file = (MemoryFile)disk.Root.Create(name);
            file.Write(File.ReadAllBytes(Conformance.Path($"{Golden}/{name}")), 0);
            file.Sync();
        }

        disk.Root.Sync();
        return disk;
    }

    private static List<string> Read(MemoryDisk disk)
    {
        using BlockIndex index = BlockIndex.Open(disk.Root);
        var found = new List<string>();
        var series = new BlockSeries();
        BlockPostings postings = index.Postings("b"u8, "1"u8);
        for (int i = 0; i < postings.Count; i++)
        {
            index.ReadSeries(postings[i], series);
            found.Add(Labels.FromPacked(series.PackedLabels).ToString());
        }

        return found;
    }
}
