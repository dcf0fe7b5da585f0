using System.Net.Security;
using Forethought.Http.Tls;

namespace Forethought.Http.Transport;

/// <summary>
/// A connection pool whose certificates come from files: when one of them has changed, the next request gets a new pool, and
/// the old one ends with its requests. The files' times and sizes are looked at for each request, their content only after a change.
/// </summary>
internal sealed class ReloadingTransport : HttpMessageHandler
{
    private readonly TlsMaterial _material;
    private readonly Func<SslClientAuthenticationOptions, HttpMessageHandler> _make;
    private readonly Lock _reloading = new();
    private volatile Generation _current;

    internal ReloadingTransport(TlsMaterial material, Func<SslClientAuthenticationOptions, HttpMessageHandler> make)
    {
        _material = material;
        _make = make;
        _current = MakeGeneration(material.Stamp());
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Fresh().Invoker.SendAsync(request, cancellationToken);
        }
        catch (HttpConfigurationException e)
        {
            return Task.FromException<HttpResponseMessage>(new HttpRequestException(e.Message, e));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Invoker.Dispose();
        }

        base.Dispose(disposing);
    }

    private Generation Fresh()
    {
        ValueList<FileStamp> stamp = _material.Stamp();
        if (stamp.Equals(_current.Stamp))
        {
            return _current;
        }

        lock (_reloading)
        {
            if (!stamp.Equals(_current.Stamp))
            {
                Generation old = _current;
                _current = MakeGeneration(stamp);
                old.Invoker.Dispose();
            }

            return _current;
        }
    }

    private Generation MakeGeneration(ValueList<FileStamp> stamp) => new(stamp, new HttpMessageInvoker(_make(_material.Load())));

    private sealed record Generation(ValueList<FileStamp> Stamp, HttpMessageInvoker Invoker);
}
