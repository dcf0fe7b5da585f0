using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Forethought.Web;

/// <summary>
/// The HTTP server: Kestrel in the empty host, with nothing registered that is not used. Until a router is set it answers 503,
/// so that it can listen before storage is open.
/// </summary>
public sealed class WebServer : IAsyncDisposable
{
    /// <summary>The most bytes of a request's first line, and of its headers: Go's <c>http.DefaultMaxHeaderBytes</c>.</summary>
    private const int MaxHeaderBytes = 1 << 20;

    private const int MaxHeaders = 10_000;

    private readonly WebApplication _application;
    private RequestDelegate _handler;

    /// <summary>Makes a server; <see cref="StartAsync"/> lets it listen.</summary>
    /// <exception cref="FormatException">An address cannot be read.</exception>
    public WebServer(WebServerOptions options, ILoggerFactory loggers)
    {
        _handler = context => PlainText.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<SocketTransportFactory>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.AddSingleton<IConnectionListenerFactory>(
            services => new LimitedListenerFactory(services.GetRequiredService<SocketTransportFactory>(), options.MaxConnections));
        _application = builder.Build();
        _application.Run(context => _handler(context));
    }

    /// <summary>The URLs that the server listens on, once it has started.</summary>
    public IReadOnlyCollection<string> Urls => [.. _application.Urls];

    /// <summary>Answers requests with a router from now on.</summary>
    public void Use(Router router) => Volatile.Write(ref _handler, router.HandleAsync);

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">An address is in use.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Takes no further requests and waits for those under way, until the token ends the wait.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, WebServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        // A slow reader of a long answer is none of the server's business, as in Go.
        kestrel.Limits.MinResponseDataRate = null;
        // Queries come in URLs too, and dashboards make long ones: Kestrel's own limit for the line is 8 KiB.
        kestrel.Limits.MaxRequestLineSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestBufferSize = 2 * MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
        kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
        kestrel.Limits.KeepAliveTimeout = options.ReadTimeout;
        foreach (string address in options.ListenAddresses)
            Listen(kestrel, address);
    }

    private static void Listen(KestrelServerOptions kestrel, string address)
    {
        int colon = address.LastIndexOf(':');
        if (colon < 0)
            throw new FormatException($"address {address}: missing port in address");
        string host = address[..colon].Trim('[', ']');
        if (!ushort.TryParse(address.AsSpan(colon + 1), out ushort port))
            throw new FormatException($"address {address}: invalid port");
        if (host.Length == 0)
            kestrel.ListenAnyIP(port);
        else if (host == "localhost")
            kestrel.ListenLocalhost(port);
        else if (IPAddress.TryParse(host, out IPAddress? ip))
            kestrel.Listen(ip, port);
        else
            throw new FormatException($"address {address}: no such host");
    }

    /// <summary>The process handles its signals itself; the default lifetime would take them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
