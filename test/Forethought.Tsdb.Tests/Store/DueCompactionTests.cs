using Forethought.Model;
using Forethought.Testing;
using Forethought.Tsdb.Tests.Platform;

namespace Forethought.Tsdb.Tests.Store;

/// <summary>A commit that completes a range has it compacted, on a clock that only the test moves.</summary>
public sealed class DueCompactionTests
{
    private const long Hour = 3_600_000;

    private static readonly Labels Up = Labels.FromStrings("__name__", "up");

    private readonly MemoryDisk _disk = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public async Task A_commit_that_completes_a_range_starts_a_round()
    {
        await using TsdbStore store = await OpenAsync(compactsWhenDue: true);
        await AppendAsync(store, 0, 12);
        await HeadBegins(store, 10);
        Assert.Equal(Enumerable.Range(0, 13).Select(hour => (hour * Hour, (double)hour)), (await store.ReadAsync(0, long.MaxValue))[Up]);
        Assert.Empty(Warnings());
    }

    [Fact]
    public async Task Otherwise_the_next_look_does()
    {
        await using TsdbStore store = await OpenAsync(compactsWhenDue: false);
        await AppendAsync(store, 0, 12);
        Assert.Equal(0, store.Head.Bounds.MinTimeMs);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await HeadBegins(store, 10);
    }

    // Upstream rests for a second after the first failure, twice as long after each that follows, a minute at most.
    [Fact]
    public async Task After_a_failure_commits_start_no_round_until_a_rest_has_passed_which_doubles()
    {
        await using TsdbStore store = await OpenAsync(compactsWhenDue: true);
        int timers = _clock.ArmedTimers;
        _disk.Fault = (_, operation) => operation.Path.Contains("tmp-for-creation", StringComparison.Ordinal) ? new DiskFault() : null;
        await AppendAsync(store, 0, 4);
        int seconds = 1;
        for (int failures = 1; failures <= 8; failures++)
        {
            await Fails(failures, timers);
            await AppendAsync(store, 4 + failures, 4 + failures);
            _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(timers + 1, _clock.ArmedTimers);
            Assert.Equal(failures, Warnings().Count);
            _clock.Advance(TimeSpan.FromTicks(1));
            seconds = Math.Min(2 * seconds, 60);
        }

        await Fails(9, timers);
        _disk.Fault = null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await HeadBegins(store, 10);
    }

    private Task<TsdbStore> OpenAsync(bool compactsWhenDue) => TsdbStore.OpenAsync(new TsdbOptions
    {
        DataDirectory = _disk.Root,
        Retention = RetentionLimits.None,
        CompactsWhenDue = compactsWhenDue,
        TimeProvider = _clock,
        Warned = Warn,
    });

    private static async Task AppendAsync(TsdbStore store, int fromHour, int toHour)
    {
        for (int hour = fromHour; hour <= toHour; hour++)
            await store.AppendAsync(Up, (hour * Hour, hour));
    }

    private static Task HeadBegins(TsdbStore store, int hour) => Eventually.Passes(() =>
    {
        Assert.Equal(hour * Hour, store.Head.Bounds.MinTimeMs);
        return Task.CompletedTask;
    });

    // The timer beyond those of an idle store is the rest.
    private Task Fails(int times, int timers) => Eventually.Passes(() =>
    {
        Assert.Equal(times, Warnings().Count);
        Assert.All(Warnings(), warning => Assert.Equal("compaction failed: injected failure", warning));
        Assert.Equal(timers + 1, _clock.ArmedTimers);
        return Task.CompletedTask;
    });

    private void Warn(string text)
    {
        lock (_warnings)
            _warnings.Add(text);
    }

    private List<string> Warnings()
    {
        lock (_warnings)
            return [.. _warnings];
    }
}
