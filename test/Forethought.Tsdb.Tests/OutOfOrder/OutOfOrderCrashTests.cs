using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Tests.Store;

namespace Forethought.Tsdb.Tests.OutOfOrder;

/// <summary>
/// One history with samples in order and out of order and compactions on a disk that is killed at every one of its operations in
/// turn: what was acknowledged is there afterwards, each sample once, and the store works on.
/// </summary>
public sealed class OutOfOrderCrashTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up", "job", "a");
    private static readonly Labels Late = Labels.FromStrings("__name__", "late", "job", "b");

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(40_000)]
    public async Task A_process_killed_at_any_operation_loses_nothing_acknowledged(int bytesDone)
    {
        var whole = new MemoryDisk { Fault = (_, _) => null };
        int transactions = (await RunAsync(whole)).Count;
        for (int n = 0; n < whole.Operations; n++)
        {
            int at = n;
            var disk = new MemoryDisk { Fault = (number, _) => number == at ? new DiskFault(bytesDone, Crashes: true) : null };
            List<(Labels Labels, long TimeMs)> acknowledged = await RunAsync(disk);
            disk.Restart(losesUnsynced: false);
            Assert.InRange(acknowledged.Count, 0, transactions);
            await using TsdbStore store = await OpenAsync(disk);
            await CheckAsync(store, acknowledged);
            await store.MaintainAsync();
            await CheckAsync(store, acknowledged);
        }
    }

    [Fact]
    public async Task A_failing_log_of_late_samples_fails_the_transaction()
    {
        var disk = new MemoryDisk();
        await using TsdbStore store = await OpenAsync(disk);
        await store.AppendAsync(Up, (10 * Hour, 1));
        await store.AppendAsync(Late, (9 * Hour - 1, 1));
        // The first write goes to the write-ahead log, the second one to the other.
        int writes = 0;
        disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Write && ++writes == 2 ? new DiskFault(3) : null;
        await Assert.ThrowsAsync<IOException>(() => store.AppendAsync(Late, (8 * Hour, 2)));
        Assert.Equal([(9 * Hour - 1, 1.0)], (await store.ReadAsync(0, long.MaxValue))[Late]);
        disk.Fault = null;
        await store.AppendAsync(Late, (8 * Hour, 2));
        Assert.Equal([(8 * Hour, 2.0), (9 * Hour - 1, 1)], (await store.ReadAsync(0, long.MaxValue))[Late]);
    }

    private static Task<TsdbStore> OpenAsync(MemoryDisk disk) => TsdbStore.OpenAsync(new TsdbOptions
    {
        DataDirectory = disk.Root,
        Retention = RetentionLimits.None,
        WalSegmentSize = 32 * 1024,
        OutOfOrderTimeWindow = TimeSpan.FromHours(12),
        OutOfOrderCapMax = 3,
    });

    // Returns the samples that were acknowledged. The disk may be gone at any point.
    private static async Task<List<(Labels Labels, long TimeMs)>> RunAsync(MemoryDisk disk)
    {
        var acknowledged = new List<(Labels, long)>();
        try
        {
            await using TsdbStore store = await OpenAsync(disk);
            await AppendAsync(store, acknowledged, Up, 12 * Hour);
            for (int i = 1; i < 6; i++)
            {
                await AppendAsync(store, acknowledged, Late, 12 * Hour - i * 37 * Minute, 12 * Hour - i * 61 * Minute);
                await AppendAsync(store, acknowledged, Up, 12 * Hour + i * 50 * Minute);
                if (i % 2 == 0)
                    await store.MaintainAsync();
            }
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            // The disk is gone.
        }

        return acknowledged;
    }

    private static async Task AppendAsync(TsdbStore store, List<(Labels, long)> acknowledged, Labels labels, params long[] timesMs)
    {
        await store.AppendAsync(labels, [.. timesMs.Select(time => (time, (double)time))]);
        acknowledged.AddRange(timesMs.Select(time => (labels, time)));
    }

    // At most the transaction whose write was cut short may be there although nobody was told.
    private static async Task CheckAsync(TsdbStore store, List<(Labels Labels, long TimeMs)> acknowledged)
    {
        var all = await store.ReadAsync(0, long.MaxValue);
        var found = all.SelectMany(series => series.Value.Select(sample => (series.Key, sample.TimeMs))).ToList();
        Assert.Empty(acknowledged.Except(found));
        Assert.Equal(found.Distinct(), found);
        Assert.InRange(found.Count - acknowledged.Count, 0, 2);
        Assert.All(all.Values.SelectMany(samples => samples), sample => Assert.Equal(sample.TimeMs, sample.Value));
    }
}
