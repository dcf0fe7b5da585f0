using System.Net;

namespace Forethought.Http.Proxying;

/// <summary>Leaves HTTPS to <see cref="ConnectTunnel"/>: the runtime's own tunnel cannot send headers of ours.</summary>
internal sealed class PlainHttpOnlyProxy(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.Scheme == "https" ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.Scheme == "https" || inner.IsBypassed(host);
}
