using System.Globalization;
using Forethought.Configuration;
using Forethought.Model;
using Forethought.Scrape.Cache;

namespace Forethought.Scrape.Targets;

/// <summary>One endpoint of a job. Written by its scrape loop and by its pool, read by the API; thread-safe.</summary>
internal sealed class Target
{
    private readonly Lock _lock = new();
    private (ScrapeConfiguration Job, Labels Own, Labels Group) _discovered;
    private string _lastError = "";
    private string _health = "unknown";
    private DateTimeOffset _lastScrape;
    private TimeSpan _lastDuration;
    private MetadataCache? _metadata;

    public Target(Labels labels, ScrapeConfiguration job, Labels own, Labels group)
    {
        Labels = labels;
        PublicLabels = TargetLabels.Public(labels);
        Url = TargetUrl.Build(labels, job.Parameters);
        Hash = Fnv1a.Hash(labels.Hash().ToString("D16", CultureInfo.InvariantCulture) + Url);
        _discovered = (job, own, group);
    }

    public Labels Labels { get; }

    /// <summary>The labels that samples get.</summary>
    public Labels PublicLabels { get; }

    public string Url { get; }

    /// <summary>The target's identity in its pool.</summary>
    public ulong Hash { get; }

    public TimeSpan Interval => PrometheusDuration.Parse(Labels[TargetLabels.Interval]);

    public TimeSpan Timeout => PrometheusDuration.Parse(Labels[TargetLabels.Timeout]);

    /// <summary>
    /// The time from <paramref name="nowTicks"/> (UTC) to the target's next place in the interval, which its hash decides: the same after a
    /// restart, another on a server with another seed.
    /// </summary>
    public TimeSpan Offset(TimeSpan interval, ulong seed, long nowTicks)
    {
        // In nanoseconds since 1970, as upstream, so that both servers scrape a target at the same moment.
        long intervalNs = interval.Ticks * TimeSpan.NanosecondsPerTick;
        long nowNs = (nowTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        long next = intervalNs - nowNs % intervalNs + (long)((Hash ^ seed) % (ulong)intervalNs);
        if (next > intervalNs)
            next -= intervalNs;
        return new TimeSpan(next / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>
    /// Tells the target that is scraped what this one, which is the same, was discovered as: meta labels may have changed.
    /// </summary>
    public void CopyDiscoveryTo(Target scraped)
    {
        lock (scraped._lock)
            scraped._discovered = _discovered;
    }

    public void Use(MetadataCache metadata)
    {
        lock (_lock)
            _metadata = metadata;
    }

    public MetadataCache? Metadata
    {
        get
        {
            lock (_lock)
                return _metadata;
        }
    }

    public void Report(DateTimeOffset start, TimeSpan duration, string error)
    {
        lock (_lock)
        {
            _lastScrape = start;
            _lastDuration = duration;
            _lastError = error;
            _health = error.Length == 0 ? "up" : "down";
        }
    }

    public TargetState State(string pool)
    {
        lock (_lock)
        {
            return new TargetState
            {
                DiscoveredLabels = DiscoveredLabels(),
                Labels = PublicLabels,
                ScrapePool = pool,
                ScrapeUrl = Url,
                LastError = _lastError,
                LastScrape = _lastScrape,
                LastScrapeDuration = _lastDuration,
                Health = _health,
                ScrapeInterval = Labels[TargetLabels.Interval],
                ScrapeTimeout = Labels[TargetLabels.Timeout],
                Metadata = _metadata?.List() ?? [],
            };
        }
    }

    private Labels DiscoveredLabels()
    {
        var labels = new LabelsBuilder();
        TargetLabels.Discover(labels, _discovered.Job, _discovered.Own, _discovered.Group);
        return labels.ToLabels();
    }
}
