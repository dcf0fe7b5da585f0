using Forethought.Client;
using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Flags;
using Forethought.Web;
using Microsoft.Extensions.Logging;

namespace Forethought.Server;

/// <summary>Discovery and scraping, wired to each other.</summary>
internal sealed class ScrapeComponent : IAsyncDisposable
{
    private readonly DiscoveryManager _discovery;
    private readonly ILogger _log;
    private Task? _stopping;
    private readonly TargetsView _targets = new([], [], []);

    public ScrapeComponent(FlagValues flags, MetricRegistry registry, ILoggerFactory loggers, TimeProvider time)
    {
        _log = loggers.CreateLogger("Forethought.Scrape");
        _discovery = new DiscoveryManager("scrape", registry, new MechanismMetrics(registry), new DiscoveryOptions
        {
            TimeProvider = time,
            UserAgent = "Prometheus/" + Build.PrometheusVersion,
            UpdateInterval = flags.Duration("scrape.discovery-reload-interval"),
            Problem = problem => ServerLog.DiscoveryProblem(
                _log, problem.Message, problem.Mechanism, problem.Set, problem.Error?.Message ?? ""),
        });
    }

    /// <summary>A picture of all targets.</summary>
    public TargetsView Targets() => _targets;

    /// <summary>Prepares from a configuration; the switch applies it.</summary>
    public Func<Task> Prepare(PrometheusConfiguration configuration)
    {
        var sets = configuration.ScrapeConfigurations.ToDictionary(scrape => scrape.JobName, scrape => scrape.Discovery);
        return () => _discovery.ApplyAsync(sets);
    }

    /// <summary>Ends all scrapes; the samples taken so far are committed.</summary>
    public Task StopAsync() => _stopping ??= _discovery.DisposeAsync().AsTask();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}
