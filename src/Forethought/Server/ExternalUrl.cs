using System.Globalization;
using Forethought.Encoding;

namespace Forethought.Server;

/// <summary>The URL under which the server is reached (<c>--web.external-url</c>), and the route prefix that follows from it.</summary>
internal sealed class ExternalUrl
{
    private ExternalUrl(Uri url, string prefix, int listenPort)
    {
        Url = url;
        RoutePrefix = prefix;
        ListenPort = listenPort;
    }

    /// <summary>The URL; its path has no slash at the end.</summary>
    public Uri Url { get; }

    /// <summary>What stands before every path, in the form <c>/x</c>; <c>/</c> for nothing.</summary>
    public string RoutePrefix { get; }

    /// <summary>The port of the first listen address.</summary>
    public int ListenPort { get; }

    /// <summary>Works the URL out: what is given, else this host and the port of the first listen address.</summary>
    /// <exception cref="FormatException">The URL is none.</exception>
    public static ExternalUrl From(string given, string routePrefix, string listenAddress)
    {
        int colon = listenAddress.LastIndexOf(':');
        if (colon < 0 && given.Length == 0)
            throw new FormatException($"address {listenAddress}: missing port in address");
        string port = listenAddress[(colon + 1)..];
        string text = given.Length > 0 ? given : $"http://{Environment.MachineName}:{port}/";
        // A quoted URL is a mistake in a script that upstream tells apart.
        if (text.StartsWith('"') || text.EndsWith('"'))
            throw new FormatException("URL must not begin or end with quotes");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url))
            throw new FormatException($"parse {GoQuote.Quote(text)}: invalid URI for request");
        string path = "/" + url.AbsolutePath.Trim('/');
        string prefix = "/" + (routePrefix.Length > 0 ? routePrefix : path).Trim('/');
        var normalized = new Uri($"{url.Scheme}://{url.Authority}{path.TrimEnd('/')}");
        _ = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int listenPort);
        return new ExternalUrl(normalized, prefix, listenPort);
    }
}
