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

    /// <param name="tls">The certificates and versions.</param>
    /// <param name="proxy">The way out.</param>
    /// <param name="options">What the user of the client decides.</param>
    /// <param name="repeatable">Headers whose values may be <see cref="HeaderLines"/>.</param>
    internal static HttpMessageHandler Create(TlsSettings tls, ProxySettings proxy, OutgoingHttpOptions options, IEnumerable<string> repeatable)
    {
        var material = new TlsMaterial(tls);
        IWebProxy? webProxy = SettingsProxy.From(proxy, Environment.GetEnvironmentVariable);
        HttpMessageHandler Make(SslClientAuthenticationOptions ssl) => MakePool(ssl, webProxy, proxy, options, EncodingsOf(repeatable));
        return material.HasFiles ? new ReloadingTransport(material, Make) : Make(material.Load());
    }

    private static Dictionary<string, HeaderLines> EncodingsOf(IEnumerable<string> headers) =>
        headers.ToDictionary(static name => name, static name => new HeaderLines(name), StringComparer.OrdinalIgnoreCase);

    private static HttpMessageHandler MakePool(
        SslClientAuthenticationOptions ssl, IWebProxy? webProxy, ProxySettings proxy, OutgoingHttpOptions options, Dictionary<string, HeaderLines> encodings)
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
            RequestHeaderEncodingSelector = (name, _) => encodings.GetValueOrDefault(name) ?? System.Text.Encoding.UTF8,
        };
        return named ? new NamedTlsTransport(pool) : pool;
    }
}
