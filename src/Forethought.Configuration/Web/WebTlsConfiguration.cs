using Forethought.Http;

namespace Forethought.Configuration;

/// <summary><c>tls_server_config</c>. Files are read again for each connection.</summary>
public sealed record WebTlsConfiguration
{
    /// <summary>No TLS.</summary>
    public static WebTlsConfiguration Default { get; } =
        new() { MinVersion = TlsVersion.Tls12, MaxVersion = TlsVersion.Tls13, PreferServerCipherSuites = true };

    internal static WebTlsConfiguration Zero { get; } = new();

    /// <summary>The server's certificate and its intermediates, PEM text.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>The file with <see cref="Certificate"/>, which it goes before.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>The certificate's key, PEM text.</summary>
    public Secret Key { get; init; }

    /// <summary>The file with <see cref="Key"/>, which it goes before.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The authorities of clients' certificates, PEM text.</summary>
    public string ClientCa { get; init; } = "";

    /// <summary>The file with <see cref="ClientCa"/>, which it goes before.</summary>
    public string ClientCaFile { get; init; } = "";

    /// <summary><c>client_auth_type</c> as written.</summary>
    public string ClientAuthType { get; init; } = "";

    /// <summary>Names of which a client's certificate must carry one; empty for any.</summary>
    public ValueList<string> ClientAllowedNames { get; init; } = [];

    /// <summary>The lowest version spoken.</summary>
    public TlsVersion MinVersion { get; init; }

    /// <summary>The highest version spoken.</summary>
    public TlsVersion MaxVersion { get; init; }

    /// <summary>Cipher suites by their IANA names; empty for the runtime's choice.</summary>
    public ValueList<string> CipherSuites { get; init; } = [];

    /// <summary>Whether the server's order of cipher suites counts; accepted for compatibility.</summary>
    public bool PreferServerCipherSuites { get; init; }

    /// <summary>Curves by Go's names; empty for the runtime's choice.</summary>
    public ValueList<string> CurvePreferences { get; init; } = [];

    /// <summary>What is wanted of clients' certificates.</summary>
    public WebClientAuthentication ClientAuthentication =>
        ClientAuthType == "RequireClientCert" ? WebClientAuthentication.RequireAnyClientCert
        : Enum.TryParse(ClientAuthType, out WebClientAuthentication type) ? type
        : WebClientAuthentication.NoClientCert;

    /// <summary>Whether the server speaks TLS.</summary>
    public bool IsEnabled =>
        Certificate.Length + CertificateFile.Length + KeyFile.Length + ClientCa.Length + ClientCaFile.Length + ClientAuthType.Length > 0
        || !Key.IsEmpty;

    internal WebTlsConfiguration WithDirectory(string directory) => this with
    {
        CertificateFile = ConfiguredPath.Join(directory, CertificateFile),
        KeyFile = ConfiguredPath.Join(directory, KeyFile),
        ClientCaFile = ConfiguredPath.Join(directory, ClientCaFile),
    };
}
