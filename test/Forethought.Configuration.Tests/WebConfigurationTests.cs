using Forethought.Http;
using Forethought.Testing;

namespace Forethought.Configuration.Tests;

/// <summary>The verdicts are those of <c>promtool check web-config</c> (3.5.3).</summary>
public sealed class WebConfigurationTests
{
    private const string Hash = "$2y$12$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby";

    [Theory]
    [InlineData("")]
    [InlineData("tls_server_config: {}")]
    [InlineData("http_server_config: {http2: false}")]
    [InlineData("http_server_config: {headers: {X-Frame-Options: deny, Strict-Transport-Security: x}}")]
    [InlineData("basic_auth_users: {a: " + Hash + "}")]
    [InlineData("rate_limit: {interval: 1s, burst: 5}")]
    public void Accepts_what_promtool_accepts(string text) => Load(text);

    [Theory]
    [InlineData("tls_server_config: {cert_file: a}", "missing one of key or key_file")]
    [InlineData("tls_server_config: {key_file: a}", "missing one of cert or cert_file")]
    [InlineData("tls_server_config: {client_auth_type: foo}", "missing one of cert or cert_file")]
    [InlineData("tls_server_config: {cert: a, key: b, client_auth_type: foo}", "invalid ClientAuth: foo")]
    [InlineData("tls_server_config: {cert: a, key: b, client_ca: c}", "client CA's have been configured without a Client Auth Policy")]
    [InlineData("tls_server_config: {foo: a}", "yaml: unmarshal errors:\n  line 1: field foo not found in type web.TLSConfig")]
    [InlineData("foo: x", "yaml: unmarshal errors:\n  line 1: field foo not found in type web.Config")]
    [InlineData("http_server_config: {foo: x}", "yaml: unmarshal errors:\n  line 1: field foo not found in type web.HTTPConfig")]
    [InlineData("http_server_config: {headers: {X-Foo: a}}", "HTTP header \"X-Foo\" can not be configured")]
    [InlineData("http_server_config: {headers: {X-Frame-Options: a}}", "invalid value for X-Frame-Options. Expected one of: [\"deny\" \"sameorigin\"], but got: \"a\"")]
    [InlineData("basic_auth_users: {a: b}", "crypto/bcrypt: hashedSecret too short to be a bcrypted password")]
    [InlineData("basic_auth_users: {a: x2y$12$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby}", "crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with 'x'")]
    [InlineData("basic_auth_users: {a: $2y$02$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby}", "crypto/bcrypt: cost 2 is outside allowed inclusive range 4..31")]
    [InlineData("tls_server_config: {min_version: x}", "unknown TLS version: x")]
    [InlineData("tls_server_config: {cipher_suites: [x]}", "unknown cipher: x")]
    [InlineData("tls_server_config: {curve_preferences: [x]}", "unknown curve: x")]
    [InlineData("rate_limit: {interval: x}", "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `x` into time.Duration")]
    public void Refuses_what_promtool_refuses(string text, string error) =>
        Assert.Equal(error, Assert.Throws<ConfigurationException>(() => Load(text)).Message);

    [Fact]
    public void Has_the_defaults_where_keys_are_absent()
    {
        WebConfiguration web = Load("tls_server_config: {cert: c, key: k, client_auth_type: RequireClientCert}");
        Assert.True(web.Http2);
        Assert.True(web.Tls.IsEnabled);
        Assert.Equal((TlsVersion.Tls12, TlsVersion.Tls13), (web.Tls.MinVersion, web.Tls.MaxVersion));
        Assert.Equal(WebClientAuthentication.RequireAnyClientCert, web.Tls.ClientAuthentication);
        Assert.False(Load("").Tls.IsEnabled);
        Assert.Null(Load("").RateLimit);
    }

    [Theory]
    [InlineData("1s", 1_000)]
    [InlineData("1h2m", 3_720_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("100ms", 100)]
    [InlineData("2000000", 2)]
    public void Reads_intervals_as_go_writes_them(string text, double milliseconds) =>
        Assert.Equal(milliseconds, Load($"rate_limit: {{interval: {text}}}").RateLimit!.Interval.TotalMilliseconds);

    [Fact]
    public void Joins_relative_files_to_the_directory()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "web.yml");
        File.WriteAllText(file, "tls_server_config: {cert_file: a.pem, key_file: /b.pem}");
        WebTlsConfiguration tls = WebConfigurationLoader.Load(file).Tls;
        Assert.Equal((directory.Path + "/a.pem", "/b.pem"), (tls.CertificateFile, tls.KeyFile));
    }

    private static WebConfiguration Load(string text) => WebConfigurationLoader.LoadText(System.Text.Encoding.UTF8.GetBytes(text));
}
