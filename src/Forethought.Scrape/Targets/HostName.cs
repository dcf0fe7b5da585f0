using System.Net;
using System.Net.Sockets;

namespace Forethought.Scrape.Targets;

/// <summary>The host's full name as upstream finds it: the name to which an address of the host name resolves back.</summary>
internal static class HostName
{
    public static async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        string name = Environment.MachineName;
        try
        {
            foreach (IPAddress address in await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false))
            {
                string full = (await Dns.GetHostEntryAsync(address.ToString(), cancellationToken).ConfigureAwait(false)).HostName;
                if (full.Length > 0)
                    return full;
            }
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // A host without DNS is known by its own name.
        }

        return name;
    }
}
