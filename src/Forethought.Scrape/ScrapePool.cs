using System.Globalization;
using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Model;
using Forethought.Scrape.Targets;

namespace Forethought.Scrape;

/// <summary>The targets of one job and their loops. Changed by the manager, one change at a time; read by anybody.</summary>
internal sealed class ScrapePool
{
    private readonly ScrapeServices _services;

    // Guards what follows.
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, (Target Target, ScrapeLoop Loop)> _active = [];
    private List<DroppedTarget> _dropped = [];
    private int _droppedCount;

    public ScrapePool(ScrapeServices services, ScrapeJob job)
    {
        _services = services;
        Job = job;
        services.Metrics.TargetLimit.WithLabels(job.Name).Set(job.Configuration.TargetLimit);
        services.Metrics.SymbolTableItems.WithLabels(job.Name).Set(0);
    }

    public ScrapeJob Job { get; private set; }

    public IReadOnlyList<TargetState> ActiveTargets()
    {
        lock (_lock)
            return [.. _active.Values.Select(active => active.Target.State(Job.Name))];
    }

    public IReadOnlyList<DroppedTarget> DroppedTargets
    {
        get
        {
            lock (_lock)
                return _dropped;
        }
    }

    public int DroppedCount
    {
        get
        {
            lock (_lock)
                return _droppedCount;
        }
    }

    /// <summary>The families and bytes in the metadata caches.</summary>
    public (int Families, int Bytes) MeasureMetadata()
    {
        lock (_lock)
        {
            int families = 0, bytes = 0;
            foreach ((Target target, _) in _active.Values)
            {
                families += target.Metadata?.Count ?? 0;
                bytes += target.Metadata?.Size ?? 0;
            }

            return (families, bytes);
        }
    }

    /// <summary>Makes the targets those that the groups name, and returns when the loops of those that left are over.</summary>
    public async Task SyncAsync(IReadOnlyList<TargetGroup> groups, ulong offsetSeed)
    {
        long started = _services.Time.GetTimestamp();
        List<Target> targets = MakeTargets(groups);
        List<Task> stopping = Exchange(targets, offsetSeed);
        await Task.WhenAll(stopping).ConfigureAwait(false);
        double seconds = _services.Time.GetElapsedTime(started).TotalSeconds;
        _services.Metrics.SyncLength.WithLabels(Job.Name).Observe(seconds);
        _services.Metrics.SyncLengthHistogram.WithLabels(Job.Name).Observe(seconds);
        _services.Metrics.PoolSyncs.WithLabels(Job.Name).Inc();
    }

    /// <summary>Moves all targets to another configuration of the job. What is remembered of them stays if it is still right.</summary>
    public async Task SwitchAsync(ScrapeJob job, ulong offsetSeed)
    {
        long started = _services.Time.GetTimestamp();
        _services.Metrics.PoolReloads.Inc();
        _services.Metrics.TargetLimit.WithLabels(job.Name).Set(job.Configuration.TargetLimit);
        bool keepsCaches = job.KeepsCachesOf(Job);
        var restarts = new List<Task>();
        lock (_lock)
        {
            Job = job;
            string? error = TargetLimitError();
            foreach ((ulong hash, (Target target, ScrapeLoop old)) in _active)
            {
                var loop = new ScrapeLoop(_services, job, target, keepsCaches ? old.Cache : null) { ForcedError = error };
                _active[hash] = (target, loop);
                restarts.Add(RestartAsync(old, loop, marksStale: !keepsCaches, offsetSeed));
            }
        }

        await Task.WhenAll(restarts).ConfigureAwait(false);
        _services.Metrics.ReloadLength.WithLabels(GoDuration.Format(job.Configuration.ScrapeInterval))
            .Observe(_services.Time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Ends all loops.</summary>
    public async Task StopAsync()
    {
        List<Task> stopping;
        lock (_lock)
        {
            stopping = [.. _active.Values.Select(active => active.Loop.StopAsync(marksStale: true))];
            _active.Clear();
        }

        await Task.WhenAll(stopping).ConfigureAwait(false);
        _services.Metrics.Forget(Job.Name);
    }

    private static async Task RestartAsync(ScrapeLoop old, ScrapeLoop loop, bool marksStale, ulong offsetSeed)
    {
        await old.StopAsync(marksStale).ConfigureAwait(false);
        loop.Start(offsetSeed);
    }

    private List<Target> MakeTargets(IReadOnlyList<TargetGroup> groups)
    {
        ScrapeConfiguration job = Job.Configuration;
        var targets = new List<Target>();
        var dropped = new List<DroppedTarget>();
        int droppedCount = 0, failed = 0;
        var labels = new LabelsBuilder();
        foreach (TargetGroup group in groups)
        {
            for (int i = 0; i < group.Targets.Count; i++)
            {
                Labels own = group.Targets[i];
                try
                {
                    Labels made = TargetLabels.Make(labels, job, Job.Relabeller, own, group.Labels);
                    if (!made.IsEmpty)
                    {
                        targets.Add(new Target(made, job, own, group.Labels));
                        continue;
                    }
                }
                catch (TargetException e)
                {
                    failed++;
                    NotifyFailed(i, group, e);
                    continue;
                }

                droppedCount++;
                if (job.KeepDroppedTargets == 0 || (ulong)dropped.Count < job.KeepDroppedTargets)
                {
                    TargetLabels.Discover(labels, job, own, group.Labels);
                    dropped.Add(new DroppedTarget(job.JobName, labels.ToLabels()));
                }
            }
        }

        _services.Metrics.SyncFailed.WithLabels(job.JobName).Add(failed);
        lock (_lock)
        {
            _dropped = dropped;
            _droppedCount = droppedCount;
        }

        return targets;
    }

    private void NotifyFailed(int index, TargetGroup group, TargetException error) => _services.Notify(new ScrapeNotice(
        ScrapeNoticeLevel.Error, "Creating target failed", Job.Name, "",
        string.Create(CultureInfo.InvariantCulture, $"instance {index} in group {group.Source}: {error.Message}")));

    private List<Task> Exchange(List<Target> targets, ulong offsetSeed)
    {
        var stopping = new List<Task>();
        var started = new List<ScrapeLoop>();
        lock (_lock)
        {
            var present = new HashSet<ulong>();
            foreach (Target target in targets)
            {
                if (!present.Add(target.Hash))
                    continue;
                if (_active.TryGetValue(target.Hash, out (Target Target, ScrapeLoop) known))
                {
                    target.CopyDiscoveryTo(known.Target);
                    continue;
                }

                var loop = new ScrapeLoop(_services, Job, target, cache: null);
                _active.Add(target.Hash, (target, loop));
                started.Add(loop);
            }

            foreach ((ulong hash, (_, ScrapeLoop loop)) in _active)
            {
                if (present.Contains(hash))
                    continue;
                _active.Remove(hash);
                stopping.Add(loop.StopAsync(marksStale: true));
            }

            string? error = TargetLimitError();
            foreach ((_, ScrapeLoop loop) in _active.Values)
                loop.ForcedError = error;
            _services.Metrics.PoolTargets.WithLabels(Job.Name).Set(_active.Count);
        }

        foreach (ScrapeLoop loop in started)
            loop.Start(offsetSeed);
        return stopping;
    }

    private string? TargetLimitError()
    {
        ulong limit = Job.Configuration.TargetLimit;
        if (limit == 0 || (ulong)_active.Count <= limit)
            return null;
        _services.Metrics.ExceededTargetLimit.Inc();
        return string.Create(CultureInfo.InvariantCulture, $"target_limit exceeded (number of targets: {_active.Count}, limit: {limit})");
    }
}
