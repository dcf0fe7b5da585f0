using System.Net;
using System.Net.Security;
using Forethought.Http.Proxying;
using Forethought.Http.Tls;

namespace Forethought.Http.Transport;

/// <summary>Makes the connection pool of a client.</summary>
internal static class TransportFactory
{
    // After this silence of an HTTP/2 connection in use the peer is asked whether it is still there, as upstream does.
    private static readonly TimeSpan PingDelay = TimeSpan.FromMinutes(1);

    internal static HttpMessageHandler Create(TlsSettings tls, ProxySettings proxy, OutgoingHttpOptions options)
    {
        var material = new TlsMaterial(tls);
        IWebProxy? webProxy = SettingsProxy.From(proxy, Environment.GetEnvironmentVariable);
        HttpMessageHandler Make(SslClientAuthenticationOptions ssl) => MakePool(ssl, webProxy, proxy, options);
        return material.HasFiles ? new ReloadingTransport(material, Make) : Make(material.Load());
    }

    private static HttpMessageHandler MakePool(
        SslClientAuthenticationOptions ssl, IWebProxy? webProxy, ProxySettings proxy, OutgoingHttpOptions options)
    {
        bool named = ssl.TargetHost is not null;
        bool tunnels = webProxy is not null && (named || proxy.ConnectHeaders.Count > 0);
        var connector = new Connector(options, tunnels ? new ConnectTunnel(proxy, webProxy!) : null, named ? ssl : null);
        var pool = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = webProxy is not null,
            Proxy = tunnels ? new PlainHttpOnlyProxy(webProxy!) : webProxy,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ActivityHeadersPropagator = null,
            ConnectCallback = connector.IsNeeded ? connector.ConnectAsync : null,
            SslOptions = ssl,
        };
        return named ? new NamedTlsTransport(pool) : pool;
    }
}
