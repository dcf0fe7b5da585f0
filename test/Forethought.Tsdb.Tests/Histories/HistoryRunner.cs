using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>Runs a history, and what comes after each of its crashes, and of crashes during that.</summary>
internal sealed class HistoryRunner
{
    private const int DeepestCrash = 3;

    /// <summary>Histories that were run.</summary>
    public int Histories { get; private set; }

    /// <summary>Starts after a crash.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Runs a history.</summary>
    /// <exception cref="Exception">The store is not as the model, or something failed that must not.</exception>
    public async Task RunAsync(HistoryPlan plan)
    {
        Histories++;
        var disk = new MemoryDisk();
        Break(disk, plan);
        var crashes = new Queue<CrashPoint>();
        var actor = new HistoryActor(plan, disk, new HistoryModel(), new HistoryClock(), crashes);
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            await RunAsync($"step {i}", actor, () => actor.TakeAsync(plan.Steps[i]));
            await RecoverAllAsync(plan, crashes, 1);
        }

        await RunAsync("at the end", actor, actor.FinishAsync);
        await RecoverAllAsync(plan, crashes, 1);
    }

    private async Task RecoverAllAsync(HistoryPlan plan, Queue<CrashPoint> crashes, int depth)
    {
        while (crashes.TryDequeue(out CrashPoint? crash))
            await RecoverAsync(plan, crash, depth);
    }

    private async Task RecoverAsync(HistoryPlan plan, CrashPoint crash, int depth)
    {
        Recoveries++;
        var random = new Random(crash.Seed);
        bool crashesAgain = depth < DeepestCrash && random.Next(5) == 0;
        int steps = random.Next(3) == 0 ? random.Next(8) : 0;
        HistoryPlan after = HistoryPlan.Draw(crash.Seed, steps, HistoryWeather.Fair, crashesAgain ? random.Next(5, 50) : 0) with
        {
            TakesLate = plan.TakesLate,
        };
        var crashes = new Queue<CrashPoint>();
        var actor = new HistoryActor(after, crash.Disk, crash.Model, crash.Clock, crashes);
        string place = $"after {(crash.LosesPower ? "power loss" : "end of process")} at {crash.Description}";
        await RunAsync(place, actor, async () =>
        {
            Assert.True(await actor.OpenAsync(crash.LosesPower));
            foreach (HistoryStep step in after.Steps)
                await actor.TakeAsync(step);
            await actor.FinishAsync();
        });
        await RunAsync(place, actor, () => RecoverAllAsync(plan, crashes, depth + 1));
    }

    private static async Task RunAsync(string place, HistoryActor actor, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            throw new HistoryException($"{place}: {e.Message}{(actor.Warnings.Count == 0 ? "" : $" [told: {string.Join("; ", actor.Warnings)}]")}", e);
        }
    }

    private static void Break(MemoryDisk disk, HistoryPlan plan)
    {
        var random = new Random(plan.Seed);
        int from = plan.WeatherFrom, bytesDone = random.Next(2) * random.Next(100);
        int length = random.Next(3) == 0 ? random.Next(1, 30) : 1;
        long free = random.Next(3) == 0 ? 0 : random.Next(6000);
        disk.Fault = plan.Weather switch
        {
            HistoryWeather.Fault => (number, _) => number >= from && number < from + length ? new DiskFault(bytesDone) : null,
            HistoryWeather.Showers => (number, _) => number >= from && random.Next(25) == 0 ? new DiskFault(random.Next(60)) : null,
            HistoryWeather.FailedSyncs => (number, operation) => number >= from / 2 && IsSync(operation) && random.Next(6) == 0 ? new DiskFault() : null,
            HistoryWeather.Full => (number, _) => Fill(number),
            _ => null,
        };

        DiskFault? Fill(int number)
        {
            if (number == from)
                disk.FreeBytes = free;
            if (number == from + 10 * length)
                disk.FreeBytes = long.MaxValue;
            return null;
        }
    }

    private static bool IsSync(DiskOperation operation) => operation.Kind is DiskOperationKind.Sync or DiskOperationKind.SyncDirectory;
}
