using Forethought.Client;
using Forethought.Configuration;
using Forethought.Encoding;
using Forethought.Flags;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.Remote.Receive;
using Forethought.Storage;
using Forethought.Tsdb;
using Forethought.Tsdb.Chunks;
using Forethought.Web;
using Microsoft.Extensions.Logging;

namespace Forethought.Server;

/// <summary>
/// One run of the server, from loaded flags to the exit code. It reads as the start-up sequence: configuration, web server
/// bound, storage, engine, discovery, scraping, ready. A request to stop works in every phase.
/// </summary>
internal sealed class ServerRun : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly FlagValues _flags;
    private readonly FeatureSwitches _features;
    private readonly StorageSettings _storageSettings;
    private readonly ExternalUrl _externalUrl;
    private readonly CorsPolicy _cors;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly MetricRegistry _registry = new();
    private readonly ServerReadiness _readiness = new();
    private readonly StorageHandle _storage = new();
    private readonly CancellationTokenSource _stop = new();

    public ServerRun(
        FlagValues flags, FeatureSwitches features, ExternalUrl externalUrl, CorsPolicy cors, ILoggerFactory loggers, TimeProvider time)
    {
        _flags = flags;
        _features = features;
        _storageSettings = new StorageSettings(flags, features);
        _externalUrl = externalUrl;
        _cors = cors;
        _loggers = loggers;
        _log = loggers.CreateLogger("Forethought.Server");
        _time = time;
    }

    /// <summary>Runs the server until it is asked to stop and returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        Reloader? ready = null;
        using var signals = new ProcessSignals(Terminate, () => ReloadInBackground(ready));
        ServerLog.Starting(_log, Build.Information.Version, Build.Information.Revision, "server");
        if (LoadConfiguration() is not { } configuration)
            return 2;
        var reloadMetrics = new ReloadMetrics(_registry);
        RegisterProcessMetrics();
        using var engine = new QueryEngine(EngineOptions(configuration), _time);
        _registry.Register(engine.Metrics);
        await using var scraping = new ScrapeComponent(_flags, _features, _storage, _registry, _loggers, _time);
        using var reloader = new Reloader(configuration, [PrepareStorage, scraping.Prepare], reloadMetrics, _log, _time);
        ready = reloader;
        WebServer? web = await ListenAsync(Routes(engine, scraping, reloader, Runtime(configuration, reloadMetrics))).ConfigureAwait(false);
        if (web is null)
            return _stop.IsCancellationRequested ? 0 : 1;
        await using (web)
        {
            int code = await ServeAsync(reloader).ConfigureAwait(false);
            await StopAsync(web, scraping).ConfigureAwait(false);
            return code;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task<int> ServeAsync(Reloader reloader)
    {
        try
        {
            if (!await OpenStorageAsync(reloader).ConfigureAwait(false))
                return 1;
            await reloader.ApplyFirstAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
            _readiness.SetReady();
            ServerLog.Ready(_log);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The way every run ends.
        }
        catch (ConfigurationException exception)
        {
            LogBadConfiguration($"Error loading config (--config.file={_flags.Text("config.file")})", exception);
            return 2;
        }

        return 0;
    }

    private ConfigurationHolder? LoadConfiguration()
    {
        string path = _flags.Text("config.file");
        string problem = $"Error loading config (--config.file={path})";
        try
        {
            var holder = new ConfigurationHolder(path, new ConfigurationOptions
            {
                AgentMode = _flags.Bool("agent"),
                ExtraScrapeMetrics = _features["extra-scrape-metrics"],
                UnsupportedSettings = MissingFeatures.Settings,
            });
            // They are read again when scraping starts; a mistake in them should not wait until the log is replayed.
            problem = $"Error loading dynamic scrape config files from config (--config.file={GoQuote.Quote(path)})";
            ScrapeConfigurationFiles.Load(holder.Current);
            return holder;
        }
        catch (ConfigurationException exception)
        {
            LogBadConfiguration(problem, exception);
            return null;
        }
    }

    private void LogBadConfiguration(string problem, ConfigurationException exception)
    {
        string path = _flags.Text("config.file");
        ServerLog.ConfigurationFailed(_log, problem, Path.GetFullPath(path.Length > 0 ? path : "."), exception.Message);
    }

    private void RegisterProcessMetrics()
    {
        _registry.Register(new ProcessCollector());
        _registry.Register(new RuntimeCollector());
        Build.Register(_registry);
        _registry.CreateGaugeFunc(
            "prometheus_ready", "Whether Prometheus startup was fully completed and the server is ready for normal operation.",
            () => _readiness.IsReady ? 1 : 0);
    }

    private ParserOptions Language => ParserOptions.Default with
    {
        ExperimentalFunctions = _features["promql-experimental-functions"],
        ExtendedRangeSelectors = _features["promql-extended-range-selectors"],
        FillModifiers = _features["promql-binop-fill-modifiers"],
    };

    private QueryEngineOptions EngineOptions(ConfigurationHolder configuration) => new()
    {
        MaxSamples = _flags.Integer("query.max-samples"),
        Timeout = _flags.Duration("query.timeout"),
        LookbackDelta = _flags.Duration("query.lookback-delta"),
        MaxConcurrency = (int)_flags.Integer("query.max-concurrency"),
        DefaultSubqueryStep = _ => configuration.Current.Global.EvaluationInterval,
        Parser = Language,
        DelayedNameRemoval = _features["promql-delayed-name-removal"],
        UseStartTimestamps = _features["use-start-timestamps"],
        TypeAndUnitLabels = _features["type-and-unit-labels"],
        PerStepStatistics = _features["promql-per-step-stats"],
    };

    private Router Routes(QueryEngine engine, ScrapeComponent scraping, Reloader reloader, RuntimeApi runtime) => new(
        new WebRoutes
        {
            RoutePrefix = _externalUrl.RoutePrefix,
            ExternalPath = _externalUrl.Url.AbsolutePath,
            IsAgent = _flags.Bool("agent"),
            Time = _time,
            Readiness = _readiness,
            Metrics = new HttpMetrics(_registry),
            MetricsHandler = new MetricsHandler(_registry),
            Cors = _cors,
            Lifecycle = new LifecycleRoutes(_flags.Bool("web.enable-lifecycle"), reloader.ReloadAsync, Quit),
            Queries = new QueryApi(engine, _storage, _time),
            Syntax = new SyntaxApi(Language),
            Exemplars = new ExemplarsApi(_storage, Language),
            Labels = new LabelsApi(_storage),
            Targets = new TargetsApi(scraping.Manager, _externalUrl.Url, _externalUrl.ListenPort),
            Status = new StatusApi(Build.Information, _flags.ToDictionary()),
            Runtime = runtime,
            Storage = new StorageStatusApi(() => _storage.Store),
            Administration = new AdministrationApi(_flags.Bool("web.enable-admin-api"), () => _storage.Store),
            RemoteWrite = ReceiveRemoteWrite().HandleAsync,
            Log = _loggers.CreateLogger("Forethought.Web"),
        });

    private RuntimeApi Runtime(ConfigurationHolder configuration, ReloadMetrics reloadMetrics)
    {
        DateTimeOffset started = _time.GetUtcNow();
        return new RuntimeApi(
            () => ConfigurationWriter.Write(configuration.Current),
            () => new ProcessInformation
            {
                StartTime = started,
                ReloadSucceeded = reloadMetrics.IsSuccessful,
                LastConfiguration = reloadMetrics.LastSuccess,
                Corruptions = _storage.Store?.WalCorruptions ?? 0,
                Retention = _storageSettings.RetentionText(configuration.Current),
            },
            _time);
    }

    private RemoteWriteReceiver ReceiveRemoteWrite() => new(
        new RemoteWriteReceiverOptions
        {
            IsEnabled = _flags.Bool("web.enable-remote-write-receiver"),
            AcceptedMessages = _flags.Texts("web.remote-write-receiver.accepted-protobuf-messages"),
        },
        _storage,
        _time,
        _registry,
        _loggers.CreateLogger("Forethought.Remote"));

    private async Task<WebServer?> ListenAsync(Router router)
    {
        WebServer? web = null;
        try
        {
            web = new WebServer(
                new WebServerOptions
                {
                    ListenAddresses = _flags.Texts("web.listen-address"),
                    MaxConnections = (int)_flags.Integer("web.max-connections"),
                    ReadTimeout = _flags.Duration("web.read-timeout"),
                },
                _loggers);
            web.Use(router);
            await web.StartAsync(_stop.Token).ConfigureAwait(false);
            foreach (string address in _flags.Texts("web.listen-address"))
                ServerLog.Listening(_log, address);
            return web;
        }
        catch (Exception exception) when (exception is IOException or FormatException or OperationCanceledException)
        {
            if (exception is not OperationCanceledException)
                ServerLog.ListenFailed(_log, exception.Message);
            if (web is not null)
                await web.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    private async Task<bool> OpenStorageAsync(Reloader reloader)
    {
        long started = _time.GetTimestamp();
        if (_storageSettings.FindProblem() is { } problem)
        {
            ServerLog.FatalError(_log, problem);
            return false;
        }

        foreach (string warning in _storageSettings.Warnings(reloader.Current))
            ServerLog.SettingWarning(_log, warning);
        try
        {
            TsdbStore store = await TsdbStore.OpenAsync(StorageOptions(reloader.Current)).ConfigureAwait(false);
            _registry.Register(store.Metrics);
            _storage.Set(store);
        }
        catch (Exception exception) when (exception is IOException or StorageException or UnauthorizedAccessException)
        {
            ServerLog.StorageFailed(_log, exception.Message);
            return false;
        }

        ServerLog.StorageStarted(_log, _time.GetElapsedTime(started));
        return true;
    }

    private TsdbOptions StorageOptions(PrometheusConfiguration configuration) => _storageSettings.Options(configuration) with
    {
        TimeProvider = _time,
        Warned = warning => ServerLog.StorageWarning(_log, warning),
        Informed = notice => ServerLog.StorageNotice(_log, notice),
        Replaying = progress =>
        {
            _readiness.Replay = progress;
            ServerLog.Replaying(_log, progress.Current, progress.Max);
        },
    };

    private Func<Task> PrepareStorage(PrometheusConfiguration configuration)
    {
        RetentionLimits retention = _storageSettings.Retention(configuration);
        long maxExemplars = _storageSettings.MaxExemplars(configuration);
        ChunkEncoding floats = _storageSettings.FloatChunkEncoding(configuration);
        return () =>
        {
            if (_storage.Store is { } store)
            {
                store.Retention = retention;
                store.FloatChunkEncoding = floats;
                store.StaleSeriesCompactionThreshold = configuration.Storage.Tsdb.StaleSeriesCompactionThreshold;
                store.OutOfOrderTimeWindow = configuration.Storage.Tsdb.OutOfOrderTimeWindow;
                Resize(store, maxExemplars);
            }

            return Task.CompletedTask;
        };
    }

    private void Resize(TsdbStore store, long maxExemplars)
    {
        int before = store.MaxExemplars;
        if (before == Math.Max(0, maxExemplars))
            return;
        int kept = store.ResizeExemplars(maxExemplars);
        ServerLog.ExemplarsResized(_log, before, maxExemplars, kept);
    }

    private void Terminate(string signal)
    {
        ServerLog.Signalled(_log, signal);
        _readiness.SetStopping();
        _stop.Cancel();
    }

    private bool Quit()
    {
        if (_stop.IsCancellationRequested)
            return false;
        ServerLog.QuitRequested(_log);
        _readiness.SetStopping();
        // The answer to the request goes out first.
        _stop.CancelAfter(TimeSpan.FromMilliseconds(50));
        return true;
    }

    // Without a reloader the first configuration is still to be read, and will be as fresh.
    private static void ReloadInBackground(Reloader? reloader) => _ = Task.Run(async () =>
    {
        try
        {
            if (reloader is not null)
                await reloader.ReloadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ConfigurationException)
        {
            // Logged and counted by the reloader; a signal has nobody else to tell.
        }
    });

    // The reverse of the start: no more scrapes, no more requests, then the log is closed.
    private async Task StopAsync(WebServer web, ScrapeComponent scraping)
    {
        _readiness.SetStopping();
        await TryStopAsync("scraping", scraping.StopAsync()).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(StopTimeout, _time);
        await TryStopAsync("web", web.StopAsync(patience.Token)).ConfigureAwait(false);
        if (_storage.Store is { } store)
            await TryStopAsync("storage", store.DisposeAsync().AsTask()).ConfigureAwait(false);
        ServerLog.Stopped(_log);
    }

    private async Task TryStopAsync(string part, Task stopping)
    {
        try
        {
            await stopping.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever one part fails with, the others must still be stopped.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.StopFailed(_log, part, exception.Message);
        }
    }
}
