using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>Random histories of a whole store against a model, on a disk that works and on disks that fail in every way they know.</summary>
public sealed class StoreHistoryPropertyTests
{
    private const int Steps = 60;

    [Fact]
    public async Task A_store_holds_what_was_committed_and_nothing_else()
    {
        for (int round = 0; round < Fuzz.Rounds(20); round++)
        {
            await RunAsync(round, async (random, disk) =>
            {
                var history = new StoreHistory(random, disk);
                await history.RunAsync(4 * Steps);
                await history.RecoverAsync(losesUnsynced: false, Steps);
            });
        }
    }

    [Fact]
    public Task A_process_killed_at_any_moment_loses_nothing_acknowledged() => CrashAsync(100, losesUnsynced: false);

    [Fact]
    public Task A_power_loss_at_any_moment_loses_nothing_synced() => CrashAsync(100, losesUnsynced: true);

    [Fact]
    public async Task An_operation_that_fails_costs_what_asked_for_it_only()
    {
        for (int round = 0; round < Fuzz.Rounds(80); round++)
        {
            await RunAsync(round, async (random, disk) =>
            {
                int at = random.Next(10, 900), length = random.Next(3) == 0 ? random.Next(1, 12) : 1, bytesDone = random.Next(2) * random.Next(100);
                var history = new StoreHistory(random, disk) { IsFaulty = true };
                disk.Fault = (number, _) => number >= at && number < at + length ? new DiskFault(bytesDone) : null;
                await history.RunAsync(Steps);
                await history.RecoverAsync(losesUnsynced: false, steps: 10);
            });
        }
    }

    [Fact]
    public async Task A_disk_that_was_full_for_a_while_costs_no_acknowledged_sample()
    {
        for (int round = 0; round < Fuzz.Rounds(50); round++)
        {
            await RunAsync(round, async (random, disk) =>
            {
                var history = new StoreHistory(random, disk) { IsFaulty = true };
                await history.RunAsync(random.Next(Steps));
                disk.FreeBytes = random.Next(20_000);
                await history.RunAsync(random.Next(Steps));
                disk.FreeBytes = long.MaxValue;
                await history.RunAsync(10);
                await history.RecoverAsync(losesUnsynced: false, steps: 10);
            });
        }
    }

    private static async Task CrashAsync(int rounds, bool losesUnsynced)
    {
        for (int round = 0; round < Fuzz.Rounds(rounds); round++)
        {
            await RunAsync(round, async (random, disk) =>
            {
                int at = random.Next(900), bytesDone = random.Next(2) * random.Next(200);
                var history = new StoreHistory(random, disk) { IsFaulty = true };
                disk.Fault = (number, _) => number == at ? new DiskFault(bytesDone, Crashes: true) : null;
                await history.RunAsync(Steps);
                await history.RecoverAsync(losesUnsynced, steps: 10);
            });
        }
    }

    // The message tells the round, with which the seed can be set.
    private static async Task RunAsync(int round, Func<Random, MemoryDisk, Task> history)
    {
        try
        {
            await history(Fuzz.Random(round), new MemoryDisk());
        }
        catch (Exception e)
        {
            Assert.Fail($"round {round}: {e}");
        }
    }
}
