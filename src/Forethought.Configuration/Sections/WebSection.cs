using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>The keys of the web configuration file.</summary>
internal static class WebSection
{
    private static readonly string[] Ciphers =
    [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ];

    private static readonly string[] Curves = ["CurveP256", "CurveP384", "CurveP521", "X25519"];

    // The headers that may be set, with their allowed values; none means any.
    private static readonly Dictionary<string, string[]> Headers = new(StringComparer.Ordinal)
    {
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["nosniff"],
        ["X-Frame-Options"] = ["deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
        ["Content-Security-Policy"] = [],
    };

    private static readonly YamlStruct<WebTlsConfiguration> Tls =
        new YamlStruct<WebTlsConfiguration>("web.TLSConfig", WebTlsConfiguration.Zero)
        .Field("cert", YamlTypes.Text, tls => tls.Certificate, (tls, value) => tls with { Certificate = value })
        .Field("key", YamlTypes.Secret, tls => tls.Key, (tls, value) => tls with { Key = value })
        .Field("client_ca", YamlTypes.Text, tls => tls.ClientCa, (tls, value) => tls with { ClientCa = value })
        .Field("cert_file", YamlTypes.Text, tls => tls.CertificateFile, (tls, value) => tls with { CertificateFile = value })
        .Field("key_file", YamlTypes.Text, tls => tls.KeyFile, (tls, value) => tls with { KeyFile = value })
        .Field("client_auth_type", YamlTypes.Text, tls => tls.ClientAuthType, (tls, value) => tls with { ClientAuthType = value })
        .Field("client_ca_file", YamlTypes.Text, tls => tls.ClientCaFile, (tls, value) => tls with { ClientCaFile = value })
        .Field(
            "cipher_suites",
            new YamlList<string>(YamlTypes.Choice("string", static text => $"unknown cipher: {text}", Ciphers), "[]web.Cipher"),
            tls => tls.CipherSuites,
            (tls, value) => tls with { CipherSuites = value })
        .Field(
            "curve_preferences",
            new YamlList<string>(YamlTypes.Choice("string", static text => $"unknown curve: {text}", Curves), "[]web.Curve"),
            tls => tls.CurvePreferences,
            (tls, value) => tls with { CurvePreferences = value })
        .Field("min_version", HttpSections.TlsVersion, tls => tls.MinVersion, (tls, value) => tls with { MinVersion = value })
        .Field("max_version", HttpSections.TlsVersion, tls => tls.MaxVersion, (tls, value) => tls with { MaxVersion = value })
        .Field(
            "prefer_server_cipher_suites",
            YamlTypes.Boolean,
            tls => tls.PreferServerCipherSuites,
            (tls, value) => tls with { PreferServerCipherSuites = value })
        .Field(
            "client_allowed_sans",
            YamlTypes.Texts,
            tls => tls.ClientAllowedNames,
            (tls, value) => tls with { ClientAllowedNames = value });

    private static readonly YamlStruct<WebConfiguration> Http = new YamlStruct<WebConfiguration>("web.HTTPConfig", WebConfiguration.Default)
        .Field("http2", YamlTypes.Boolean, web => web.Http2, (web, value) => web with { Http2 = value })
        .Field("headers", YamlTypes.TextMap, web => web.Headers, (web, value) => web with { Headers = value });

    private static readonly YamlStruct<WebRateLimit> RateLimit = new YamlStruct<WebRateLimit>("web.RateLimiterConfig", WebRateLimit.Zero)
        .Field("burst", YamlTypes.Int, limit => limit.Burst, (limit, value) => limit with { Burst = value })
        .Field("interval", new YamlGoDuration(), limit => limit.Interval, (limit, value) => limit with { Interval = value });

    internal static readonly YamlStruct<WebConfiguration> Root =
        new YamlStruct<WebConfiguration>("web.Config", WebConfiguration.Default, static _ => WebConfiguration.Default)
        .Field("tls_server_config", Tls, web => web.Tls, (web, value) => web with { Tls = value })
        .Field("http_server_config", Http, web => web, static (web, value) => web with { Http2 = value.Http2, Headers = value.Headers })
        .Field(
            "rate_limit",
            new YamlOptional<WebRateLimit>(RateLimit),
            web => web.RateLimit,
            (web, value) => web with { RateLimit = value })
        .Field(
            "basic_auth_users",
            new YamlMap<Secret>(YamlTypes.Secret, "map[string]config.Secret"),
            web => web.Users,
            (web, value) => web with { Users = value });

    internal static void Validate(WebConfiguration web)
    {
        foreach ((string name, string value) in web.Headers)
        {
            if (!Headers.TryGetValue(name, out string[]? allowed))
            {
                throw new ConfigurationException($"HTTP header {GoQuote.Quote(name)} can not be configured");
            }

            if (allowed.Length > 0 && !allowed.Contains(value))
            {
                string words = string.Join(' ', allowed.Select(GoQuote.Quote));
                throw new ConfigurationException($"invalid value for {name}. Expected one of: [{words}], but got: {GoQuote.Quote(value)}");
            }
        }

        foreach (Secret hash in web.Users.Values)
        {
            if (BcryptHash.Problem(hash.Reveal()) is { } problem)
            {
                throw new ConfigurationException(problem);
            }
        }

        if (TlsProblem(web.Tls) is { } tlsProblem)
        {
            throw new ConfigurationException(tlsProblem);
        }
    }

    private static string? TlsProblem(WebTlsConfiguration tls)
    {
        if (!tls.IsEnabled)
        {
            return null;
        }

        bool knownAuthentication = tls.ClientAuthType is "" or "RequireClientCert"
            || Enum.IsDefined(typeof(WebClientAuthentication), tls.ClientAuthType);
        return tls.Certificate.Length + tls.CertificateFile.Length == 0 ? "missing one of cert or cert_file"
            : tls.Key.IsEmpty && tls.KeyFile.Length == 0 ? "missing one of key or key_file"
            : !knownAuthentication ? $"invalid ClientAuth: {tls.ClientAuthType}"
            : tls.ClientCa.Length + tls.ClientCaFile.Length > 0 && tls.ClientAuthentication == WebClientAuthentication.NoClientCert
                ? "client CA's have been configured without a Client Auth Policy"
            : null;
    }
}
