using System.Globalization;
using System.IO.Compression;

namespace Forethought.Client;

/// <summary>
/// Answers requests for metrics, whatever transport they come by, and counts them in the registry it serves. Thread-safe.
/// </summary>
/// <example>
/// In ASP.NET Core:
/// <code>
/// app.MapGet("/metrics", (HttpContext http) => handler.ServeAsync(
///     http.Request.Headers.Accept, http.Request.Headers.AcceptEncoding,
///     answer => (http.Response.StatusCode, http.Response.ContentType, http.Response.Headers.ContentEncoding) =
///         (answer.StatusCode, answer.ContentType, answer.ContentEncoding),
///     http.Response.Body, http.RequestAborted));
/// </code>
/// </example>
public sealed class MetricsHandler
{
    private const string PlainText = "text/plain; charset=utf-8";

    private readonly MetricRegistry _registry;
    private readonly MetricsHandlerOptions _options;
    private readonly CounterFamily _requests;
    private readonly Gauge _requestsInFlight;
    private readonly Action<int> _finish;
    private int _inFlight;

    /// <summary>A handler for all that <paramref name="registry"/> collects. Handlers of one registry share their metrics.</summary>
    /// <exception cref="MetricRegistrationException">The registry uses the handler's metric names for something else.</exception>
    public MetricsHandler(MetricRegistry registry, MetricsHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _registry = registry;
        _options = options ?? MetricsHandlerOptions.Default;
        _finish = Finish;
        _requests = registry.RegisterOrGet(new CounterFamily(
            "promhttp_metric_handler_requests_total", "Total number of scrapes by HTTP status code.", ["code"]));
        _requestsInFlight = registry.RegisterOrGet(new Gauge(
            "promhttp_metric_handler_requests_in_flight", "Current number of scrapes being served."));
        foreach (int code in (ReadOnlySpan<int>)[200, 500, 503])
            _requests.WithLabels(CodeText(code));
    }

    /// <summary>
    /// Collects and encodes. The answer itself shows this request as in flight and does not count it yet; it is counted when the
    /// answer is disposed.
    /// </summary>
    /// <param name="accept">The Accept header; null for none.</param>
    /// <param name="acceptEncoding">The Accept-Encoding header; null for none.</param>
    /// <param name="names">The families wanted (<c>name[]</c> parameters); null or empty for all.</param>
    public MetricsAnswer Answer(string? accept, string? acceptEncoding, IReadOnlyCollection<string>? names = null)
    {
        _requestsInFlight.Inc();
        bool tooMany = Interlocked.Increment(ref _inFlight) > _options.MaxRequestsInFlight && _options.MaxRequestsInFlight > 0;
        var body = new PooledBuffer();
        if (tooMany)
        {
            string message = string.Create(
                CultureInfo.InvariantCulture,
                $"Limit of concurrent requests reached ({_options.MaxRequestsInFlight}), try again later.");
            return Fail(503, message, body);
        }

        return Collect(accept, acceptEncoding, names is { Count: > 0 } ? names : null, body);
    }

    /// <summary><see cref="Answer"/>, sent: first <paramref name="writeHead"/>, then the body, then the request is counted.</summary>
    /// <param name="accept">The Accept header; null for none.</param>
    /// <param name="acceptEncoding">The Accept-Encoding header; null for none.</param>
    /// <param name="writeHead">Sets status, Content-Type and Content-Encoding on the response.</param>
    /// <param name="body">The response's body.</param>
    /// <param name="cancellationToken">Ends sending when the client has gone.</param>
    public async Task ServeAsync(
        string? accept, string? acceptEncoding, Action<MetricsAnswer> writeHead, Stream body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writeHead);
        ArgumentNullException.ThrowIfNull(body);
        using MetricsAnswer answer = Answer(accept, acceptEncoding);
        writeHead(answer);
        await body.WriteAsync(answer.Body, cancellationToken).ConfigureAwait(false);
    }

    private static string CodeText(int statusCode) => statusCode switch
    {
        200 => "200",
        500 => "500",
        503 => "503",
        _ => statusCode.ToString(CultureInfo.InvariantCulture),
    };

    private MetricsAnswer Collect(string? accept, string? acceptEncoding, IReadOnlyCollection<string>? names, PooledBuffer body)
    {
        MetricWriter collected = _registry.Gather();
        try
        {
            if (collected.Table.Errors.Count > 0)
            {
                var error = new MetricGatherException(collected.Table.Errors);
                return Fail(500, "An error has occurred while serving metrics:\n\n" + error.Message, body);
            }

            ExpositionFormat format = ExpositionNegotiation.Negotiate(accept, _options.OfferOpenMetrics);
            using (var exposition = new ExpositionWriter(body, format))
            {
                MetricTableExposition.Write(collected.Table, exposition, names, _options.WriteCreatedSamples);
                exposition.Complete();
            }

            bool compress = _options.Compress && AcceptEncoding.PrefersGzip(acceptEncoding);
            return new MetricsAnswer(200, format.ContentType, compress ? "gzip" : null, compress ? Compress(body) : body, _finish);
        }
        finally
        {
            _registry.Return(collected);
        }
    }

    private MetricsAnswer Fail(int statusCode, string message, PooledBuffer body)
    {
        using (var text = new BufferStream(body))
            text.Write(System.Text.Encoding.UTF8.GetBytes(message + "\n"));
        return new MetricsAnswer(statusCode, PlainText, null, body, _finish);
    }

    /// <summary>The bytes compressed, in a buffer of their own; the one given is returned to the pool.</summary>
    private static PooledBuffer Compress(PooledBuffer plain)
    {
        var compressed = new PooledBuffer();
        using (var gzip = new GZipStream(new BufferStream(compressed), CompressionLevel.Fastest))
            gzip.Write(plain.Written.Span);
        plain.Dispose();
        return compressed;
    }

    private void Finish(int statusCode)
    {
        Interlocked.Decrement(ref _inFlight);
        _requestsInFlight.Dec();
        _requests.WithLabels(CodeText(statusCode)).Inc();
    }
}
