using Forethought.Http;

namespace Forethought.Configuration;

/// <summary>The file of <c>--web.config.file</c>: how the server itself is reached. Immutable, compared by content.</summary>
public sealed record WebConfiguration
{
    /// <summary>Plain HTTP, no authentication: an empty file.</summary>
    public static WebConfiguration Default { get; } = new();

    /// <summary><c>tls_server_config</c>.</summary>
    public WebTlsConfiguration Tls { get; init; } = WebTlsConfiguration.Default;

    /// <summary><c>http_server_config.http2</c>: whether HTTP/2 is offered, over TLS only.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary><c>http_server_config.headers</c>: headers added to every response.</summary>
    public ValueMap<string> Headers { get; init; } = ValueMap<string>.Empty;

    /// <summary><c>rate_limit</c>; <see langword="null"/> when requests are not limited.</summary>
    public WebRateLimit? RateLimit { get; init; }

    /// <summary><c>basic_auth_users</c>: bcrypt hashes by user name. With any user, every request must authenticate.</summary>
    public ValueMap<Secret> Users { get; init; } = ValueMap<Secret>.Empty;
}
