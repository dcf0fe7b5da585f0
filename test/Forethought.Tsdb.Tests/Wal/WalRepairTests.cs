using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

public sealed class WalRepairTests
{
    private readonly MemoryDisk _disk = new();

    public WalRepairTests()
    {
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        for (int segment = 0; segment < 4; segment++)
        {
            for (int i = 0; i < 3; i++)
                WalFixture.Write(writer, WalFixture.Record(10 * segment + i, 100));
            if (segment < 3)
                writer.CutSegment();
        }
    }

    [Fact]
    public void Cuts_at_the_damage_and_deletes_what_lies_behind()
    {
        _disk.Root.File("00000001").Content[150] ^= 1;
        TsdbCorruptionException damage = WalFixture.ReadAll(_disk.Root).Damage!;
        WalRepairResult result = WalRepair.Repair(_disk.Root, damage);
        Assert.Equal((1, 107, 32768 - 107), (result.Segment, result.KeptBytes, result.CutBytes));
        Assert.Equal([3, 2], result.DeletedSegments);
        (List<string> records, TsdbCorruptionException? left) = WalFixture.ReadAll(_disk.Root);
        Assert.Null(left);
        Assert.Equal(new[] { 0, 1, 2, 10 }.Select(seed => Convert.ToHexString(WalFixture.Record(seed, 100))), records);
        using var writer = new WalWriter(_disk.Root, WalFixture.Options());
        Assert.Equal(2, writer.Segment);
    }

    [Fact]
    public void A_record_that_cannot_be_decoded_goes_with_what_follows()
    {
        using (var reader = new WalReader(new WalRange(_disk.Root)))
        {
            for (int i = 0; i < 5; i++)
                reader.TryRead(out _);
            WalRepair.Repair(_disk.Root, reader.Locate(new TsdbCorruptionException("invalid size", 1, "", "")));
        }

        Assert.Equal(
            new[] { 0, 1, 2, 10 }.Select(seed => Convert.ToHexString(WalFixture.Record(seed, 100))),
            WalFixture.ReadAll(_disk.Root).Records);
    }

    [Fact]
    public void A_torn_tail_is_cut_off()
    {
        _disk.Root.File("00000003").SetLength(250);
        TsdbCorruptionException damage = WalFixture.ReadAll(_disk.Root).Damage!;
        Assert.True(damage.IsTornTail);
        WalRepair.Repair(_disk.Root, damage);
        Assert.Equal(11, WalFixture.ReadAll(_disk.Root).Records.Count);
        Assert.Equal(WalFormat.PageSize, _disk.Root.File("00000003").Length);
    }

    [Fact]
    public void Killed_at_any_step_a_repair_can_be_repeated()
    {
        for (int step = 0; ; step++)
        {
            var test = new WalRepairTests();
            test._disk.Root.File("00000001").Content[150] ^= 1;
            TsdbCorruptionException damage = WalFixture.ReadAll(test._disk.Root).Damage!;
            int left = step;
            test._disk.Fault = (_, _) => left-- == 0 ? new DiskFault(Crashes: true) : null;
            bool completed = true;
            try
            {
                WalRepair.Repair(test._disk.Root, damage);
            }
            catch (IOException)
            {
                completed = false;
            }

            test._disk.Restart(losesUnsynced: false);
            if (WalFixture.ReadAll(test._disk.Root).Damage is { } again)
                WalRepair.Repair(test._disk.Root, again);
            Assert.Equal(4, WalFixture.ReadAll(test._disk.Root).Records.Count);
            if (completed)
            {
                Assert.True(step >= 5, "a repair takes more steps than that");
                return;
            }
        }
    }

    [Fact]
    public void Damage_without_a_place_is_refused() =>
        Assert.Throws<ArgumentException>(() => WalRepair.Repair(_disk.Root, new TsdbCorruptionException("invalid size", 1, "", "")));
}
