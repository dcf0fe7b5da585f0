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
