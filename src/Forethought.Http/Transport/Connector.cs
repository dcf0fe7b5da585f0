using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Forethought.Http.Proxying;

namespace Forethought.Http.Transport;

/// <summary>
/// Opens connections where they are to be counted, tunnelled with headers of the user's, or encrypted for a server name of the user's.
/// </summary>
internal sealed class Connector(OutgoingHttpOptions options, ConnectTunnel? tunnel, SslClientAuthenticationOptions? namedTls)
{
    internal bool IsNeeded => tunnel is not null || namedTls is not null || options.ConnectionMetrics is not null;

    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Uri destination = NamedTlsTransport.DestinationOf(context.InitialRequestMessage);
        Uri? proxy = tunnel?.ProxyFor(destination);
        DnsEndPoint peer = proxy is null ? context.DnsEndPoint : new DnsEndPoint(proxy.IdnHost, proxy.Port);
        CountedStream stream = await DialAsync(peer, cancellationToken).ConfigureAwait(false);
        try
        {
            if (proxy is not null)
            {
                await tunnel!.OpenAsync(stream, proxy, context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            }

            return namedTls is not null && destination.Scheme == "https"
                ? await EncryptAsync(stream, namedTls, cancellationToken).ConfigureAwait(false)
                : stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<CountedStream> DialAsync(DnsEndPoint peer, CancellationToken cancellationToken)
    {
        options.ConnectionMetrics?.Attempted(options.DialerName);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(peer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            socket.Dispose();
            options.ConnectionMetrics?.Failed(options.DialerName, ReasonOf(e));
            throw;
        }

        options.ConnectionMetrics?.Established(options.DialerName);
        return new CountedStream(socket, options);
    }

    private static async ValueTask<Stream> EncryptAsync(Stream stream, SslClientAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(stream);
        try
        {
            await encrypted.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            return encrypted;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            await encrypted.DisposeAsync().ConfigureAwait(false);
            throw new HttpRequestException(HttpRequestError.SecureConnectionError, e.Message, e);
        }
    }

    private static string ReasonOf(Exception error) => error switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "resolution",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "refused",
        SocketException { SocketErrorCode: SocketError.TimedOut } or OperationCanceledException => "timeout",
        _ => "unknown",
    };

    /// <summary>Counts its own end.</summary>
    private sealed class CountedStream(Socket socket, OutgoingHttpOptions options) : NetworkStream(socket, ownsSocket: true)
    {
        private int _closed;

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _closed, 1) == 0)
            {
                options.ConnectionMetrics?.Closed(options.DialerName);
            }

            base.Dispose(disposing);
        }
    }
}
