using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>Headers that the server itself sets on remote requests and traces.</summary>
internal static class ReservedHeaders
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "content-encoding", "content-length", "content-type", "user-agent", "connection", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "www-authenticate", "accept-encoding", "x-prometheus-remote-write-version",
        "x-prometheus-remote-read-version", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    };

    internal static void Check(ValueMap<string> headers, string authorizationProblem)
    {
        foreach (string header in headers.Keys)
        {
            if (header.Equals("authorization", StringComparison.OrdinalIgnoreCase))
            {
                throw new ConfigurationException(authorizationProblem);
            }

            if (Names.Contains(header))
            {
                throw new ConfigurationException($"{header} is a reserved header. It must not be changed");
            }
        }
    }
}
