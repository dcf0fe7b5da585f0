namespace Forethought.Http;

/// <summary>
/// A URL as configuration accepts it: more lenient than <see cref="Uri"/> (relative and opaque ones pass) and with the error texts
/// Prometheus shows, which are those of Go's <c>net/url</c>.
/// </summary>
public sealed record ConfiguredUrl
{
    /// <summary>The scheme in lower case; empty when there is none.</summary>
    public string Scheme { get; private init; } = "";

    /// <summary>What follows the scheme when it is neither a path nor an authority, as in <c>host:port</c> read as a URL.</summary>
    public string Opaque { get; private init; } = "";

    /// <summary>The user name, unescaped; <see langword="null"/> when the URL carries no user.</summary>
    public string? UserName { get; private init; }

    /// <summary>The password, unescaped; <see langword="null"/> when the URL carries none.</summary>
    public string? Password { get; private init; }

    /// <summary>Host and port, as written.</summary>
    public string Host { get; private init; } = "";

    /// <summary>The path, as written.</summary>
    public string Path { get; private init; } = "";

    /// <summary>The query with its question mark, as written; empty when there is none.</summary>
    public string Query { get; private init; } = "";

    /// <summary>The fragment with its number sign, as written; empty when there is none.</summary>
    public string Fragment { get; private init; } = "";

    private bool HasAuthority { get; init; }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">It is not one; the message is <c>parse "…": reason</c>.</exception>
    public static ConfiguredUrl Parse(string text)
    {
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        string beforeFragment = hash < 0 ? text : text[..hash];
        try
        {
            return ParseParts(beforeFragment) with { Fragment = hash < 0 ? "" : text[hash..] };
        }
        catch (FormatException e)
        {
            throw new FormatException($"parse \"{Quotable(beforeFragment)}\": {e.Message}", e);
        }
    }

    /// <summary>The URL with its password replaced by <c>xxxxx</c>.</summary>
    public string Redacted() => Password is null ? ToString() : (this with { Password = "xxxxx" }).ToString();

    /// <summary>The URL as text, password included.</summary>
    public override string ToString()
    {
        string scheme = Scheme.Length == 0 ? "" : Scheme + ":";
        if (Opaque.Length > 0)
        {
            return scheme + Opaque + Query + Fragment;
        }

        string user = UserName is null
            ? "" : Uri.EscapeDataString(UserName) + (Password is null ? ""
            : ":" + Uri.EscapeDataString(Password)) + "@";
        return scheme + (HasAuthority ? "//" + user + Host : "") + Path + Query + Fragment;
    }

    private static ConfiguredUrl ParseParts(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || text.Contains('\x7f', StringComparison.Ordinal))
        {
            throw new FormatException("net/url: invalid control character in URL");
        }

        (string scheme, string rest) = SplitScheme(text);
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : rest[question..];
        rest = question < 0 ? rest : rest[..question];
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0)
            {
                return new ConfiguredUrl { Scheme = scheme, Opaque = rest, Query = query };
            }

            if (rest.Split('/')[0].Contains(':', StringComparison.Ordinal))
            {
                throw new FormatException("first path segment in URL cannot contain colon");
            }
        }

        var url = new ConfiguredUrl { Scheme = scheme, Query = query };
        if (rest.StartsWith("//", StringComparison.Ordinal) && (scheme.Length > 0 || !rest.StartsWith("///", StringComparison.Ordinal)))
        {
            int slash = rest.IndexOf('/', 2);
            url = WithAuthority(url, slash < 0 ? rest[2..] : rest[2..slash]);
            rest = slash < 0 ? "" : rest[slash..];
        }

        Unescape(rest);
        return url with { Path = rest };
    }

    private static (string Scheme, string Remainder) SplitScheme(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiLetter(c))
            {
                continue;
            }

            if (c == ':')
            {
                return i == 0 ? throw new FormatException("missing protocol scheme") : (text[..i].ToLowerInvariant(), text[(i + 1)..]);
            }

            if (i == 0 || !(char.IsAsciiDigit(c) || c is '+' or '-' or '.'))
            {
                break;
            }
        }

        return ("", text);
    }

    private static ConfiguredUrl WithAuthority(ConfiguredUrl url, string authority)
    {
        int at = authority.LastIndexOf('@');
        string host = authority[(at + 1)..];
        CheckHost(host);
        url = url with { HasAuthority = true, Host = host };
        if (at < 0)
        {
            return url;
        }

        string user = authority[..at];
        foreach (char c in user)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-._:~!$&'()*+,;=%@".Contains(c, StringComparison.Ordinal))
            {
                throw new FormatException("net/url: invalid userinfo");
            }
        }

        int colon = user.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? url with { UserName = Unescape(user) }
            : url with { UserName = Unescape(user[..colon]), Password = Unescape(user[(colon + 1)..]) };
    }

    private static void CheckHost(string host)
    {
        string port;
        if (host.StartsWith('['))
        {
            int end = host.LastIndexOf(']');
            if (end < 0)
            {
                throw new FormatException("missing ']' in host");
            }

            port = host[(end + 1)..];
        }
        else
        {
            int colon = host.LastIndexOf(':');
            port = colon < 0 ? "" : host[colon..];
        }

        if (port.Length > 0 && (port[0] != ':' || port.AsSpan(1).ContainsAnyExceptInRange('0', '9')))
        {
            throw new FormatException($"invalid port \"{Quotable(port)}\" after host");
        }

        foreach (char c in host)
        {
            if (c is ' ' or '\\' or '^' or '`' or '{' or '|' or '}')
            {
                throw new FormatException($"invalid character \"{Quotable(c.ToString())}\" in host name");
            }
        }
    }

    private static string Unescape(string text)
    {
        for (int i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw new FormatException($"invalid URL escape \"{Quotable(text.Substring(i, Math.Min(3, text.Length - i)))}\"");
            }
        }

        return Uri.UnescapeDataString(text);
    }

    private static string Quotable(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);
}
