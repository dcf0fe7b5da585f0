using System.Security.Cryptography;
using Forethought.Client;
using Forethought.Configuration;
using Forethought.Discovery;
using Forethought.Flags;
using Forethought.Scrape;
using Forethought.Storage;
using Microsoft.Extensions.Logging;

namespace Forethought.Server;

/// <summary>Discovery and scraping, wired to each other.</summary>
internal sealed class ScrapeComponent : IAsyncDisposable
{
    private const string UserAgent = "Prometheus/" + Build.PrometheusVersion;

    private readonly DiscoveryManager _discovery;
    private readonly ILogger _discoveryLog;
    private readonly ILogger _log;
    private Task? _stopping;

    public ScrapeComponent(
        FlagValues flags,
        FeatureSwitches features,
        IAppendable storage,
        MetricRegistry registry,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        _log = loggers.CreateLogger("Forethought.Scrape");
        _discoveryLog = loggers.CreateLogger("Forethought.Discovery");
        _discovery = new DiscoveryManager("scrape", registry, new MechanismMetrics(registry), new DiscoveryOptions
        {
            TimeProvider = time,
            UserAgent = UserAgent,
            Problem = problem => ServerLog.DiscoveryProblem(
                _discoveryLog, problem.Message, problem.Mechanism, problem.Set, problem.Error?.Message ?? ""),
        });

        // Targets must not know the hash by which their lines are recognised.
        ulong hashSeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Manager = new ScrapeManager(storage, registry, hashSeed, new ScrapeOptions
        {
            TimeProvider = time,
            UserAgent = UserAgent,
            PassesMetadata = features["metadata-wal-records"],
            AlignTimestamps = flags.Bool("scrape.adjust-timestamps"),
            TimestampTolerance = flags.Duration("scrape.timestamp-tolerance"),
            DiscoveryReloadInterval = flags.Duration("scrape.discovery-reload-interval"),
            Notice = Log,
        });
        Manager.Run(_discovery.Updates);
    }

    /// <summary>The scrape manager.</summary>
    public ScrapeManager Manager { get; }

    /// <summary>Prepares from a configuration; the switch applies it.</summary>
    public Func<Task> Prepare(PrometheusConfiguration configuration)
    {
        var files = ScrapeConfigurationFiles.Load(configuration, MissingFeatures.Settings);
        PreparedScrape prepared = Manager.Prepare(files.Jobs, configuration.Global.ExternalLabels);
        var sets = files.Jobs.ToDictionary(job => job.JobName, job => job.Discovery);
        return async () =>
        {
            foreach (UnsupportedSetting setting in files.UnsupportedSettings)
                ServerLog.SettingWithoutFeature(_log, setting.Path, setting.File, setting.Line);
            await Manager.SwitchAsync(prepared).ConfigureAwait(false);
            await _discovery.ApplyAsync(sets).ConfigureAwait(false);
        };
    }

    /// <summary>Ends all scrapes; no stale markers are written, because the server will be back.</summary>
    public Task StopAsync() => _stopping ??= StopOnceAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task StopOnceAsync()
    {
        await Manager.DisposeAsync().ConfigureAwait(false);
        await _discovery.DisposeAsync().ConfigureAwait(false);
    }

    private void Log(ScrapeNotice notice)
    {
        LogLevel level = notice.Level switch
        {
            ScrapeNoticeLevel.Debug => LogLevel.Debug,
            ScrapeNoticeLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Error,
        };
        ServerLog.ScrapeNotice(_log, level, notice.Message, notice.ScrapePool, notice.Target, notice.DroppedSamples, notice.Error);
    }
}
