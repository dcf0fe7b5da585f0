using Forethought.Regex;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>The cross-origin headers of the API: an origin that the pattern accepts may read the answers.</summary>
public sealed class CorsPolicy
{
    private readonly Re2Regex _origins;
    private readonly bool _any;

    /// <summary>Makes a policy from <c>--web.cors.origin</c>, anchored at both ends.</summary>
    /// <exception cref="Re2SyntaxException">The pattern is invalid.</exception>
    public CorsPolicy(string pattern)
    {
        _origins = Re2Regex.CompileAnchored(pattern);
        _any = pattern == ".*";
    }

    /// <summary>Sets the headers.</summary>
    public void Apply(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Append("Vary", "Origin");
        string? origin = context.Request.Headers.Origin is [{ } first, ..] ? first : null;
        if (string.IsNullOrEmpty(origin))
            return;
        headers.AccessControlAllowHeaders = "Accept, Authorization, Content-Type, Origin";
        headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        headers.AccessControlExposeHeaders = "Date";
        if (_any)
            headers.AccessControlAllowOrigin = "*";
        else if (_origins.IsMatch(System.Text.Encoding.UTF8.GetBytes(origin)))
            headers.AccessControlAllowOrigin = origin;
    }
}
