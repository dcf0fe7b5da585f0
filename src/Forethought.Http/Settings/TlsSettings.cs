namespace Forethought.Http;

/// <summary><c>tls_config</c>: what is trusted, which client certificate is shown, which versions are spoken.</summary>
public sealed record TlsSettings
{
    /// <summary>Settings without any key: the system's trust, no client certificate.</summary>
    public static TlsSettings None { get; } = new();

    /// <summary>PEM text of the certificate authorities trusted instead of the system's.</summary>
    public string Ca { get; init; } = "";

    /// <summary>PEM text of the client certificate and its intermediates.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>PEM text of the client certificate's key.</summary>
    public Secret Key { get; init; }

    /// <summary>The file with <see cref="Ca"/>; changes are noticed without a reload.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>The file with <see cref="Certificate"/>; changes are noticed without a reload.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>The file with <see cref="Key"/>; changes are noticed without a reload.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>A reference into a secret manager. Prometheus accepts the key and has no manager to resolve it.</summary>
    public string CaRef { get; init; } = "";

    /// <summary>A reference into a secret manager, as <see cref="CaRef"/>.</summary>
    public string CertificateRef { get; init; } = "";

    /// <summary>A reference into a secret manager, as <see cref="CaRef"/>.</summary>
    public string KeyRef { get; init; } = "";

    /// <summary>The name the server's certificate must carry; empty means the host of the URL.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Whether any server certificate is accepted.</summary>
    public bool InsecureSkipVerify { get; init; }

    /// <summary>The lowest version spoken.</summary>
    public TlsVersion MinVersion { get; init; }

    /// <summary>The highest version spoken.</summary>
    public TlsVersion MaxVersion { get; init; }

    internal bool HasCertificate => SettingRules.CountSet(Certificate, CertificateFile, CertificateRef) > 0;

    internal bool HasKey => SettingRules.CountSet(Key.Reveal(), KeyFile, KeyRef) > 0;

    /// <summary>The settings with relative file names joined to <paramref name="directory"/>.</summary>
    public TlsSettings WithDirectory(string directory) => this with
    {
        CaFile = ConfiguredPath.Join(directory, CaFile),
        CertificateFile = ConfiguredPath.Join(directory, CertificateFile),
        KeyFile = ConfiguredPath.Join(directory, KeyFile),
    };

    /// <summary>Checks that the keys agree with each other.</summary>
    /// <exception cref="HttpConfigurationException">They do not.</exception>
    public void Validate()
    {
        if (SettingRules.CountSet(Ca, CaFile, CaRef) > 1)
        {
            throw new HttpConfigurationException("at most one of ca, ca_file & ca_ref must be configured");
        }

        if (SettingRules.CountSet(Certificate, CertificateFile, CertificateRef) > 1)
        {
            throw new HttpConfigurationException("at most one of cert, cert_file & cert_ref must be configured");
        }

        if (SettingRules.CountSet(Key.Reveal(), KeyFile, KeyRef) > 1)
        {
            throw new HttpConfigurationException("at most one of key and key_file must be configured");
        }

        if (HasCertificate && !HasKey)
        {
            throw new HttpConfigurationException(
                "exactly one of key or key_file must be configured when a client certificate is configured");
        }

        if (HasKey && !HasCertificate)
        {
            throw new HttpConfigurationException("exactly one of cert or cert_file must be configured when a client key is configured");
        }
    }
}
