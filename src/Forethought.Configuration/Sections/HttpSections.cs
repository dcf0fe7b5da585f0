using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of HTTP clients.</summary>
internal static class HttpSections
{
    internal static readonly YamlParsed<TlsVersion> TlsVersion = new("string", Http.TlsVersion.Unset, ParseTlsVersion, FormatTlsVersion);

    internal static readonly YamlStruct<TlsSettings> Tls =
        new YamlStruct<TlsSettings>("config.plain", TlsSettings.None, validate: Validated)
        .Field("ca", YamlTypes.Text, tls => tls.Ca, (tls, value) => tls with { Ca = value })
        .Field("cert", YamlTypes.Text, tls => tls.Certificate, (tls, value) => tls with { Certificate = value })
        .Field("key", YamlTypes.Secret, tls => tls.Key, (tls, value) => tls with { Key = value })
        .Field("ca_file", YamlTypes.Text, tls => tls.CaFile, (tls, value) => tls with { CaFile = value })
        .Field("cert_file", YamlTypes.Text, tls => tls.CertificateFile, (tls, value) => tls with { CertificateFile = value })
        .Field("key_file", YamlTypes.Text, tls => tls.KeyFile, (tls, value) => tls with { KeyFile = value })
        .Field("ca_ref", YamlTypes.Text, tls => tls.CaRef, (tls, value) => tls with { CaRef = value })
        .Field("cert_ref", YamlTypes.Text, tls => tls.CertificateRef, (tls, value) => tls with { CertificateRef = value })
        .Field("key_ref", YamlTypes.Text, tls => tls.KeyRef, (tls, value) => tls with { KeyRef = value })
        .Field("server_name", YamlTypes.Text, tls => tls.ServerName, (tls, value) => tls with { ServerName = value })
        .Field(
            "insecure_skip_verify",
            YamlTypes.Boolean,
            tls => tls.InsecureSkipVerify,
            (tls, value) => tls with { InsecureSkipVerify = value },
            keepZero: true)
        .Field("min_version", TlsVersion, tls => tls.MinVersion, (tls, value) => tls with { MinVersion = value })
        .Field("max_version", TlsVersion, tls => tls.MaxVersion, (tls, value) => tls with { MaxVersion = value });

    private static readonly YamlStruct<ProxySettings> Proxy = new YamlStruct<ProxySettings>("config.ProxyConfig", ProxySettings.None)
        .Field("proxy_url", YamlTypes.Url, proxy => proxy.Url, (proxy, value) => proxy with { Url = value })
        .Field("no_proxy", YamlTypes.Text, proxy => proxy.NoProxy, (proxy, value) => proxy with { NoProxy = value })
        .Field(
            "proxy_from_environment",
            YamlTypes.Boolean,
            proxy => proxy.FromEnvironment,
            (proxy, value) => proxy with { FromEnvironment = value })
        .Field(
            "proxy_connect_header",
            new YamlMap<ValueList<Secret>>(new YamlList<Secret>(YamlTypes.Secret, "[]config.Secret"), "config.ProxyHeader"),
            proxy => proxy.ConnectHeaders,
            (proxy, value) => proxy with { ConnectHeaders = value });

    private static readonly YamlStruct<BasicAuthenticationSettings> BasicAuthentication =
        new YamlStruct<BasicAuthenticationSettings>("config.plain", new BasicAuthenticationSettings())
        .Field("username", YamlTypes.Text, auth => auth.Username, (auth, value) => auth with { Username = value })
        .Field("username_file", YamlTypes.Text, auth => auth.UsernameFile, (auth, value) => auth with { UsernameFile = value })
        .Field("username_ref", YamlTypes.Text, auth => auth.UsernameRef, (auth, value) => auth with { UsernameRef = value })
        .Field("password", YamlTypes.Secret, auth => auth.Password, (auth, value) => auth with { Password = value })
        .Field("password_file", YamlTypes.Text, auth => auth.PasswordFile, (auth, value) => auth with { PasswordFile = value })
        .Field("password_ref", YamlTypes.Text, auth => auth.PasswordRef, (auth, value) => auth with { PasswordRef = value });

    private static readonly YamlStruct<AuthorizationSettings> Authorization =
        new YamlStruct<AuthorizationSettings>("config.Authorization", new AuthorizationSettings())
        .Field("type", YamlTypes.Text, auth => auth.Type, (auth, value) => auth with { Type = value })
        .Field("credentials", YamlTypes.Secret, auth => auth.Credentials, (auth, value) => auth with { Credentials = value })
        .Field("credentials_file", YamlTypes.Text, auth => auth.CredentialsFile, (auth, value) => auth with { CredentialsFile = value })
        .Field("credentials_ref", YamlTypes.Text, auth => auth.CredentialsRef, (auth, value) => auth with { CredentialsRef = value });

    private static readonly YamlStruct<OAuth2Settings> OAuth2 =
        new YamlStruct<OAuth2Settings>("config.plain", new OAuth2Settings(), validate: ValidProxy)
        .Field("client_id", YamlTypes.Text, auth => auth.ClientId, (auth, value) => auth with { ClientId = value })
        .Field("client_secret", YamlTypes.Secret, auth => auth.ClientSecret, (auth, value) => auth with { ClientSecret = value })
        .Field("client_secret_file", YamlTypes.Text, auth => auth.ClientSecretFile, (auth, value) => auth with { ClientSecretFile = value })
        .Field("client_secret_ref", YamlTypes.Text, auth => auth.ClientSecretRef, (auth, value) => auth with { ClientSecretRef = value })
        .Field(
            "client_certificate_key_id",
            YamlTypes.Text,
            auth => auth.ClientCertificateKeyId,
            (auth, value) => auth with { ClientCertificateKeyId = value })
        .Field(
            "client_certificate_key",
            YamlTypes.Secret,
            auth => auth.ClientCertificateKey,
            (auth, value) => auth with { ClientCertificateKey = value })
        .Field(
            "client_certificate_key_file",
            YamlTypes.Text,
            auth => auth.ClientCertificateKeyFile,
            (auth, value) => auth with { ClientCertificateKeyFile = value })
        .Field(
            "client_certificate_key_ref",
            YamlTypes.Text,
            auth => auth.ClientCertificateKeyRef,
            (auth, value) => auth with { ClientCertificateKeyRef = value })
        .Field("grant_type", YamlTypes.Text, auth => auth.GrantType, (auth, value) => auth with { GrantType = value })
        .Field(
            "signature_algorithm",
            YamlTypes.Text,
            auth => auth.SignatureAlgorithm,
            (auth, value) => auth with { SignatureAlgorithm = value })
        .Field("iss", YamlTypes.Text, auth => auth.Issuer, (auth, value) => auth with { Issuer = value })
        .Field("audience", YamlTypes.Text, auth => auth.Audience, (auth, value) => auth with { Audience = value })
        .Field("claims", new YamlMap<object?>(YamlTypes.Any), auth => auth.Claims, (auth, value) => auth with { Claims = value })
        .Field("scopes", YamlTypes.Texts, auth => auth.Scopes, (auth, value) => auth with { Scopes = value })
        .Field("token_url", YamlTypes.Text, auth => auth.TokenUrl, (auth, value) => auth with { TokenUrl = value })
        .Field(
            "endpoint_params",
            YamlTypes.TextMap,
            auth => auth.EndpointParameters,
            (auth, value) => auth with { EndpointParameters = value })
        .Field("tls_config", Tls, auth => auth.Tls, (auth, value) => auth with { Tls = value })
        .Inline(Proxy, auth => auth.Proxy, (auth, value) => auth with { Proxy = value });

    private static readonly YamlStruct<HeaderSettings> Header = new YamlStruct<HeaderSettings>("config.Header", new HeaderSettings())
        .Field("values", YamlTypes.Texts, header => header.Values, (header, value) => header with { Values = value })
        .Field(
            "secrets",
            new YamlList<Secret>(YamlTypes.Secret, "[]config.Secret"),
            header => header.Secrets,
            (header, value) => header with { Secrets = value })
        .Field("files", YamlTypes.Texts, header => header.Files, (header, value) => header with { Files = value });

    /// <summary>The keys to inline into a section; whoever does calls <see cref="HttpClientSettings.Validated"/>.</summary>
    internal static readonly YamlStruct<HttpClientSettings> Client =
        new YamlStruct<HttpClientSettings>("config.plain", HttpClientSettings.Zero)
        .Field(
            "basic_auth",
            new YamlOptional<BasicAuthenticationSettings>(BasicAuthentication),
            http => http.BasicAuthentication,
            (http, value) => http with { BasicAuthentication = value })
        .Field(
            "authorization",
            new YamlOptional<AuthorizationSettings>(Authorization),
            http => http.Authorization,
            (http, value) => http with { Authorization = value })
        .Field("oauth2", new YamlOptional<OAuth2Settings>(OAuth2), http => http.OAuth2, (http, value) => http with { OAuth2 = value })
        .Field("bearer_token", YamlTypes.Secret, http => http.BearerToken, (http, value) => http with { BearerToken = value })
        .Field("bearer_token_file", YamlTypes.Text, http => http.BearerTokenFile, (http, value) => http with { BearerTokenFile = value })
        .Field("tls_config", Tls, http => http.Tls, (http, value) => http with { Tls = value })
        .Field(
            "follow_redirects",
            YamlTypes.Boolean,
            http => http.FollowRedirects,
            (http, value) => http with { FollowRedirects = value },
            keepZero: true)
        .Field(
            "enable_http2",
            YamlTypes.Boolean,
            http => http.EnableHttp2,
            (http, value) => http with { EnableHttp2 = value },
            keepZero: true)
        .Inline(Proxy, http => http.Proxy, (http, value) => http with { Proxy = value })
        .Field(
            "http_headers",
            new YamlOptional<ValueMap<HeaderSettings>>(new YamlMap<HeaderSettings>(Header, "config.Headers")),
            http => http.Headers,
            (http, value) => http with { Headers = value });

    /// <summary>A file that holds nothing but these keys (<c>promtool --http.config.file</c>).</summary>
    internal static readonly YamlStruct<HttpClientSettings> ClientFile = new YamlStruct<HttpClientSettings>(
        "config.plain", HttpClientSettings.Zero, static _ => HttpClientSettings.Default, static http => http.Validated())
        .Inline(Client, static http => http, static (_, value) => value);

    private static TlsSettings Validated(TlsSettings tls)
    {
        tls.Validate();
        return tls;
    }

    private static OAuth2Settings ValidProxy(OAuth2Settings settings)
    {
        settings.Proxy.Validate();
        return settings;
    }

    private static TlsVersion ParseTlsVersion(string text) => text switch
    {
        "TLS10" => Http.TlsVersion.Tls10,
        "TLS11" => Http.TlsVersion.Tls11,
        "TLS12" => Http.TlsVersion.Tls12,
        "TLS13" => Http.TlsVersion.Tls13,
        _ => throw new FormatException($"unknown TLS version: {text}"),
    };

    private static string FormatTlsVersion(TlsVersion version) => version.ToString().ToUpperInvariant();
}
