using System.Net;
using Forethought.Http.Credentials;
using Forethought.Http.Redirects;
using Forethought.Http.Transport;

namespace Forethought.Http;

/// <summary>
/// An HTTP client made from a user's settings. It keeps no cookies, inflates nothing, follows redirects only where configured and never
/// carries credentials to another host. A client without credentials sends requests straight to its connection pool. Thread-safe; one
/// client per section of the configuration.
/// </summary>
public sealed class OutgoingHttpClient : HttpMessageInvoker
{
    private readonly RequestDecorator[] _decorators;
    private readonly bool _followRedirects;
    private readonly bool _http2;
    private readonly string _userAgent;

    private OutgoingHttpClient(HttpMessageHandler transport, HttpClientSettings settings, OutgoingHttpOptions options)
        : base(transport)
    {
        _decorators = RequestDecorator.For(settings, options);
        _followRedirects = settings.FollowRedirects;
        // Values of one header go out as a line each, which the runtime can only be brought to do in HTTP/1.1.
        bool repeatsHeader = settings.Headers?.Values.Any(static header => header.ValueCount > 1) == true;
        _http2 = settings.EnableHttp2 && options.AllowHttp2 && !repeatsHeader;
        _userAgent = options.UserAgent;
    }

    /// <summary>Makes a client.</summary>
    /// <exception cref="HttpConfigurationException">A certificate, a key or a file of the settings cannot be used.</exception>
    public static OutgoingHttpClient Create(HttpClientSettings settings, OutgoingHttpOptions? options = null)
    {
        options ??= OutgoingHttpOptions.Default;
        settings = settings.Validated();
        return new OutgoingHttpClient(TransportFactory.Create(settings.Tls, settings.Proxy, options, settings.Headers?.Keys ?? []), settings, options);
    }

    /// <summary>
    /// Sends a request. Its HTTP version is set by the client. The response's body is not buffered; disposing the response ends it.
    /// </summary>
    /// <exception cref="HttpRequestException">No response came, a secret could not be read, or there were too many redirects.</exception>
    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Prepare(request);
        return _decorators.Length == 0 && !_followRedirects
            ? base.SendAsync(request, cancellationToken)
            : SendAndFollowAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (RequestDecorator decorator in _decorators)
            {
                decorator.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Prepare(HttpRequestMessage request)
    {
        request.Version = _http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (_userAgent.Length > 0 && !request.Headers.NonValidated.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        }
    }

    private async Task<HttpResponseMessage> SendAndFollowAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (RequestDecorator decorator in _decorators)
        {
            await decorator.ApplyAsync(request, cancellationToken).ConfigureAwait(false);
        }

        Redirection? redirection = null;
        HttpRequestMessage current = request;
        while (true)
        {
            HttpResponseMessage response = await base.SendAsync(current, cancellationToken).ConfigureAwait(false);
            if (!_followRedirects || !Redirection.TryGetTarget(current, response, out Uri? target))
            {
                return response;
            }

            redirection ??= new Redirection(request);
            current = redirection.Follow(current, response, target);
            Prepare(current);
        }
    }
}
