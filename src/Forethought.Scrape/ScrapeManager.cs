using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Forethought.Client;
using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Scrape.Clock;
using Forethought.Scrape.Targets;
using Forethought.Storage;
using TargetSets = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlyList<Forethought.Discovery.TargetGroup>>;

namespace Forethought.Scrape;

/// <summary>
/// Scrapes the targets of all jobs into storage. Its configuration is changed in two steps, <see cref="Prepare"/> and
/// <see cref="SwitchAsync"/>, of which only the first can fail; its targets come from <see cref="Run"/>. Thread-safe.
/// </summary>
public sealed class ScrapeManager : IAsyncDisposable
{
    private readonly ScrapeServices _services;
    private readonly ScrapeClock _clock;
    private readonly CancellationTokenSource _shutdown = new();

    // One change of jobs or targets at a time.
    private readonly SemaphoreSlim _changing = new(1, 1);

    // Guards what follows, which is read without a change.
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ScrapePool> _pools = new(StringComparer.Ordinal);
    private Dictionary<string, ScrapeJob> _jobs = [];
    private string? _hostName;
    private ulong _offsetSeed;
    private Task _receiving = Task.CompletedTask;
    private bool _isStopped;

    /// <summary>Makes a manager without jobs.</summary>
    /// <param name="storage">Where samples go.</param>
    /// <param name="registry">Where the metrics <c>prometheus_target_…</c> go.</param>
    /// <param name="hashSeed">A random number of this process, by which targets' texts are hashed: unknown to targets.</param>
    /// <param name="options">What it takes from the server.</param>
    public ScrapeManager(IAppendable storage, MetricRegistry registry, ulong hashSeed, ScrapeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        options ??= ScrapeOptions.Default;
        _hostName = options.HostName;
        _clock = new ScrapeClock(options.TimeProvider);
        _services = new ScrapeServices(
            storage, options, new ScrapeMetrics(registry, options.TimeProvider), _clock, hashSeed, _shutdown.Token);
        registry.Register(new MetadataCollector(MeasureMetadata));
    }

    /// <summary>The names of the scrape pools: jobs that have had targets or at least heard of their absence; in order.</summary>
    public IReadOnlyList<string> ScrapePools => [.. Pools().Select(static pool => pool.Job.Name)];

    /// <summary>The targets that are scraped, by pool.</summary>
    public IReadOnlyList<TargetState> ActiveTargets => [.. Pools().SelectMany(static pool => pool.ActiveTargets())];

    /// <summary>The targets that relabelling dropped, by pool, as far as <c>keep_dropped_targets</c> lets them be kept.</summary>
    public IReadOnlyList<DroppedTarget> DroppedTargets => [.. Pools().SelectMany(static pool => pool.DroppedTargets)];

    /// <summary>How many targets relabelling dropped in each pool, kept or not.</summary>
    public IReadOnlyList<(string ScrapePool, int Count)> DroppedTargetCounts =>
        [.. Pools().Select(static pool => (pool.Job.Name, pool.DroppedCount))];

    /// <summary>The configuration of a pool.</summary>
    /// <exception cref="KeyNotFoundException">There is no such pool; the message is upstream's.</exception>
    public ScrapeConfiguration PoolConfiguration(string scrapePool)
    {
        lock (_lock)
        {
            return _pools.TryGetValue(scrapePool, out ScrapePool? pool)
                ? pool.Job.Configuration
                : throw new KeyNotFoundException($"scrape pool {GoQuote.Quote(scrapePool)} not found");
        }
    }

    /// <summary>Makes a configuration ready without changing anything. Jobs that have not changed are taken over as they are.</summary>
    /// <param name="jobs">All scrape configurations (<see cref="ScrapeConfigurationFiles.Jobs"/>).</param>
    /// <param name="externalLabels">They move the moments at which targets are scraped, so that replicas take turns.</param>
    /// <exception cref="ScrapeConfigurationException">A job cannot be made ready.</exception>
    public PreparedScrape Prepare(IReadOnlyList<ScrapeConfiguration> jobs, Labels externalLabels)
    {
        Dictionary<string, ScrapeJob> current;
        lock (_lock)
            current = _jobs;
        var next = new Dictionary<string, ScrapeJob>(StringComparer.Ordinal);
        var made = new List<ScrapeJob>();
        var prepared = new PreparedScrape(next, made, new FailureLogs(jobs.Select(job => job.ScrapeFailureLogFile)), externalLabels);
        try
        {
            foreach (ScrapeConfiguration job in jobs)
            {
                if (!current.TryGetValue(job.JobName, out ScrapeJob? same) || !same.Configuration.Equals(job))
                    made.Add(same = new ScrapeJob(job, _services.Options));
                next[job.JobName] = same;
            }

            return prepared;
        }
        catch
        {
            _services.Metrics.PoolReloadsFailed.Inc();
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Switches to a prepared configuration: jobs that are gone lose their targets, changed ones restart their loops, new ones wait for
    /// their targets. Returns when the scrapes under the old configuration are over.
    /// </summary>
    public async Task SwitchAsync(PreparedScrape prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            _hostName ??= await HostName.FindAsync(_shutdown.Token).ConfigureAwait(false);
            _offsetSeed = Fnv1a.Hash(_hostName + prepared.ExternalLabels);
            List<ScrapeJob> obsolete;
            lock (_lock)
            {
                HashSet<ScrapeJob> kept = [.. prepared.Jobs.Values];
                obsolete = [.. _jobs.Values.Where(job => !kept.Contains(job))];
                _jobs = prepared.Jobs;
                prepared.Taken();
            }

            _services.Use(prepared.FailureLogs);

            await Task.WhenAll(Pools().Select(MoveAsync)).ConfigureAwait(false);
            foreach (ScrapeJob job in obsolete)
                job.Dispose();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Begins to take targets from discovery (<see cref="DiscoveryManager.Updates"/>), the first after one
    /// <see cref="ScrapeOptions.DiscoveryReloadInterval"/> and then not more often than once in each. To be called once.
    /// </summary>
    public void Run(ChannelReader<TargetSets> updates) => _receiving = ReceiveAsync(updates);

    /// <summary>Makes the targets of all jobs those that the groups name.</summary>
    public async Task SyncAsync(TargetSets sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isStopped)
                return;
            IEnumerable<Task> syncs = sets.Select(set => FindPool(set.Key)?.SyncAsync(set.Value, _offsetSeed) ?? Task.CompletedTask);
            await Task.WhenAll(syncs).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Stops scraping: requests at hand are given up and nothing is written any more, no stale markers either, since the server will be
    /// back.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isStopped)
                return;
            _isStopped = true;
            await Task.WhenAll(Pools().Select(static pool => pool.StopAsync())).ConfigureAwait(false);
            _clock.Dispose();
            foreach (ScrapeJob job in _jobs.Values)
                job.Dispose();
            _services.Dispose();
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task MoveAsync(ScrapePool pool)
    {
        if (!_jobs.TryGetValue(pool.Job.Name, out ScrapeJob? job))
        {
            lock (_lock)
                _pools.Remove(pool.Job.Name);
            await pool.StopAsync().ConfigureAwait(false);
        }
        else if (job != pool.Job)
        {
            await pool.SwitchAsync(job, _offsetSeed).ConfigureAwait(false);
        }
    }

    // Discovery may be ahead: only its latest word counts, so it is never kept waiting.
    private async Task ReceiveAsync(ChannelReader<TargetSets> updates)
    {
        var latest = Channel.CreateBounded<(TargetSets Sets, long Arrived)>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Task syncing = SyncLatestAsync(latest.Reader);
        try
        {
            await foreach (TargetSets sets in updates.ReadAllAsync(_shutdown.Token).ConfigureAwait(false))
                latest.Writer.TryWrite((sets, _services.Time.GetTimestamp()));
        }
        catch (OperationCanceledException)
        {
            // The manager is being disposed.
        }

        latest.Writer.TryComplete();
        await syncing.ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "New targets must be taken whatever was wrong with the old; the error is logged.")]
    private async Task SyncLatestAsync(ChannelReader<(TargetSets Sets, long Arrived)> latest)
    {
        try
        {
            await Task.Delay(_services.Options.DiscoveryReloadInterval, _services.Time, _shutdown.Token).ConfigureAwait(false);
            long began = _services.Time.GetTimestamp();
            await foreach ((TargetSets sets, long arrived) in latest.ReadAllAsync(_shutdown.Token).ConfigureAwait(false))
            {
                try
                {
                    await SyncAsync(sets).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    _services.Notify(new ScrapeNotice(ScrapeNoticeLevel.Error, "error reloading target set", "", "", e.ToString()));
                }

                // Counted from the update's arrival: discovery paces its updates too, and the two delays must not add up.
                TimeSpan pause = _services.Options.DiscoveryReloadInterval - _services.Time.GetElapsedTime(Math.Max(began, arrived));
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, _services.Time, _shutdown.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The manager is being disposed.
        }
    }

    private ScrapePool? FindPool(string name)
    {
        lock (_lock)
        {
            if (_pools.TryGetValue(name, out ScrapePool? pool))
                return pool;
            if (!_jobs.TryGetValue(name, out ScrapeJob? job))
            {
                _services.Notify(new ScrapeNotice(
                    ScrapeNoticeLevel.Error, "error reloading target set", name, Error: "invalid config id:" + name));
                return null;
            }

            _services.Metrics.Pools.Inc();
            pool = new ScrapePool(_services, job);
            _pools.Add(name, pool);
            return pool;
        }
    }

    private List<ScrapePool> Pools()
    {
        lock (_lock)
            return [.. _pools.Values];
    }

    private IEnumerable<(string Job, int Families, int Bytes)> MeasureMetadata()
    {
        foreach (ScrapePool pool in Pools())
        {
            (int families, int bytes) = pool.MeasureMetadata();
            yield return (pool.Job.Name, families, bytes);
        }
    }
}
