using System.Net.Sockets;

namespace Forethought.Scrape.Transport;

/// <summary>The words that Go's HTTP client has for a failed request, as far as users know them from targets' last errors.</summary>
internal static class TransportErrors
{
    public const string Timeout = "context deadline exceeded";

    /// <summary>Why a request got no response.</summary>
    public static string OfRequest(string url, Uri uri, Exception error) => $"Get \"{url}\": {Reason(uri, error)}";

    /// <summary>Why a body could not be read.</summary>
    public static string OfBody(Exception error) => error switch
    {
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "unexpected EOF",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "unexpected EOF",
        _ => error.Message,
    };

    private static string Reason(Uri uri, Exception error)
    {
        SocketException? socket = Find<SocketException>(error);
        return socket?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"dial tcp {uri.Host}:{uri.Port}: connect: connection refused",
            SocketError.HostNotFound or SocketError.NoData => $"dial tcp: lookup {uri.Host}: no such host",
            SocketError.HostUnreachable => $"dial tcp {uri.Host}:{uri.Port}: connect: no route to host",
            SocketError.NetworkUnreachable => $"dial tcp {uri.Host}:{uri.Port}: connect: network is unreachable",
            SocketError.ConnectionReset => "read: connection reset by peer",
            _ => error is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } ? "EOF" : error.Message,
        };
    }

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        while (error is not (null or T))
            error = error.InnerException;
        return (T?)error;
    }
}
