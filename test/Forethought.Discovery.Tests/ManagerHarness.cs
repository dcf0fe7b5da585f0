using System.Threading.Channels;
using Forethought.Client;
using Forethought.Configuration;
using Forethought.Http;
using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Discovery.Tests;

/// <summary>
/// A manager on a stopped clock, or on the real one where something outside of it takes part (a server, the kernel's notifications).
/// </summary>
internal sealed class ManagerHarness : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly bool _realClock;

    internal ManagerHarness(bool realClock = false)
    {
        _realClock = realClock;
        Manager = new DiscoveryManager("scrape", Registry, new MechanismMetrics(Registry), new DiscoveryOptions
        {
            TimeProvider = realClock ? TimeProvider.System : Clock,
            UpdateInterval = realClock ? TimeSpan.FromMilliseconds(10) : DiscoveryOptions.Default.UpdateInterval,
            Problem = problem => Problems.Writer.TryWrite(problem),
            UserAgent = "test/1",
        });
    }

    internal FakeTimeProvider Clock { get; } = new();

    internal MetricRegistry Registry { get; } = new();

    internal DiscoveryManager Manager { get; }

    internal Channel<DiscoveryProblem> Problems { get; } = Channel.CreateBounded<DiscoveryProblem>(10);

    public ValueTask DisposeAsync() => Manager.DisposeAsync();

    internal static StaticDiscoveryConfiguration Static(params string[] targets) =>
        new([new StaticTargetGroup(targets.ToValueList(), ValueMap<string>.Empty)]);

    internal Task ApplyAsync(params (string Set, DiscoveryConfiguration[] Sections)[] sets) =>
        Manager.ApplyAsync(sets.ToDictionary(static set => set.Set, static set => set.Sections.ToValueList(), StringComparer.Ordinal));

    /// <summary>The next update, moving a stopped clock by 100 ms at a time until it comes.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>> NextUpdateAsync()
    {
        if (_realClock)
        {
            return await Manager.Updates.ReadAsync().AsTask().WaitAsync(Patience);
        }

        IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>? update;
        while (!Manager.Updates.TryRead(out update))
        {
            await Task.Yield();
            Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        return update;
    }

    internal async Task<DiscoveryProblem> NextProblemAsync() => await Problems.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Updates until one satisfies the condition.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>> UpdateWithAsync(
        Func<IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>, bool> condition)
    {
        while (true)
        {
            var update = await NextUpdateAsync();
            if (condition(update))
            {
                return update;
            }
        }
    }

    internal static string[] Addresses(IReadOnlyList<TargetGroup> groups) =>
        [.. groups.SelectMany(static group => group.Targets).Select(static target => target["__address__"])];

    internal static Labels LabelsOf(params string[] namesAndValues) => Labels.FromStrings(namesAndValues);
}
