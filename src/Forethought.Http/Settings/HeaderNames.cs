namespace Forethought.Http;

/// <summary>Header names as Go's <c>net/textproto</c> writes them, and those a user may not set.</summary>
internal static class HeaderNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "Authorization", "Host", "Content-Encoding", "Content-Length", "Content-Type", "User-Agent", "Connection", "Keep-Alive",
        "Proxy-Authenticate", "Proxy-Authorization", "Www-Authenticate", "Accept-Encoding", "X-Prometheus-Remote-Write-Version",
        "X-Prometheus-Remote-Read-Version", "X-Prometheus-Scrape-Timeout-Seconds", "X-Amz-Date", "X-Amz-Security-Token",
        "X-Amz-Content-Sha256",
    };

    internal static bool IsReserved(string canonicalName) => Reserved.Contains(canonicalName);

    /// <summary>Upper case after the start and each hyphen, lower case elsewhere; names with other characters stay as they are.</summary>
    internal static string Canonical(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return string.Create(name.Length, name, static (target, source) =>
        {
            bool upper = true;
            for (int i = 0; i < source.Length; i++)
            {
                target[i] = upper ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
                upper = source[i] == '-';
            }
        });
    }
}
