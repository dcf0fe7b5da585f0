using System.Net;

namespace Forethought.Http.Proxying;

/// <summary>
/// The hosts of <c>no_proxy</c>: <c>*</c>, addresses, networks, and domains, which include their subdomains (with a leading dot, only
/// those); each with a port where one is given. Loopback addresses and <c>localhost</c> always match.
/// </summary>
internal sealed class ProxyBypass(string noProxy)
{
    private readonly string[] _entries = noProxy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal bool Matches(Uri destination)
    {
        string host = destination.IdnHost.TrimEnd('.').ToLowerInvariant();
        bool isAddress = IPAddress.TryParse(host, out IPAddress? address);
        return host == "localhost" || (isAddress && IPAddress.IsLoopback(address!))
            || Array.Exists(_entries, entry => Matches(entry.ToLowerInvariant(), host, address, destination.Port));
    }

    private static bool Matches(string entry, string host, IPAddress? address, int port)
    {
        if (entry == "*")
        {
            return true;
        }

        int slash = entry.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && IPAddress.TryParse(entry[..slash], out IPAddress? member) && int.TryParse(entry[(slash + 1)..], out int prefix))
        {
            return address is not null && IsInNetwork(address, member, prefix);
        }

        int colon = entry.LastIndexOf(':');
        bool hasPort = colon > 0 && (entry.IndexOf(':', StringComparison.Ordinal) == colon || entry[colon - 1] == ']');
        if (hasPort && (!int.TryParse(entry[(colon + 1)..], out int wanted) || wanted != port))
        {
            return false;
        }

        string name = hasPort ? entry[..colon].Trim('[', ']') : entry;
        if (IPAddress.TryParse(name, out IPAddress? wantedAddress))
        {
            return wantedAddress.Equals(address);
        }

        string domain = name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name;
        string suffix = domain.StartsWith('.') ? domain : "." + domain;
        return address is null && (host == domain || host.EndsWith(suffix, StringComparison.Ordinal));
    }

    // A network may be written as any address in it: 10.1.2.3/8.
    private static bool IsInNetwork(IPAddress address, IPAddress member, int prefixLength)
    {
        ReadOnlySpan<byte> left = address.GetAddressBytes();
        ReadOnlySpan<byte> right = member.GetAddressBytes();
        if (left.Length != right.Length || prefixLength < 0 || prefixLength > 8 * left.Length)
        {
            return false;
        }

        int whole = prefixLength / 8;
        int rest = 0xFF00 >> (prefixLength % 8) & 0xFF;
        return left[..whole].SequenceEqual(right[..whole]) && (rest == 0 || (left[whole] & rest) == (right[whole] & rest));
    }
}
