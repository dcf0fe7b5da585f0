using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Forethought.Http.Redirects;

/// <summary>
/// The way of one request through redirects, with the rules of Go's <c>net/http</c>: at most ten; a request other than GET and HEAD
/// becomes a GET on 301, 302 and 303; once the original host's domain is left, headers with credentials stay off, even on the way back.
/// </summary>
internal sealed class Redirection(HttpRequestMessage original)
{
    private const int MaxRedirects = 10;

    private static readonly string[] SensitiveHeaders =
        ["Authorization", "Www-Authenticate", "Cookie", "Cookie2", "Proxy-Authorization", "Proxy-Authenticate"];

    private readonly string _originalHost = original.RequestUri!.IdnHost;
    private int _followed;
    private bool _leftHost;

    /// <summary>Whether the response redirects somewhere.</summary>
    internal static bool TryGetTarget(HttpRequestMessage request, HttpResponseMessage response, [NotNullWhen(true)] out Uri? target)
    {
        target = null;
        bool keepsBody = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        bool redirects = keepsBody || response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther;
        if (!redirects || response.Headers.Location is not { } location)
        {
            return false;
        }

        target = location.IsAbsoluteUri ? location : new Uri(request.RequestUri!, location);
        return target.Scheme is "http" or "https";
    }

    /// <summary>The request for the next hop; ends the response.</summary>
    internal HttpRequestMessage Follow(HttpRequestMessage current, HttpResponseMessage response, Uri target)
    {
        HttpStatusCode status = response.StatusCode;
        response.Dispose();
        if (++_followed >= MaxRedirects)
        {
            throw new HttpRequestException($"stopped after {MaxRedirects} redirects");
        }

        bool keepsMethod = status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            || current.Method == HttpMethod.Get || current.Method == HttpMethod.Head;
        var next = new HttpRequestMessage(keepsMethod ? current.Method : HttpMethod.Get, target)
        {
            Content = keepsMethod ? current.Content : null,
        };
        _leftHost |= !IsSameOrSubdomain(target.IdnHost, _originalHost);
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in current.Headers.NonValidated)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase) && !(_leftHost && IsSensitive(name)))
            {
                next.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
            }
        }

        return next;
    }

    private static bool IsSensitive(string header) =>
        Array.Exists(SensitiveHeaders, name => name.Equals(header, StringComparison.OrdinalIgnoreCase));

    private static bool IsSameOrSubdomain(string host, string parent)
    {
        if (host.Equals(parent, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // Colons and percent signs mean IPv6 addresses, which have no subdomains.
        return host.AsSpan().IndexOfAny(':', '%') < 0 && host.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase);
    }
}
