using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Forethought.Encoding;
using Forethought.Http;

namespace Forethought.Scrape.Transport;

/// <summary>Asks one target for its exposition. Used by one scrape at a time.</summary>
/// <param name="http">The job's client.</param>
/// <param name="shape">What the requests of the job have in common.</param>
/// <param name="url">The target's URL.</param>
/// <param name="timeout">How long a request may take, the body included.</param>
/// <param name="services">The time, the metrics and the server's end, with which requests end too.</param>
[SuppressMessage("Design", "CA1001", Justification = "Between requests the deadline is not armed; then it holds nothing.")]
internal sealed class TargetClient(OutgoingHttpClient http, RequestShape shape, string url, TimeSpan timeout, ScrapeServices services)
{
    // The path is escaped already, and as it is it is part of the target's identity.
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Uri? _uri = Uri.TryCreate(url, AsWritten, out Uri? uri) ? uri : null;
    private readonly string _timeoutSeconds = timeout.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);
    private int _lastSize;

    // Armed for each request; only one that has fired is replaced.
    private CancellationTokenSource? _deadline;

    /// <summary>Sends the request and reads the body.</summary>
    /// <exception cref="ScrapeException">There is no usable response.</exception>
    /// <exception cref="BodyTooLargeException">The body reached the configured limit.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ScrapeResponse> GetAsync()
    {
        CancellationTokenSource deadline = ArmDeadline();
        CancellationTokenRegistration shutdown =
            services.Shutdown.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        try
        {
            return await GetAsync(deadline.Token).ConfigureAwait(false);
        }
        finally
        {
            await shutdown.DisposeAsync().ConfigureAwait(false);
            if (!deadline.TryReset())
            {
                deadline.Dispose();
                _deadline = null;
            }
        }
    }

    private CancellationTokenSource ArmDeadline()
    {
        if (_deadline is null)
            _deadline = new CancellationTokenSource(timeout, services.Time);
        else
            _deadline.CancelAfter(timeout);
        return _deadline;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ScrapeResponse> GetAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new ScrapeException(string.Create(
                CultureInfo.InvariantCulture, $"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}"));
        }

        string contentType = Header(response, "Content-Type");
        BodyBuffer body = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (body.Length > 0)
            _lastSize = body.Length;
        return new ScrapeResponse(body, contentType);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
    {
        if (_uri is null)
            throw new ScrapeException($"parse {GoQuote.Quote(url)}: invalid URL");
        using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
        request.Headers.TryAddWithoutValidation("Accept", shape.Accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", shape.AcceptEncoding);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", _timeoutSeconds);
        try
        {
            return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new ScrapeException($"Get \"{url}\": {TransportErrors.Timeout}", e);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or SocketException or InvalidOperationException or NotSupportedException)
        {
            throw new ScrapeException(TransportErrors.OfRequest(url, _uri, e), e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BodyBuffer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        bool isGzip = Header(response, "Content-Encoding") == "gzip";
        var body = new BodyBuffer(_lastSize);
        try
        {
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (isGzip)
                await GzipBody.ReadAsync(body, stream, shape.BodySizeLimit, cancellationToken).ConfigureAwait(false);
            else
                await body.ReadAsync(stream, shape.BodySizeLimit, cancellationToken).ConfigureAwait(false);
            if (body.Length < shape.BodySizeLimit)
                return body;
            services.Metrics.ExceededBodySizeLimit.Inc();
            throw new BodyTooLargeException();
        }
        catch (Exception e)
        {
            body.Dispose();
            throw e switch
            {
                BodyTooLargeException or ScrapeException => e,
                OperationCanceledException => new ScrapeException(TransportErrors.Timeout, e),
                _ => new ScrapeException(TransportErrors.OfBody(e), e),
            };
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : "";
}
