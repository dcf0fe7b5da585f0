using Forethought.Testing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Forethought.Http.Tests;

public sealed class TlsTests
{
    private static readonly RequestDelegate Hello = static context => context.Response.WriteAsync(context.Request.Protocol);

    [Fact]
    public async Task Refuses_a_server_that_nobody_trusts()
    {
        using var authority = new TestCertificates();
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server());
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default);
        await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
    }

    [Fact]
    public async Task Accepts_any_server_when_verification_is_skipped()
    {
        using var authority = new TestCertificates();
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server("elsewhere"));
        Assert.Equal("HTTP/2", await GetAsync(server.Uri, new TlsSettings { InsecureSkipVerify = true }));
    }

    [Fact]
    public async Task Trusts_the_configured_authority_only()
    {
        using var authority = new TestCertificates();
        using var other = new TestCertificates("another authority");
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server());
        Assert.Equal("HTTP/2", await GetAsync(server.Uri, new TlsSettings { Ca = authority.AuthorityPem }));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server.Uri, new TlsSettings { Ca = other.AuthorityPem }));
    }

    [Fact]
    public async Task Checks_the_configured_server_name_instead_of_the_urls()
    {
        using var authority = new TestCertificates();
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server("db.example"));
        Assert.Equal("HTTP/1.1", await GetAsync(server.Uri, new TlsSettings { Ca = authority.AuthorityPem, ServerName = "db.example" }));
        await Assert.ThrowsAsync<HttpRequestException>(
            () => GetAsync(server.Uri, new TlsSettings { Ca = authority.AuthorityPem, ServerName = "other.example" }));
    }

    [Fact]
    public async Task Speaks_http2_only_where_enabled()
    {
        using var authority = new TestCertificates();
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server());
        var settings = HttpClientSettings.Default with { Tls = new TlsSettings { Ca = authority.AuthorityPem }, EnableHttp2 = false };
        using var client = OutgoingHttpClient.Create(settings);
        Assert.Equal("HTTP/1.1", await CredentialTests.GetAsync(client, server.Uri));
    }

    [Fact]
    public async Task Shows_the_client_certificate_and_a_new_one_after_its_files_change()
    {
        using var authority = new TestCertificates();
        using var directory = new TemporaryDirectory();
        string certificateFile = Path.Combine(directory.Path, "cert.pem");
        string keyFile = Path.Combine(directory.Path, "key.pem");
        await WriteAsync("first");
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            static context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none"), authority.Server(), wantClientCertificate: true);
        var tls = new TlsSettings { Ca = authority.AuthorityPem, CertificateFile = certificateFile, KeyFile = keyFile };
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Tls = tls });
        Assert.Equal("CN=first", await CredentialTests.GetAsync(client, server.Uri));
        await WriteAsync("the second one");
        Assert.Equal("CN=the second one", await CredentialTests.GetAsync(client, server.Uri));
        await File.WriteAllTextAsync(keyFile, "rubbish");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        Assert.StartsWith($"unable to use specified client cert (file {certificateFile}) & key (file {keyFile}): ", error.Message, StringComparison.Ordinal);

        async Task WriteAsync(string name)
        {
            (string certificate, string key) = authority.Client(name);
            await File.WriteAllTextAsync(certificateFile, certificate);
            await File.WriteAllTextAsync(keyFile, key);
        }
    }

    [Fact]
    public void Refuses_unusable_material_when_the_client_is_made()
    {
        Assert.Equal("unable to use specified CA cert inline", Refused(new TlsSettings { Ca = "rubbish" }));
        Assert.Equal(
            "unable to read CA cert: unable to read file /nonexistent/ca: open /nonexistent/ca: no such file or directory",
            Refused(new TlsSettings { CaFile = "/nonexistent/ca" }));
        Assert.Equal(
            "tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified",
            Refused(new TlsSettings { MinVersion = TlsVersion.Tls13, MaxVersion = TlsVersion.Tls12 }));
        Assert.Equal("unable to use CA cert: cannot use secret ref without manager", Refused(new TlsSettings { CaRef = "x" }));

        static string Refused(TlsSettings tls) =>
            Assert.Throws<HttpConfigurationException>(() => OutgoingHttpClient.Create(HttpClientSettings.Default with { Tls = tls })).Message;
    }

    // Texts: upstream's common/config, TLSConfig.Validate.
    [Fact]
    public void Refuses_keys_that_contradict_each_other()
    {
        var key = new Secret("k");
        Assert.Equal("at most one of ca, ca_file & ca_ref must be configured", Refused(new TlsSettings { Ca = "x", CaFile = "f" }));
        Assert.Equal("at most one of cert, cert_file & cert_ref must be configured", Refused(new TlsSettings { CertificateFile = "x", CertificateRef = "f", Key = key }));
        Assert.Equal("at most one of key and key_file must be configured", Refused(new TlsSettings { Certificate = "c", Key = key, KeyFile = "f" }));
        Assert.Equal(
            "exactly one of key or key_file must be configured when a client certificate is configured",
            Refused(new TlsSettings { CertificateFile = "c" }));
        Assert.Equal(
            "exactly one of cert or cert_file must be configured when a client key is configured",
            Refused(new TlsSettings { KeyRef = "r" }));
        new TlsSettings { CertificateFile = "c", Key = key, CaRef = "r" }.Validate();

        static string Refused(TlsSettings tls) => Assert.Throws<HttpConfigurationException>(tls.Validate).Message;
    }

    [Fact]
    public void Refuses_certificates_that_are_none()
    {
        const string Broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "ca.pem");
        File.WriteAllText(file, Broken);
        Assert.Equal("unable to use specified CA cert inline", Refused(new TlsSettings { Ca = Broken }));
        Assert.Equal($"unable to use specified CA cert file {file}", Refused(new TlsSettings { CaFile = file }));
        Assert.StartsWith(
            "unable to use specified client cert (inline) & key (inline): ",
            Refused(new TlsSettings { Certificate = Broken, Key = new Secret("k") }),
            StringComparison.Ordinal);
        Assert.Equal(
            $"unable to read client key: unable to read file {directory.Path}: read {directory.Path}: is a directory",
            Refused(new TlsSettings { Certificate = Broken, KeyFile = directory.Path }));

        static string Refused(TlsSettings tls) =>
            Assert.Throws<HttpConfigurationException>(() => OutgoingHttpClient.Create(HttpClientSettings.Default with { Tls = tls })).Message;
    }

    [Fact]
    public async Task Trusts_another_authority_after_its_file_changed()
    {
        using var authority = new TestCertificates();
        using var other = new TestCertificates("another authority");
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "ca.pem");
        await File.WriteAllTextAsync(file, other.AuthorityPem);
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server());
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Tls = new TlsSettings { CaFile = file } });
        await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        await File.WriteAllTextAsync(file, "# both\n" + other.AuthorityPem + "\n" + authority.AuthorityPem);
        Assert.Equal("HTTP/2", await CredentialTests.GetAsync(client, server.Uri));
    }

    [Fact]
    public async Task Notices_that_a_link_to_the_authority_points_elsewhere()
    {
        // As Kubernetes swaps mounted secrets: same name, same length perhaps, another file behind a link.
        using var authority = new TestCertificates();
        using var other = new TestCertificates("tesd authority");
        using var directory = new TemporaryDirectory();
        string link = Path.Combine(directory.Path, "ca.pem");
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "1"), other.AuthorityPem);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "2"), authority.AuthorityPem + "\n");
        File.CreateSymbolicLink(link, Path.Combine(directory.Path, "1"));
        await using LoopbackServer server = await LoopbackServer.StartAsync(Hello, authority.Server());
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Tls = new TlsSettings { CaFile = link } });
        await Assert.ThrowsAsync<HttpRequestException>(() => CredentialTests.GetAsync(client, server.Uri));
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(directory.Path, "2"));
        Assert.Equal("HTTP/2", await CredentialTests.GetAsync(client, server.Uri));
    }

    [Theory]
    [InlineData(TlsVersion.Tls13, TlsVersion.Unset, "Tls13")]
    [InlineData(TlsVersion.Unset, TlsVersion.Tls12, "Tls12")]
    [InlineData(TlsVersion.Tls12, TlsVersion.Tls13, "Tls13")]
    public async Task Speaks_the_configured_versions(TlsVersion lowest, TlsVersion highest, string spoken)
    {
        using var authority = new TestCertificates();
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            static context => context.Response.WriteAsync(context.Features.Get<ITlsHandshakeFeature>()!.Protocol.ToString()), authority.Server());
        Assert.Equal(spoken, await GetAsync(server.Uri, new TlsSettings { Ca = authority.AuthorityPem, MinVersion = lowest, MaxVersion = highest }));
    }

    private static async Task<string> GetAsync(Uri uri, TlsSettings tls)
    {
        using var client = OutgoingHttpClient.Create(HttpClientSettings.Default with { Tls = tls });
        return await CredentialTests.GetAsync(client, uri);
    }
}
