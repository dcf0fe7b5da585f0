namespace Forethought.Client;

/// <summary>
/// A complete answer to a request for metrics. Dispose it when it has been sent: that returns its buffer, after which
/// <see cref="Body"/> is invalid, and counts the request.
/// </summary>
public sealed class MetricsAnswer : IDisposable
{
    private readonly PooledBuffer _body;
    private Action<int>? _done;

    internal MetricsAnswer(int statusCode, string contentType, string? contentEncoding, PooledBuffer body, Action<int> done)
    {
        StatusCode = statusCode;
        ContentType = contentType;
        ContentEncoding = contentEncoding;
        _body = body;
        _done = done;
    }

    /// <summary>The HTTP status: 200, 500 or 503.</summary>
    public int StatusCode { get; }

    /// <summary>The value of the Content-Type header.</summary>
    public string ContentType { get; }

    /// <summary>The value of the Content-Encoding header; null for none.</summary>
    public string? ContentEncoding { get; }

    /// <summary>The bytes to send; valid until this is disposed.</summary>
    public ReadOnlyMemory<byte> Body => _body.Written;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _done, null) is not { } done)
            return;
        _body.Dispose();
        done(StatusCode);
    }
}
