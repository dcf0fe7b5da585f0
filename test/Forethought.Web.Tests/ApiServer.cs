using System.Net;
using System.Net.Sockets;
using Forethought.Client;
using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.Scrape;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb;
using Microsoft.Extensions.Logging.Abstractions;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Web.Tests;

/// <summary>The whole web server on a free port of the loopback device, over a store in memory.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly TsdbStore _store;
    private readonly QueryEngine _engine;
    private readonly WebServer _web;
    private readonly HttpClient _client;

    private ApiServer(TsdbStore store, QueryEngine engine, WebServer web, ServerReadiness readiness, ScrapeManager scraping)
    {
        _store = store;
        _engine = engine;
        _web = web;
        Readiness = readiness;
        Scraping = scraping;
        Address = new Uri(web.Urls.Single());
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });
    }

    public Uri Address { get; }

    public ServerReadiness Readiness { get; }

    public ScrapeManager Scraping { get; }

    /// <summary>Starts a ready server; <paramref name="change"/> may alter its routes.</summary>
    public static async Task<ApiServer> StartAsync(
        Func<WebRoutes, WebRoutes>? change = null, Func<IQueryable, IQueryable>? wrap = null, QueryEngineOptions? queries = null,
        string? path = null, bool enablesAdministration = false)
    {
        TsdbStore store = await TsdbStore.OpenAsync(new TsdbOptions { Path = path, Retention = RetentionLimits.None, MaxExemplars = 1000 });
        IQueryable storage = wrap is null ? store : wrap(store);
        var engine = new QueryEngine((queries ?? new QueryEngineOptions()) with { WorkerThreads = 1 }, TimeProvider.System);
        var registry = new MetricRegistry();
        registry.Register(engine.Metrics);
        var readiness = new ServerReadiness();
        readiness.SetReady();
        // On a clock that stands still nothing is ever scraped.
        var scraping = new ScrapeManager(store, registry, hashSeed: 1, new ScrapeOptions { TimeProvider = new FakeTimeProvider(), HostName = "test" });
        var build = new BuildInformation("3.14.0", "r", "b", "u", "d", "n");
        var routes = new WebRoutes
        {
            Time = TimeProvider.System,
            Readiness = readiness,
            Metrics = new HttpMetrics(registry),
            MetricsHandler = new MetricsHandler(registry),
            Cors = new CorsPolicy(".*"),
            Lifecycle = new LifecycleRoutes(false, _ => Task.CompletedTask, () => true),
            Queries = new QueryApi(engine, storage, TimeProvider.System),
            Syntax = new SyntaxApi(ParserOptions.Default),
            Exemplars = new ExemplarsApi(store, ParserOptions.Default),
            Storage = new StorageStatusApi(() => store),
            Labels = new LabelsApi(storage),
            Administration = new AdministrationApi(enablesAdministration, () => store),
            Targets = new TargetsApi(scraping, new Uri("http://ext.example:9090/"), 9090),
            Status = new StatusApi(build, new Dictionary<string, string> { ["log.level"] = "info", ["web.cors.origin"] = ".*" }),
        };
        var web = new WebServer(new WebServerOptions { ListenAddresses = ["127.0.0.1:0"] }, NullLoggerFactory.Instance);
        web.Use(new Router(change is null ? routes : change(routes)));
        await web.StartAsync(CancellationToken.None);
        return new ApiServer(store, engine, web, readiness, scraping);
    }

    /// <summary>Stores samples of one series, one a minute from 60 s on; null leaves a minute out.</summary>
    public async Task AppendAsync(Labels labels, params double?[] values)
    {
        using IAppender appender = _store.OpenAppender();
        SeriesRef series = appender.GetOrCreate(labels.Packed, labels.Hash(), out _);
        var batch = new AppendBatch();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
                batch.Add(series, (i + 1) * 60_000L, value);
        }

        Assert.Equal(0, appender.Append(batch));
        await appender.CommitAsync();
    }

    public async Task AppendExemplarAsync(Labels labels, Model.Exemplar exemplar)
    {
        using IAppender appender = _store.OpenAppender();
        var batch = new AppendBatch();
        batch.Exemplars.Add((appender.GetOrCreate(labels.Packed, labels.Hash(), out _), exemplar));
        appender.Append(batch);
        Assert.Equal([ExemplarOutcome.Accepted], batch.ExemplarOutcomes);
        await appender.CommitAsync();
    }

    /// <summary>The series behind the golden answers.</summary>
    public async Task LoadSamplesAsync()
    {
        await AppendAsync(Labels.FromStrings("__name__", "http_requests_total", "code", "200"), 1, 3, 6.5);
        await AppendAsync(Labels.FromStrings("__name__", "http_requests_total", "code", "500"), 0, double.NaN, double.PositiveInfinity);
        await AppendAsync(Labels.FromStrings("__name__", "odd", "path", "/<a>&\"q\" \\ é"), null, 1e-7, 1e21);
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? form = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri(Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (form is not null)
            request.Content = new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request);
    }

    /// <summary>The body of a GET, whatever the status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using HttpResponseMessage response = await SendAsync("GET", path);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends bytes as they are and returns all that comes back until the server ends the connection.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.StopAsync(CancellationToken.None);
        await _web.DisposeAsync();
        await Scraping.DisposeAsync();
        _engine.Dispose();
        await _store.DisposeAsync();
    }
}
