using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>Many appenders on a disk that fails now and then, and then is killed: the log holds exactly what was acknowledged.</summary>
public sealed class CommitLaneFaultTests
{
    private const int Appenders = 6;
    private const int Commits = 120;

    [Fact]
    public async Task A_disk_that_fails_now_and_then_loses_only_commits_that_were_told_so()
    {
        for (int seed = 0; seed < 8; seed++)
        {
            var disk = new MemoryDisk();
            await using var lane = new CommitLane(new WalWriter(disk.Root, WalFixture.Options()));
            var random = new Random(seed);
            disk.Fault = (_, _) => random.Next(12) == 0 ? new DiskFault(BytesDone: random.Next(300)) : null;
            HashSet<string>[] acknowledged = await AppendAll(lane);
            disk.Fault = null;

            (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(disk.Root);
            Assert.True(damage is null || damage.IsTornTail, damage?.Message);
            string[] expected = [.. acknowledged.SelectMany(set => set).Order()];
            Assert.Equal(expected, records.Order());
            Assert.InRange(expected.Length, 1, Appenders * Commits - 1);
            AssertInOrder(records);
        }
    }

    [Fact]
    public async Task A_disk_that_goes_away_fails_every_commit_and_the_close_but_hangs_nobody()
    {
        var disk = new MemoryDisk();
        var lane = new CommitLane(new WalWriter(disk.Root, WalFixture.Options()));
        disk.Fault = (number, _) => number == 40 ? new DiskFault(BytesDone: 10, Crashes: true) : null;
        HashSet<string>[] acknowledged = await AppendAll(lane);
        await Assert.ThrowsAsync<IOException>(async () => await lane.CloseAsync());
        disk.Restart(losesUnsynced: false);

        (List<string> records, TsdbCorruptionException? damage) = WalFixture.ReadAll(disk.Root);
        if (damage is not null)
            WalRepair.Repair(disk.Root, damage);
        Assert.Superset(acknowledged.SelectMany(set => set).ToHashSet(), records.ToHashSet());
        AssertInOrder(records);
    }

    private static async Task<HashSet<string>[]> AppendAll(CommitLane lane) =>
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(appender => Task.Run(async () =>
        {
            var acknowledged = new HashSet<string>();
            for (int i = 0; i < Commits; i++)
            {
                byte[] record = WalFixture.Record(1000 * appender + i, 40 + 37 * (i % 11));
                record[1] = (byte)appender;
                record[2] = (byte)i;
                try
                {
                    await lane.CommitAsync(WalFixture.Commit(record));
                    acknowledged.Add(Convert.ToHexString(record));
                }
                catch (IOException)
                {
                    // Told so.
                }
            }

            return acknowledged;
        })));

    private static void AssertInOrder(List<string> records)
    {
        foreach (IGrouping<byte, byte[]> appender in records.Select(Convert.FromHexString).GroupBy(record => record[1]))
        {
            byte[] order = [.. appender.Select(record => record[2])];
            Assert.Equal(order.Order(), order);
        }
    }
}
