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
        SocketsHttpHandler Make(SslClientAuthenticationOptions ssl) => MakePool(ssl, webProxy, proxy, options);
        return material.HasFiles ? new ReloadingTransport(material, Make) : Make(material.Load());
    }

    private static SocketsHttpHandler MakePool(
        SslClientAuthenticationOptions ssl, IWebProxy? webProxy, ProxySettings proxy, OutgoingHttpOptions options)
    {
        var connector = new Connector(options, proxy.ConnectHeaders.Count > 0 ? new ConnectTunnel(proxy, webProxy!) : null);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = webProxy is not null,
            Proxy = proxy.ConnectHeaders.Count > 0 ? new PlainHttpOnlyProxy(webProxy!) : webProxy,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ActivityHeadersPropagator = null,
            ConnectCallback = connector.IsNeeded ? connector.ConnectAsync : null,
            SslOptions = ssl,
        };
    }
}
