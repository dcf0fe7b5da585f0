using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>
/// The same history on a disk that fails at every one of its operations in turn. What was acknowledged must be there afterwards;
/// of what was not, nothing may show while the store runs, and after a crash all of a transaction or nothing.
/// </summary>
public sealed class CrashTests
{
    private const int Transactions = 14;
    private const int SeriesPerTransaction = 40;

    public static TheoryData<int> BytesDone() => [0, 1, 6, 7, 300, 40_000];

    [Theory]
    [MemberData(nameof(BytesDone))]
    public async Task A_process_killed_at_any_operation_loses_nothing_acknowledged(int bytesDone)
    {
        int operations = await CountOperationsAsync();
        for (int n = 0; n < operations; n++)
        {
            int at = n;
            var disk = new MemoryDisk { Fault = (number, _) => number == at ? new DiskFault(bytesDone, Crashes: true) : null };
            List<int> acknowledged = await RunAsync(disk);
            disk.Restart(losesUnsynced: false);
            List<int> found = await FindAsync(disk);
            Assert.Empty(acknowledged.Except(found));

            // At most the one whose write was cut short may be there although nobody was told.
            Assert.InRange(found.Count - acknowledged.Count, 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(BytesDone))]
    public async Task A_failing_operation_fails_its_transaction_and_no_other(int bytesDone)
    {
        int operations = await CountOperationsAsync();
        // The first ones make the directories and the first segment, and sync its name.
        for (int n = 5; n < operations - 3; n++)
        {
            int at = n;
            var disk = new MemoryDisk { Fault = (number, _) => number == at ? new DiskFault(bytesDone) : null };
            List<int> acknowledged = await RunAsync(disk);
            Assert.InRange(acknowledged.Count, Transactions - 1, Transactions);
            disk.Restart(losesUnsynced: false);
            Assert.Equal(acknowledged, await FindAsync(disk));
        }
    }

    [Fact]
    public async Task On_a_full_disk_commits_fail_reads_go_on_and_with_room_again_so_do_commits()
    {
        var disk = new MemoryDisk();
        await using TsdbStore store = await OpenAsync(disk);
        await CommitAsync(store, 0);
        disk.FreeBytes = 100;
        for (int i = 1; i < 4; i++)
            await Assert.ThrowsAsync<IOException>(() => CommitAsync(store, i));
        Assert.Equal([0], Visible(await store.ReadAsync(0, long.MaxValue)));
        disk.FreeBytes = long.MaxValue;
        await CommitAsync(store, 4);
        Assert.Equal([0, 4], Visible(await store.ReadAsync(0, long.MaxValue)));
    }

    [Fact]
    public async Task Series_of_a_failed_transaction_are_logged_with_the_next_one()
    {
        var disk = new MemoryDisk();
        await using (TsdbStore store = await OpenAsync(disk))
        {
            disk.FreeBytes = 0;
            await Assert.ThrowsAsync<IOException>(() => CommitAsync(store, 0));
            disk.FreeBytes = long.MaxValue;
            await CommitAsync(store, 1);
        }

        Assert.Equal([1], await FindAsync(disk));
    }

    private static Task<TsdbStore> OpenAsync(MemoryDisk disk) =>
        TsdbStore.OpenAsync(new TsdbOptions { DataDirectory = disk.Root, WalSegmentSize = WalFormat.PageSize });

    private static async Task<int> CountOperationsAsync()
    {
        var disk = new MemoryDisk { Fault = (_, _) => null };
        Assert.Equal(Transactions, (await RunAsync(disk)).Count);
        Assert.True(WalSegments.List(disk.Log).Count > 1, "the history should cross a segment");
        return disk.Operations;
    }

    // Returns the transactions that were acknowledged. The disk may be gone at any point.
    private static async Task<List<int>> RunAsync(MemoryDisk disk)
    {
        var acknowledged = new List<int>();
        try
        {
            await using TsdbStore store = await OpenAsync(disk);
            for (int i = 0; i < Transactions; i++)
            {
                try
                {
                    await CommitAsync(store, i);
                    acknowledged.Add(i);
                }
                catch (IOException)
                {
                    // Not acknowledged.
                }

                Assert.Equal(acknowledged, Visible(await store.ReadAsync(0, long.MaxValue)));
            }
        }
        catch (IOException)
        {
            // The store could not be opened or closed cleanly.
        }

        return acknowledged;
    }

    private static async Task<List<int>> FindAsync(MemoryDisk disk)
    {
        await using TsdbStore store = await OpenAsync(disk);
        return Visible(await store.ReadAsync(0, long.MaxValue));
    }

    private static async Task CommitAsync(TsdbStore store, int transaction)
    {
        using IAppender appender = store.OpenAppender();
        var batch = new AppendBatch();
        for (int i = 0; i < SeriesPerTransaction; i++)
        {
            // Half of the series are new in each transaction.
            int series = i % 2 == 0 ? i : transaction * 1000 + i;
            Labels labels = Labels.FromStrings("__name__", "m", "i", $"{series}", "pad", Noise(series));
            batch.Add(appender.Series(labels), (transaction + 1) * 1000, transaction);
        }

        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync();
    }

    // Long enough and irregular enough that compression leaves segments to be cut.
    private static string Noise(int seed)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, 250).Select(_ => (char)('a' + random.Next(26))));
    }

    // The transactions that show, each of which must show as a whole.
    private static List<int> Visible(SortedDictionary<Labels, List<(long TimeMs, double Value)>> all)
    {
        var counts = new SortedDictionary<int, int>();
        foreach ((long timeMs, double value) in all.Values.SelectMany(samples => samples))
        {
            Assert.Equal(timeMs, ((long)value + 1) * 1000);
            counts[(int)value] = counts.GetValueOrDefault((int)value) + 1;
        }

        Assert.All(counts.Values, count => Assert.Equal(SeriesPerTransaction, count));
        return [.. counts.Keys];
    }
}
