using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Forethought.Http.Tests;

/// <summary>A certificate authority made for a test, and what it signs.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly DateTimeOffset To = DateTimeOffset.UnixEpoch.AddYears(130);

    private readonly X509Certificate2 _authority;

    public TestCertificates(string name = "test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(From, To);
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    public X509Certificate2 Server(string dnsName = "localhost")
    {
        (X509Certificate2 certificate, ECDsa key) = Sign("CN=" + dnsName, dnsName);
        using (key)
        using (certificate)
        {
            using X509Certificate2 withKey = certificate.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }
    }

    public (string Certificate, string Key) Client(string name)
    {
        (X509Certificate2 certificate, ECDsa key) = Sign("CN=" + name, "client.invalid");
        using (key)
        using (certificate)
        {
            return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        }
    }

    public void Dispose() => _authority.Dispose();

    private (X509Certificate2 Certificate, ECDsa Key) Sign(string subject, string dnsName)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return (request.Create(_authority, From, To, RandomNumberGenerator.GetBytes(8)), key);
    }
}
