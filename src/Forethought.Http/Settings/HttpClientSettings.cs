namespace Forethought.Http;

/// <summary>
/// The keys that every section with an HTTP client takes (<c>http_client_config</c>, inlined into scrape configurations, remote
/// endpoints and discovery sections). Immutable and compared by content.
/// </summary>
public sealed record HttpClientSettings
{
    /// <summary>No authentication, redirects followed, HTTP/2 on.</summary>
    public static HttpClientSettings Default { get; } = new() { FollowRedirects = true, EnableHttp2 = true };

    /// <summary>All keys at Go's zero values: redirects not followed, HTTP/2 off.</summary>
    public static HttpClientSettings Zero { get; } = new();

    /// <summary><c>basic_auth</c>, or <see langword="null"/>.</summary>
    public BasicAuthenticationSettings? BasicAuthentication { get; init; }

    /// <summary><c>authorization</c>, or <see langword="null"/>.</summary>
    public AuthorizationSettings? Authorization { get; init; }

    /// <summary><c>oauth2</c>, or <see langword="null"/>.</summary>
    public OAuth2Settings? OAuth2 { get; init; }

    /// <summary>The deprecated <c>bearer_token</c>; <see cref="Validated"/> moves it into <see cref="Authorization"/>.</summary>
    public Secret BearerToken { get; init; }

    /// <summary>The deprecated <c>bearer_token_file</c>; <see cref="Validated"/> moves it into <see cref="Authorization"/>.</summary>
    public string BearerTokenFile { get; init; } = "";

    /// <summary><c>tls_config</c>.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;

    /// <summary>Whether redirects are followed, at most ten.</summary>
    public bool FollowRedirects { get; init; }

    /// <summary>Whether HTTP/2 is offered over TLS.</summary>
    public bool EnableHttp2 { get; init; }

    /// <summary>The proxy keys.</summary>
    public ProxySettings Proxy { get; init; } = ProxySettings.None;

    /// <summary><c>http_headers</c> by name; <see langword="null"/> when the key is absent.</summary>
    public ValueMap<HeaderSettings>? Headers { get; init; }

    /// <summary>The settings with relative file names joined to <paramref name="directory"/>.</summary>
    public HttpClientSettings WithDirectory(string directory) => this with
    {
        Tls = Tls.WithDirectory(directory),
        BasicAuthentication = BasicAuthentication?.WithDirectory(directory),
        Authorization = Authorization?.WithDirectory(directory),
        OAuth2 = OAuth2?.WithDirectory(directory),
        BearerTokenFile = ConfiguredPath.Join(directory, BearerTokenFile),
        Headers = Headers is null
            ? null
            : new ValueMap<HeaderSettings>(Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.WithDirectory(directory)))),
    };

    /// <summary>The settings with deprecated keys moved and defaults filled in.</summary>
    /// <exception cref="HttpConfigurationException">The keys contradict each other.</exception>
    public HttpClientSettings Validated()
    {
        CheckBearerToken();
        BasicAuthentication?.Validate();
        HttpClientSettings result = this with { Authorization = ValidAuthorization(), BearerToken = default, BearerTokenFile = "" };
        if (OAuth2 is not null)
        {
            if (BasicAuthentication is not null)
            {
                throw new HttpConfigurationException("at most one of basic_auth, oauth2 & authorization must be configured");
            }

            OAuth2.Validate();
        }

        Proxy.Validate();
        CheckHeaders();
        return result;
    }

    private void CheckBearerToken()
    {
        if (!BearerToken.IsEmpty && BearerTokenFile.Length > 0)
        {
            throw new HttpConfigurationException("at most one of bearer_token & bearer_token_file must be configured");
        }

        if ((BasicAuthentication is not null || OAuth2 is not null) && (!BearerToken.IsEmpty || BearerTokenFile.Length > 0))
        {
            throw new HttpConfigurationException("at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
        }
    }

    private AuthorizationSettings? ValidAuthorization()
    {
        if (Authorization is null)
        {
            return BearerToken.IsEmpty && BearerTokenFile.Length == 0
                ? null
                : new AuthorizationSettings { Type = "Bearer", Credentials = BearerToken, CredentialsFile = BearerTokenFile };
        }

        if (!BearerToken.IsEmpty || BearerTokenFile.Length > 0)
        {
            throw new HttpConfigurationException("authorization is not compatible with bearer_token & bearer_token_file");
        }

        AuthorizationSettings authorization = Authorization.Validated();
        if (BasicAuthentication is not null || OAuth2 is not null)
        {
            throw new HttpConfigurationException("at most one of basic_auth, oauth2 & authorization must be configured");
        }

        return authorization;
    }

    private void CheckHeaders()
    {
        foreach (string name in Headers?.Keys ?? [])
        {
            string canonical = HeaderNames.Canonical(name);
            if (HeaderNames.IsReserved(canonical))
            {
                throw new HttpConfigurationException($"setting header \"{canonical}\" is not allowed");
            }
        }
    }
}
