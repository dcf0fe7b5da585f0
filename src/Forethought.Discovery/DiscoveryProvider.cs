using Forethought.Configuration;

namespace Forethought.Discovery;

/// <summary>
/// A running discoverer, the sets that use it and what it has found so far. All members but the discoverer are guarded by the manager's lock.
/// </summary>
internal sealed class DiscoveryProvider(DiscoveryConfiguration configuration, IDiscoverer discoverer) : IDisposable
{
    internal DiscoveryConfiguration Configuration { get; } = configuration;

    internal IDiscoverer Discoverer { get; } = discoverer;

    internal CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The discoverer's loop; completed once the provider is stopped.</summary>
    internal Task Running { get; set; } = Task.CompletedTask;

    internal HashSet<string> Sets { get; set; } = new(StringComparer.Ordinal);

    internal HashSet<string> NextSets { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The groups by source, in the order in which the sources first appeared.</summary>
    internal OrderedDictionary<string, TargetGroup> Groups { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        Cancellation.Dispose();
        (Discoverer as IDisposable)?.Dispose();
    }
}
