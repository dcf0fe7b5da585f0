using System.Net;

namespace Forethought.Http.Transport;

/// <summary>
/// A connection pool for <c>server_name</c>: the runtime always takes the name for TLS from the URL. So HTTPS requests go to the pool as
/// plain ones, over connections that <see cref="Connector"/> has encrypted for the configured name. They speak HTTP/1.1.
/// </summary>
internal sealed class NamedTlsTransport(HttpMessageHandler pool) : DelegatingHandler(pool)
{
    private static readonly HttpRequestOptionsKey<Uri> Destination = new("forethought.destination");

    /// <summary>Where a request goes that may have passed through here.</summary>
    internal static Uri DestinationOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(Destination, out Uri? destination) ? destination : request.RequestUri!;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri destination = request.RequestUri!;
        if (destination.Scheme != "https")
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        request.Options.Set(Destination, destination);
        request.RequestUri = new UriBuilder(destination) { Scheme = "http", Port = destination.Port }.Uri;
        request.Headers.Host ??= destination.Authority;
        request.Version = HttpVersion.Version11;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = destination;
        }
    }
}
