using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>Routes by their path below the prefix. Filled once, then only read.</summary>
internal sealed class RouteTable(HttpMetrics metrics)
{
    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);

    /// <summary>Lets a method of a path be answered.</summary>
    public void Add(string method, string path, RequestDelegate answer)
    {
        if (!_routes.TryGetValue(path, out Route? route))
        {
            _routes.Add(path, route = new Route(path));
            metrics.Announce(path);
        }

        route.Add(method, answer);
    }

    /// <summary>The route of a path, null when there is none.</summary>
    public Route? Find(string path) => _routes.GetValueOrDefault(path);

    /// <summary>The path that a client which erred in case or in the last slash may have meant; null when there is none.</summary>
    public string? FindSimilar(string path, string method)
    {
        string bare = path.TrimEnd('/');
        foreach ((string candidate, Route route) in _routes)
        {
            if (candidate.Equals(bare, StringComparison.OrdinalIgnoreCase) && route.Find(method) is not null)
                return candidate;
        }

        return null;
    }
}
