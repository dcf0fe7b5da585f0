using System.Threading.Channels;
using Forethought.Client;
using Forethought.Configuration;
using Forethought.Http;

namespace Forethought.Discovery;

/// <summary>
/// Runs the discoverers of all sets (scrape jobs or groups of Alertmanagers) and tells their consumer what they found. Sections with the
/// same content share one discoverer; <see cref="ApplyAsync"/> leaves unchanged ones running and keeps what they found. A discoverer that fails
/// keeps what it found and is run again. Updates are whole states: the consumer may skip any but the last. Thread-safe.
/// </summary>
public sealed class DiscoveryManager : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly DiscovererFactory _factory;
    private readonly ManagerMetrics _metrics;
    private readonly MechanismMetrics _mechanismMetrics;
    private readonly DiscoveryOptions _options;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _changes =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Channel<IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>> _updates =
        Channel.CreateBounded<IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>>(1);

    private readonly Task _sending;
    private List<DiscoveryProvider> _providers = [];

    /// <summary>Starts a manager without sets.</summary>
    /// <param name="name">The constant label <c>name</c> of its metrics: <c>scrape</c> or <c>notify</c>.</param>
    /// <param name="registry">Where its metrics go.</param>
    /// <param name="mechanismMetrics">The mechanisms' metrics, shared by all managers.</param>
    /// <param name="options">What it takes from the server.</param>
    public DiscoveryManager(string name, MetricRegistry registry, MechanismMetrics mechanismMetrics, DiscoveryOptions? options = null)
    {
        _options = options ?? DiscoveryOptions.Default;
        _metrics = new ManagerMetrics(registry, name, _options.TimeProvider);
        _mechanismMetrics = mechanismMetrics;
        _factory = new DiscovererFactory(mechanismMetrics, _options);
        _sending = SendAsync();
    }

    /// <summary>
    /// The groups of every set, also of sets without any; a set that is missing was taken away. The first update follows a change by
    /// 100 ms, later ones more slowly while changes keep coming. Ends when the manager is disposed.
    /// </summary>
    public ChannelReader<IReadOnlyDictionary<string, IReadOnlyList<TargetGroup>>> Updates => _updates.Reader;

    /// <summary>
    /// Changes the sets. Discoverers that no set uses any more are stopped before this returns; an update follows in any case. A section
    /// whose discoverer cannot be made is counted and reported, the others go on.
    /// </summary>
    /// <param name="sets">The sections of each set, by the set's name.</param>
    /// <param name="cancellationToken">Gives up waiting for stopped discoverers; the change itself is not undone.</param>
    public async Task ApplyAsync(
        IReadOnlyDictionary<string, ValueList<DiscoveryConfiguration>> sets, CancellationToken cancellationToken = default)
    {
        await _applying.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            List<DiscoveryProvider> obsolete;
            lock (_lock)
            {
                obsolete = Exchange(sets);
            }

            Trigger();
            await StopAsync(obsolete).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Stops all discoverers and ends <see cref="Updates"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        List<DiscoveryProvider> providers;
        lock (_lock)
        {
            (providers, _providers) = (_providers, []);
        }

        await StopAsync(providers).ConfigureAwait(false);
        _updates.Writer.TryComplete();
        _stopping.Dispose();
        _applying.Dispose();
    }

    private static async Task StopAsync(List<DiscoveryProvider> providers)
    {
        foreach (DiscoveryProvider provider in providers)
        {
            await provider.Cancellation.CancelAsync().ConfigureAwait(false);
        }

        foreach (DiscoveryProvider provider in providers)
        {
            await provider.Running.ConfigureAwait(false);
            provider.Dispose();
        }
    }

    // Under the lock: moves to the new sets and returns the providers that are not used any more.
    private List<DiscoveryProvider> Exchange(IReadOnlyDictionary<string, ValueList<DiscoveryConfiguration>> sets)
    {
        int failed = 0;
        foreach ((string set, ValueList<DiscoveryConfiguration> sections) in sets)
        {
            failed += Register(set, sections);
        }

        _metrics.FailedConfigurations.Set(failed);
        List<DiscoveryProvider> obsolete = [.. _providers.Where(static provider => provider.NextSets.Count == 0)];
        foreach (DiscoveryProvider provider in _providers)
        {
            foreach (string set in provider.Sets.Where(set => !provider.NextSets.Contains(set)))
            {
                _mechanismMetrics.Forget(provider.Configuration.Mechanism, set);
            }
        }

        HashSet<string> gone = [.. _providers.SelectMany(static provider => provider.Sets).Where(set => !sets.ContainsKey(set))];
        foreach (string set in gone)
        {
            _metrics.DiscoveredTargets.Remove(set);
            _metrics.LastUpdated.Remove(set);
        }

        _providers = [.. _providers.Where(static provider => provider.NextSets.Count > 0)];
        foreach (DiscoveryProvider provider in _providers)
        {
            bool isNew = provider.Sets.Count == 0;
            (provider.Sets, provider.NextSets) = (provider.NextSets, new HashSet<string>(StringComparer.Ordinal));
            if (isNew)
            {
                provider.Running = RunAsync(provider);
            }
        }

        return obsolete;
    }

    // Under the lock: assigns a provider to each section of a set and returns how many could not be made.
    private int Register(string set, ValueList<DiscoveryConfiguration> sections)
    {
        int failed = 0;
        bool added = false;
        foreach (DiscoveryConfiguration section in sections)
        {
            DiscoveryProvider? provider = _providers.Find(existing => existing.Configuration.Equals(section)) ?? TryCreate(set, section);
            if (provider is null)
            {
                failed++;
                continue;
            }

            provider.NextSets.Add(set);
            added = true;
        }

        if (!added)
        {
            // The set must appear in updates, so that its consumer drops what it had.
            Register(set, [new StaticDiscoveryConfiguration([StaticTargetGroup.Empty])]);
        }

        return failed;
    }

    private DiscoveryProvider? TryCreate(string set, DiscoveryConfiguration section)
    {
        try
        {
            var provider = new DiscoveryProvider(section, _factory.Create(section, set));
            _providers.Add(provider);
            return provider;
        }
        catch (Exception e) when (e is HttpConfigurationException or NotSupportedException or ArgumentException)
        {
            Report("Cannot create service discovery", section, set, e);
            return null;
        }
    }

    private async Task RunAsync(DiscoveryProvider provider)
    {
        CancellationToken stop = provider.Cancellation.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Not under the lock that the caller may hold.
                await Task.Yield();
                await provider.Discoverer.RunAsync(groups => Receive(provider, groups), stop).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Report("Service discovery failed and will be run again", provider.Configuration, string.Join(',', provider.Sets), e);
            }

            try
            {
                await Task.Delay(RetryDelay, _options.TimeProvider, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Receive(DiscoveryProvider provider, IReadOnlyList<TargetGroup> groups)
    {
        _metrics.ReceivedUpdates.Inc();
        lock (_lock)
        {
            foreach (TargetGroup group in groups)
            {
                if (group.Targets.Count > 0)
                {
                    provider.Groups[group.Source] = group;
                }
                else
                {
                    provider.Groups.Remove(group.Source);
                }
            }
        }

        Trigger();
    }

    private void Trigger() => _changes.Writer.TryWrite(true);

    private async Task SendAsync()
    {
        var pace = new UpdatePace(_options.UpdateInterval, _options.TimeProvider);
        try
        {
            await foreach (bool _ in _changes.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                do
                {
                    await pace.WaitAsync(_stopping.Token).ConfigureAwait(false);
                    _metrics.SentUpdates.Inc();
                }
                while (!TrySend());
                pace.Sent();
            }
        }
        catch (OperationCanceledException)
        {
            // The manager is being disposed.
        }
    }

    private bool TrySend()
    {
        if (_updates.Writer.TryWrite(AllGroups()))
        {
            return true;
        }

        _metrics.DelayedUpdates.Inc();
        return false;
    }

    private Dictionary<string, IReadOnlyList<TargetGroup>> AllGroups()
    {
        var all = new Dictionary<string, List<TargetGroup>>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (DiscoveryProvider provider in _providers)
            {
                foreach (string set in provider.Sets)
                {
                    if (!all.TryGetValue(set, out List<TargetGroup>? groups))
                    {
                        all.Add(set, groups = []);
                    }

                    groups.AddRange(provider.Groups.Values);
                }
            }

            foreach ((string set, List<TargetGroup> groups) in all)
            {
                _metrics.DiscoveredTargets.WithLabels(set).Set(groups.Sum(static group => group.Targets.Count));
                _metrics.LastUpdated.WithLabels(set).SetToCurrentTime();
            }
        }

        return all.ToDictionary(static set => set.Key, static set => (IReadOnlyList<TargetGroup>)set.Value, StringComparer.Ordinal);
    }

    private void Report(string message, DiscoveryConfiguration configuration, string set, Exception error) =>
        _options.Problem?.Invoke(new DiscoveryProblem(message, configuration.Mechanism, set, error));
}
