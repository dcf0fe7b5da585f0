namespace Forethought.Http;

/// <summary><c>oauth2</c>: how a token is fetched, by client credentials (RFC 6749 §4.4) or a signed assertion (RFC 7523).</summary>
public sealed record OAuth2Settings
{
    /// <summary>The grant type that signs an assertion; every other value means client credentials.</summary>
    public const string JwtBearerGrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>The client identifier; required.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The client secret.</summary>
    public Secret ClientSecret { get; init; }

    /// <summary>The file with the client secret; a changed file fetches a new token.</summary>
    public string ClientSecretFile { get; init; } = "";

    /// <summary>A reference into a secret manager. Prometheus accepts the key and has no manager to resolve it.</summary>
    public string ClientSecretRef { get; init; } = "";

    /// <summary>The key id put into the assertion's header.</summary>
    public string ClientCertificateKeyId { get; init; } = "";

    /// <summary>The RSA private key (PEM) that signs the assertion.</summary>
    public Secret ClientCertificateKey { get; init; }

    /// <summary>The file with the RSA private key.</summary>
    public string ClientCertificateKeyFile { get; init; } = "";

    /// <summary>A reference into a secret manager, as <see cref="ClientSecretRef"/>.</summary>
    public string ClientCertificateKeyRef { get; init; } = "";

    /// <summary>The grant type; empty means client credentials.</summary>
    public string GrantType { get; init; } = "";

    /// <summary><c>RS256</c> (also when empty), <c>RS384</c> or <c>RS512</c>.</summary>
    public string SignatureAlgorithm { get; init; } = "";

    /// <summary>The issuer claim; empty means <see cref="ClientId"/>.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The audience claim; empty means <see cref="TokenUrl"/>.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Further claims of the assertion: text, numbers, booleans, lists and maps as read from YAML.</summary>
    public ValueMap<object?> Claims { get; init; } = ValueMap<object?>.Empty;

    /// <summary>The scopes asked for.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>The token endpoint; required.</summary>
    public string TokenUrl { get; init; } = "";

    /// <summary>Further form parameters of the token request.</summary>
    public ValueMap<string> EndpointParameters { get; init; } = ValueMap<string>.Empty;

    /// <summary>TLS towards the token endpoint.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;

    /// <summary>The proxy towards the token endpoint.</summary>
    public ProxySettings Proxy { get; init; } = ProxySettings.None;

    /// <summary>Whether the token is asked for with a signed assertion.</summary>
    public bool UsesJwtBearer => GrantType == JwtBearerGrantType;

    internal OAuth2Settings WithDirectory(string directory) => this with
    {
        ClientSecretFile = ConfiguredPath.Join(directory, ClientSecretFile),
        Tls = Tls.WithDirectory(directory),
    };

    internal void Validate()
    {
        if (ClientId.Length == 0)
        {
            throw new HttpConfigurationException("oauth2 client_id must be configured");
        }

        if (TokenUrl.Length == 0)
        {
            throw new HttpConfigurationException("oauth2 token_url must be configured");
        }

        if (!UsesJwtBearer)
        {
            if (SettingRules.CountSet(ClientSecret.Reveal(), ClientSecretFile, ClientSecretRef) > 1)
            {
                throw new HttpConfigurationException(
                    "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials");
            }

            return;
        }

        if (SettingRules.CountSet(ClientCertificateKey.Reveal(), ClientCertificateKeyFile, ClientCertificateKeyRef) > 1)
        {
            throw new HttpConfigurationException(
                "at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured "
                + "using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer");
        }

        if (SignatureAlgorithm is not ("" or "RS256" or "RS384" or "RS512"))
        {
            throw new HttpConfigurationException("valid signature algorithms are RS256, RS384 and RS512");
        }
    }
}
