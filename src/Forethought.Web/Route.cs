using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>One path and what its methods do.</summary>
/// <param name="handler">Its pattern: the label of its metrics.</param>
internal sealed class Route(string handler)
{
    private readonly List<(string Method, RequestDelegate Answer)> _methods = [];

    public string Handler => handler;

    /// <summary>The header <c>Allow</c>: the methods in order, with OPTIONS.</summary>
    public string Allow { get; private set; } = "";

    public void Add(string method, RequestDelegate answer)
    {
        _methods.Add((method, answer));
        Allow = string.Join(", ", _methods.Select(entry => entry.Method).Append(HttpMethods.Options).Order(StringComparer.Ordinal));
    }

    public RequestDelegate? Find(string method)
    {
        foreach ((string candidate, RequestDelegate answer) in _methods)
        {
            if (candidate == method)
                return answer;
        }

        return null;
    }
}
