using System.Collections.Concurrent;
using Forethought.Client;
using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Http;
using Forethought.Model;
using Forethought.Testing;

namespace Forethought.Scrape.Tests;

/// <summary>A scrape manager on a stopped clock and a store in memory.</summary>
internal sealed class Scraping : IAsyncDisposable
{
    private readonly ConcurrentQueue<ScrapeNotice> _notices = new();

    public Scraping() => Manager = new ScrapeManager(Storage, Registry, 1, new ScrapeOptions
    {
        TimeProvider = Clock,
        HostName = "test",
        UserAgent = "Prometheus/3.14.0",
        Notice = _notices.Enqueue,
    });

    public FakeTimeProvider Clock { get; } = new();

    public MemoryStorage Storage { get; } = new();

    public MetricRegistry Registry { get; } = new();

    public ScrapeManager Manager { get; }

    public IReadOnlyCollection<ScrapeNotice> Notices => _notices;

    public static ScrapeConfiguration Job(string name = "job", string path = "/good") => new()
    {
        JobName = name,
        MetricsPath = path,
        ScrapeInterval = TimeSpan.FromSeconds(10),
        ScrapeTimeout = TimeSpan.FromSeconds(10),
        MetricNameEscaping = EscapingSchemes.AllowUtf8,
        Http = HttpClientSettings.Default,
    };

    public Task ApplyAsync(params ScrapeConfiguration[] jobs) => Manager.SwitchAsync(Manager.Prepare(jobs, Labels.Empty));

    /// <summary>Gives a job targets: addresses, or labels as <c>name=value,…</c>.</summary>
    public Task SyncAsync(string job, params string[] targets) => Manager.SyncAsync(new Dictionary<string, IReadOnlyList<TargetGroup>>
    {
        [job] = [new TargetGroup("test", Labels.Empty, [.. targets.Select(Parse)])],
    });

    public async Task StartAsync(ScrapeConfiguration job, params string[] targets)
    {
        await ApplyAsync(job);
        await SyncAsync(job.JobName, targets);
    }

    /// <summary>Lets the clock reach the next scrapes, and waits until so many more transactions were committed.</summary>
    public async Task NextAsync(int commits = 1)
    {
        int before = Storage.Commits;
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Storage.WaitForCommits(before + commits);
    }

    /// <summary>Moves the clock past a time of the storage, and waits until so many more transactions were committed.</summary>
    public async Task UntilAsync(long timeMs, int commits)
    {
        int before = Storage.Commits;
        Clock.Advance(TimeSpan.FromMilliseconds(timeMs + 1 - Clock.GetUtcNow().ToUnixTimeMilliseconds()));
        await Storage.WaitForCommits(before + commits);
    }

    public double Metric(string name)
    {
        string line = Registry.ToText().Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => Manager.DisposeAsync();

    private static Labels Parse(string target) => target.Contains('=', StringComparison.Ordinal)
        ? Labels.FromStrings([.. target.Split(',').SelectMany(pair => pair.Split('=', 2))])
        : Labels.FromStrings("__address__", target);
}
