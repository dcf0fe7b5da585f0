using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Forethought.Http.Tls;

/// <summary>Makes the options of TLS connections from <c>tls_config</c>.</summary>
internal sealed class TlsMaterial
{
    private readonly TlsSettings _settings;
    private readonly string[] _files;

    internal TlsMaterial(TlsSettings settings)
    {
        settings.Validate();
        if (settings.MaxVersion != TlsVersion.Unset && settings.MinVersion != TlsVersion.Unset && settings.MaxVersion < settings.MinVersion)
        {
            throw new HttpConfigurationException(
                "tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified");
        }

        CheckReference(settings.CaRef, "CA cert");
        CheckReference(settings.CertificateRef, "client cert");
        CheckReference(settings.KeyRef, "client key");
        _settings = settings;
        _files = [.. new[] { settings.CaFile, settings.CertificateFile, settings.KeyFile }.Where(static file => file.Length > 0)];
    }

    internal bool HasFiles => _files.Length > 0;

    /// <summary>The versions of the files now.</summary>
    internal ValueList<FileStamp> Stamp() => _files.Select(FileStamp.Of).ToValueList();

    /// <summary>Reads the files and makes the options.</summary>
    /// <exception cref="HttpConfigurationException">A file cannot be read or used.</exception>
    internal SslClientAuthenticationOptions Load()
    {
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = Protocols(),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_settings.ServerName.Length > 0)
        {
            options.TargetHost = _settings.ServerName;
        }

        if (_settings.InsecureSkipVerify)
        {
#pragma warning disable CA5359 // The user asks for it: insecure_skip_verify.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (Read(_settings.Ca, _settings.CaFile, "CA cert") is { } ca)
        {
            options.CertificateChainPolicy = TrustOnly(ca);
        }

        if (_settings.HasCertificate)
        {
            options.ClientCertificateContext = ClientCertificate();
        }

        return options;
    }

    private X509ChainPolicy TrustOnly(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            policy.CustomTrustStore.Clear();
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new HttpConfigurationException($"unable to use specified CA cert {Describe(_settings.CaFile)}");
    }

    private SslStreamCertificateContext ClientCertificate()
    {
        string certificates = Read(_settings.Certificate, _settings.CertificateFile, "client cert") ?? "";
        string key = Read(_settings.Key.Reveal(), _settings.KeyFile, "client key") ?? "";
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            var leaf = X509Certificate2.CreateFromPem(certificates, key);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new HttpConfigurationException(
                $"unable to use specified client cert ({Describe(_settings.CertificateFile)}) & key ({Describe(_settings.KeyFile)}): {e.Message}", e);
        }
    }

    private SslProtocols Protocols()
    {
        if (_settings.MinVersion == TlsVersion.Unset && _settings.MaxVersion == TlsVersion.Unset)
        {
            return SslProtocols.None;
        }

        TlsVersion low = _settings.MinVersion == TlsVersion.Unset ? TlsVersion.Tls12 : _settings.MinVersion;
        TlsVersion high = _settings.MaxVersion == TlsVersion.Unset ? TlsVersion.Tls13 : _settings.MaxVersion;
        var protocols = SslProtocols.None;
#pragma warning disable CA5397, CA5398, SYSLIB0039 // Old versions only where the user asks for them: min_version and max_version.
        (TlsVersion, SslProtocols)[] all =
        [
            (TlsVersion.Tls10, SslProtocols.Tls), (TlsVersion.Tls11, SslProtocols.Tls11),
            (TlsVersion.Tls12, SslProtocols.Tls12), (TlsVersion.Tls13, SslProtocols.Tls13),
        ];
#pragma warning restore CA5397, CA5398, SYSLIB0039
        foreach ((TlsVersion version, SslProtocols protocol) in all)
        {
            protocols |= version >= low && version <= high ? protocol : SslProtocols.None;
        }

        return protocols;
    }

    private static string? Read(string text, string file, string what)
    {
        if (text.Length > 0 || file.Length == 0)
        {
            return text.Length > 0 ? text : null;
        }

        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HttpConfigurationException($"unable to read {what}: unable to read file {file}: {FileErrorText.Describe(file, e)}", e);
        }
    }

    private static string Describe(string file) => file.Length == 0 ? "inline" : "file " + file;

    private static void CheckReference(string reference, string what)
    {
        if (reference.Length > 0)
        {
            throw new HttpConfigurationException($"unable to use {what}: cannot use secret ref without manager");
        }
    }
}
