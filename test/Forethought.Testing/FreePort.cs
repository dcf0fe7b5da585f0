using System.Net;
using System.Net.Sockets;

namespace Forethought.Testing;

/// <summary>Ports for servers that must know theirs before they start, for example to scrape themselves.</summary>
public static class FreePort
{
    /// <summary>A TCP port of the loopback interface that nobody listens on; the kernel hands out another one at each call.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
