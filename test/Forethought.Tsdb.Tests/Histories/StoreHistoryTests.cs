using Forethought.Testing;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>
/// Random histories of a whole store against a model, on disks that work and on disks that fail, with crashes. A failure tells the seed and the
/// shortest history that fails; <c>make soak</c> runs as many as <c>FORETHOUGHT_HISTORY_CASES</c> says from <c>FORETHOUGHT_HISTORY_SEED</c> on.
/// </summary>
public sealed class StoreHistoryTests
{
    private const int Steps = 50;

    [Fact]
    public Task A_store_holds_what_was_committed_and_nothing_else() => RunAsync(40, seed => HistoryPlan.Draw(seed, 3 * Steps, HistoryWeather.Fair, 0));

    [Fact]
    public Task A_crash_or_power_loss_loses_nothing_acknowledged_and_invents_nothing() =>
        RunAsync(60, seed => HistoryPlan.Draw(seed, Steps, HistoryWeather.Fair, 30));

    [Fact]
    public Task A_crash_or_power_loss_at_every_operation_of_a_history_loses_nothing_acknowledged() =>
        RunAsync(2, seed => HistoryPlan.Draw(seed, Steps / 2, HistoryWeather.Fair, 1));

    [Theory]
    [InlineData((int)HistoryWeather.Fault)]
    [InlineData((int)HistoryWeather.Showers)]
    [InlineData((int)HistoryWeather.Full)]
    public Task A_failing_disk_costs_what_was_not_acknowledged_only(int weather) =>
        RunAsync(40, seed => HistoryPlan.Draw(seed, Steps, (HistoryWeather)weather, 60));

    [Fact]
    public Task A_sync_that_fails_costs_nothing_that_was_acknowledged() =>
        RunAsync(40, seed => HistoryPlan.Draw(seed, Steps, HistoryWeather.FailedSyncs, 60));

    private static async Task RunAsync(int histories, Func<int, HistoryPlan> draw)
    {
        var runner = new HistoryRunner();
        int first = HistorySoak.FirstSeed, count = HistorySoak.Histories(histories);
        for (int i = 0; i < count; i++)
        {
            HistoryPlan plan = draw(first + i);
            try
            {
                await runner.RunAsync(plan);
            }
            catch (Exception e)
            {
                (HistoryPlan shortest, Exception failure) = await HistoryShrinker.ShrinkAsync(plan, e);
                Assert.Fail($"{e.Message}\nshrunk to: {shortest}\n{failure.Message}\n{failure.GetBaseException()}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{runner.Histories} histories from seed {first}, {runner.Recoveries} starts after crashes");
    }
}
